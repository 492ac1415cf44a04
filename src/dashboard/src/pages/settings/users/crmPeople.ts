import { useQueries } from '@tanstack/react-query';
import { queries } from '../../../api/client';

interface Group {
  readonly name: string;
  /** `connectionId/userId`. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Users of all connected CRMs as the CRMs name them now; of one that does not answer, those whom the service knows from its deals. */
export function useCrmPeople(isWanted: boolean): { readonly groups: readonly Group[]; readonly unread: readonly string[]; readonly isPending: boolean } {
  const connections = queries.useQuery('get', '/v1/connections', { params: { query: { limit: 200 } } }, { enabled: isWanted });
  const mirrored = queries.useQuery('get', '/v1/users/crm', {}, { enabled: isWanted });
  const items = connections.data?.items ?? [];
  const asked = useQueries({
    queries: items.map((c) => ({ ...queries.queryOptions('get', '/v1/connections/{id}/directories', { params: { path: { id: c.id } } }), enabled: isWanted, staleTime: 300_000, retry: false })),
  });
  const groups = items.map((c, i): Group => {
    const told = asked[i]?.data?.users?.filter((u) => u.isActive).map((u) => ({ value: `${c.id}/${u.id}`, label: u.name }));
    const seen = (mirrored.data?.items ?? []).filter((u) => u.connectionId === c.id).map((u) => ({ value: `${c.id}/${u.userId}`, label: u.name }));
    // Who has left still answers for old deals.
    return { name: c.name, options: told ? [...told, ...seen.filter((s) => !told.some((x) => x.value === s.value))] : seen };
  });
  return {
    groups: groups.filter((g) => g.options.length > 0),
    unread: items.filter((_, i) => asked[i]?.isError === true || (asked[i]?.data && !asked[i].data.users)).map((c) => c.name),
    isPending: connections.isLoading || mirrored.isLoading || asked.some((q) => q.isLoading),
  };
}
