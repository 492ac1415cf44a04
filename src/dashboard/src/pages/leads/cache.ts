import { useQueryClient, type InfiniteData, type QueryKey } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../../api/client';
import type { Lead } from './filters';

interface Page {
  readonly items: readonly Lead[];
  readonly nextCursor: string | null;
}
type Pages = InfiniteData<Page, string | null>;

const lists = ['paged', '/v1/leads'] as const;
const oneOf = (id: string): QueryKey => queries.queryOptions('get', '/v1/leads/{id}', { params: { path: { id } } }).queryKey;

/** What the page knows of leads, kept as news comes: a list is not asked for again because one of its rows changed. */
export function useLeadCache() {
  const client = useQueryClient();
  return useMemo(
    () => ({
      /** A lead as it is now, wherever it stands. */
      put(lead: Lead): void {
        client.setQueryData(oneOf(lead.id), lead);
        client.setQueriesData<Pages>({ queryKey: lists }, (data) =>
          data?.pages.some((p) => p.items.some((l) => l.id === lead.id))
            ? { ...data, pages: data.pages.map((p) => ({ ...p, items: p.items.map((l) => (l.id === lead.id ? lead : l)) })) }
            : data,
        );
      },
      /** New leads on top of one list. */
      add(query: object, leads: readonly Lead[]): void {
        client.setQueryData<Pages>([...lists, query], (data) => {
          const first = data?.pages[0];
          if (!data || !first) return data;
          const known = new Set(data.pages.flatMap((p) => p.items.map((l) => l.id)));
          const fresh = leads.filter((l) => !known.has(l.id)).sort((a, b) => (a.id < b.id ? 1 : -1));
          return { ...data, pages: [{ ...first, items: [...fresh, ...first.items] }, ...data.pages.slice(1)] };
        });
      },
      find: (id: string): Lead | undefined => client.getQueriesData<Pages>({ queryKey: lists }).flatMap(([, data]) => data?.pages.flatMap((p) => p.items) ?? []).find((l) => l.id === id),
      /** What hangs on a lead without being it. */
      refreshAround(lead: { id: string; clientId?: string | null | undefined }): void {
        const touched = ['/v1/clients', '/v1/deliveries'];
        void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.some((k) => typeof k === 'string' && touched.some((path) => k.startsWith(path))) });
        void client.invalidateQueries({ queryKey: oneOf(lead.id) });
      },
      refreshLists: (): void => void client.invalidateQueries({ queryKey: lists }),
    }),
    [client],
  );
}
