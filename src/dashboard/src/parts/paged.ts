import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call, type Problem } from '../api/client';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

type Query = Record<string, string | number | boolean | null | undefined>;

/**
 * A list by cursor, page after page: `const list = usePaged<Schemas['LeadAnswer']>('/v1/leads', { status })`.
 * Feed `list` to <PagedTable>, or take `list.items` and `list.more()`.
 */
export function usePaged<T>(path: string, query: Query = {}, enabled = true) {
  const asked = useInfiniteQuery<Page<T>, Problem, { pages: Page<T>[] }, readonly unknown[], string | null>({
    queryKey: ['paged', path, query],
    enabled,
    initialPageParam: null,
    getNextPageParam: (page) => page.nextCursor,
    queryFn: async ({ pageParam, signal }) => {
      const all: Query = { limit: 100, ...query, cursor: pageParam };
      const search = new URLSearchParams(Object.entries(all).filter((e) => e[1] !== null && e[1] !== undefined && e[1] !== '').map(([k, v]) => [k, String(v)]));
      const answer = await call(new URL(`${path}?${search}`, location.origin).href, { signal });
      const body: unknown = await answer.json().catch(() => ({ status: answer.status }));
      if (!answer.ok) throw body as Problem;
      return body as Page<T>;
    },
  });
  const items = useMemo(() => asked.data?.pages.flatMap((p) => p.items) ?? [], [asked.data]);
  return {
    items,
    data: asked.data && items,
    error: asked.error,
    isPending: asked.isPending,
    isMore: asked.isFetchingNextPage,
    hasMore: asked.hasNextPage,
    more: () => void (asked.hasNextPage && !asked.isFetchingNextPage && asked.fetchNextPage()),
    refetch: asked.refetch,
  };
}

export type Paged<T> = ReturnType<typeof usePaged<T>>;
