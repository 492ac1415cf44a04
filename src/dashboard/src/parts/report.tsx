import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask, type Problem, type Query } from '../api/client';
import { Answer } from './States';

/**
 * A report, whose route also gives files and so has no one shape in the description: `useReport<Schemas['GetFunnelResponse']>('/v1/reports/funnel', query)`.
 * While another period is fetched the one before stays, marked as such: see {@link Shown}.
 */
export function useReport<T>(path: string, query: Query = {}, enabled = true) {
  return useQuery<T, Problem>({
    queryKey: ['report', path, query],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => ask<T>(path, query, signal),
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
