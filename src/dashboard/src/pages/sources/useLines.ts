import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { queries, type Schemas } from '../../api/client';
import type { Asked } from './asked';
import type { Figures } from './figures';

export type Node = Schemas['GetSourcesNode'];

/** A line of the table: a row of the report, or what stands in for rows that are not here. */
export type Line =
  | { readonly kind: 'row'; readonly id: string; readonly depth: number; readonly node: Node; readonly isOpen: boolean }
  | { readonly kind: 'others'; readonly id: string; readonly depth: number; readonly parent: string; readonly figures: Figures; readonly shown: number }
  | { readonly kind: 'waiting'; readonly id: string; readonly depth: number; readonly parent: string }
  | { readonly kind: 'failed'; readonly id: string; readonly depth: number; readonly parent: string };

/** Rows of a level at first, and the most that the service gives at once. */
const fewRows = 1_000;
export const mostRows = 100_000;
const root = '';

// Comparing an old answer of fifty thousand rows with a new one costs more than drawing the thirty that are in sight.
const optionsOf = (asked: Asked, parent: string, limit: number) =>
  queries.queryOptions('get', '/v1/reports/sources', { params: { query: { ...asked.query, ...(asked.isFlat ? { flat: true } : {}), ...(parent ? { parent } : {}), limit } } }, { structuralSharing: false });

/** The report as lines one under another: levels are fetched when a person opens them, so that a table of any size begins at once. */
export function useLines(asked: Asked) {
  const what = JSON.stringify([asked.query.groupBy, asked.isFlat]);
  // Keys of rows mean something only under the levels that they came with.
  const [state, setState] = useState<{ what: string; open: readonly string[]; limits: Readonly<Record<string, number>> }>({ what, open: [], limits: {} });
  const current = state.what === what ? state : { what, open: [], limits: {} };
  const parents = [root, ...current.open];
  // What was there stays in sight while another question is answered.
  const first = useQuery({ ...optionsOf(asked, root, current.limits[root] ?? fewRows), placeholderData: keepPreviousData });
  const answers = [first, ...useQueries({ queries: current.open.map((p) => optionsOf(asked, p, current.limits[p] ?? fewRows)) })];
  const stamp = answers.map((a) => `${a.dataUpdatedAt}${a.status}`).join();

  const lines = useMemo(() => {
    const made: Line[] = [];
    const byParent = new Map(parents.map((p, i) => [p, answers[i]!]));
    const add = (parent: string, depth: number): void => {
      const answer = byParent.get(parent);
      if (!answer?.data) {
        if (answer && parent !== root) made.push({ kind: answer.isError ? 'failed' : 'waiting', id: `${parent}\nstate`, depth, parent });
        return;
      }
      for (const node of answer.data.rows) {
        const isOpen = node.hasChildren && byParent.has(node.key);
        made.push({ kind: 'row', id: node.key, depth, node, isOpen });
        if (isOpen) add(node.key, depth + 1);
      }
      if (answer.data.others) made.push({ kind: 'others', id: `${parent}\nothers`, depth, parent, figures: answer.data.others, shown: answer.data.rows.length });
    };
    add(root, 0);
    return made;
    // `answers` is new at every drawing; `stamp` says when something in it is.
  }, [what, stamp, current.open, current.limits]);

  const change = useCallback((turn: (s: { open: readonly string[]; limits: Readonly<Record<string, number>> }) => { open?: readonly string[]; limits?: Readonly<Record<string, number>> }) => {
    setState((s) => {
      const now = s.what === what ? s : { what, open: [], limits: {} };
      return { ...now, ...turn(now) };
    });
  }, [what]);

  return {
    first,
    lines,
    hasOpen: current.open.length > 0,
    toggle: useCallback((key: string) => change((s) => ({ open: s.open.includes(key) ? s.open.filter((k) => k !== key && !k.startsWith(`${key}/`)) : [...s.open, key] })), [change]),
    closeAll: useCallback(() => change(() => ({ open: [] })), [change]),
    more: useCallback((parent: string) => change((s) => ({ limits: { ...s.limits, [parent]: Math.min((s.limits[parent] ?? fewRows) * 100, mostRows) } })), [change]),
    retry: (parent: string) => void answers[parents.indexOf(parent)]?.refetch(),
  };
}
