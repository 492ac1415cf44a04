import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../../api/client';
import type { Asked, SourcesQuery } from './asked';
import type { Dimension } from './dimensions';
import type { Line } from './useLines';

/** Groups that go by ids; the service names only the last one of a row. */
const named: readonly Dimension[] = ['campaign', 'site', 'manager', 'pipeline'];

/** Names of what stands above a row: in a tree the rows above know them, in a flat list they are asked for. */
export function useLabels(asked: Asked, lines: readonly Line[]): (dimension: Dimension, key: string, value: string | null) => string | null {
  const wanted = asked.isFlat ? asked.groups.slice(0, -1).filter((d) => named.includes(d)) : [];
  const { sort: _, compare: __, ...rest } = asked.query;
  const answers = useQueries({
    queries: wanted.map((d) => queries.queryOptions('get', '/v1/reports/sources', { params: { query: { ...rest, groupBy: d, limit: 10_000 } satisfies SourcesQuery } }, { staleTime: 60_000, structuralSharing: false })),
  });
  const stamp = `${wanted.join()} ${answers.map((a) => a.dataUpdatedAt).join()}`;
  return useMemo(() => {
    const byKey = new Map<string, string>();
    const byValue = new Map<string, string>();
    if (!asked.isFlat) for (const line of lines) if (line.kind === 'row' && line.node.label) byKey.set(line.id, line.node.label);
    wanted.forEach((d, i) => answers[i]?.data?.rows.forEach((r) => r.label && byValue.set(`${d}\n${r.values[0] ?? ''}`, r.label)));
    return (dimension, key, value) => byKey.get(key) ?? byValue.get(`${dimension}\n${value ?? ''}`) ?? value;
    // `answers` is new at every drawing; `stamp` says when something in it is.
  }, [asked.isFlat, lines, stamp]);
}
