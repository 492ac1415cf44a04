import { useMemo } from 'react';
import { queries } from '../../api/client';
import { countDays, periodsOf } from '../../parts/days';
import type { Asked } from './asked';

export interface TrendValues {
  readonly leads: readonly number[];
  readonly revenue: readonly number[];
}

/** More lines than these would be an answer of megabytes. */
const mostLines = 40;

/** Leads and revenue over time of the rows of the first level: one question for all of them, asked only when such a column is shown. */
export function useTrends(asked: Asked, rows: number, isWanted: boolean): ReadonlyMap<string, TrendValues> {
  const first = asked.groups[0]!;
  const isTime = first === 'day' || first === 'week' || first === 'month';
  const { from = '', to = '' } = asked.query;
  const days = countDays(from, to);
  const step = days <= 31 ? 'day' : days <= 200 ? 'week' : 'month';
  const query = { ...asked.query, groupBy: `${first},${step}`, flat: true, limit: 5_000 };
  delete query.sort;
  delete query.compare;
  const answer = queries.useQuery('get', '/v1/reports/sources', { params: { query } }, { enabled: isWanted && !isTime && !asked.isFlat && rows > 0 && rows <= mostLines && days > 1, staleTime: 60_000 });

  return useMemo(() => {
    const places = periodsOf(from, to, step);
    const made = new Map<string, { leads: number[]; revenue: number[] }>();
    for (const row of answer.data?.rows ?? []) {
      const at = places.indexOf(row.values[1] ?? '');
      const key = row.key.split('/')[0] ?? '';
      if (at < 0) continue;
      let line = made.get(key);
      if (!line) made.set(key, (line = { leads: places.map(() => 0), revenue: places.map(() => 0) }));
      line.leads[at] = row.figures.leads;
      line.revenue[at] = row.figures.revenue;
    }
    return made;
  }, [answer.data, step, from, to]);
}
