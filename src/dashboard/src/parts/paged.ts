import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask, type Problem, type Query } from '../api/client';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * A list by cursor, page after page: `const list = usePaged<Schemas['LeadAnswer']>('/v1/leads', { status })`.
 * Feed `list` to <PagedTable>, or take `list.items` and `list.more()`. What a page says beside its rows (`More`) is that of `list.first`.
 */
export function usePaged<T, More extends object = object>(path: string, query: Query = {}, enabled = true) {
  const asked = useInfiniteQuery<Page<T> & More, Problem, { pages: (Page<T> & More)[] }, readonly unknown[], string | null>({
    queryKey: ['paged', path, query],
    enabled,
    initialPageParam: null,
    getNextPageParam: (page) => page.nextCursor,
    queryFn: ({ pageParam, signal }) => ask<Page<T> & More>(path, { limit: 100, ...query, cursor: pageParam }, signal),
  });
  const items = useMemo(() => asked.data?.pages.flatMap((p) => p.items) ?? [], [asked.data]);
  return {
    items,
    first: asked.data?.pages[0],
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
