import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask, type Problem, type Query } from '../api/client';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

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
    queryFn: ({ pageParam, signal }) => ask<Page<T>>(path, { limit: 100, ...query, cursor: pageParam }, signal),
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
