import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call, type Problem } from '../api/client';
import { Answer } from './States';

export type ReportQuery = Record<string, string | number | boolean | null | undefined>;

/**
 * A report, whose route also gives files and so has no one shape in the description: `useReport<Schemas['GetFunnelResponse']>('/v1/reports/funnel', query)`.
 * While another period is fetched the one before stays, marked as such: see {@link Shown}.
 */
export function useReport<T>(path: string, query: ReportQuery = {}, enabled = true) {
  return useQuery<T, Problem>({
    queryKey: ['report', path, query],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const search = new URLSearchParams(Object.entries(query).filter((e) => e[1] !== null && e[1] !== undefined && e[1] !== '').map(([k, v]) => [k, String(v)]));
      const answer = await call(new URL(`${path}?${search}`, location.origin).href, { signal });
      const body: unknown = await answer.json().catch(() => ({ status: answer.status }));
      if (!answer.ok) throw body as Problem;
      return body as T;
    },
  });
}

/** Shows a report, dimmed while it is that of the question before. */
export function Shown<T>({ of, rows, children }: { of: ReturnType<typeof useReport<T>>; rows?: number; children: (data: T) => ReactNode }) {
  return (
    <Answer of={of} rows={rows}>
      {(data) => (
        <div className="stack" aria-busy={of.isPlaceholderData} style={of.isPlaceholderData ? { opacity: 0.55 } : undefined}>
          {children(data)}
        </div>
      )}
    </Answer>
  );
}

