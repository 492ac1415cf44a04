import { useQueries } from '@tanstack/react-query';
import { queries } from '../../../api/client';

interface Person {
  /** `connectionId/userId`. */
  readonly value: string;
  readonly label: string;
}

/** Users of all connected CRMs as the CRMs name them now; of one that does not answer, those whom the service knows from its deals. */
export function useCrmPeople(isWanted: boolean): { readonly all: readonly Person[]; readonly unread: readonly string[]; readonly isPending: boolean } {
  const connections = queries.useQuery('get', '/v1/connections', { params: { query: { limit: 200 } } }, { enabled: isWanted });
  const mirrored = queries.useQuery('get', '/v1/users/crm', {}, { enabled: isWanted });
  const items = connections.data?.items ?? [];
  const asked = useQueries({
    queries: items.map((c) => ({ ...queries.queryOptions('get', '/v1/connections/{id}/directories', { params: { path: { id: c.id } } }), enabled: isWanted, staleTime: 300_000, retry: false })),
  });
  const all = items.flatMap((c, i): Person[] => {
    // One person may be called the same in every CRM.
    const person = (id: string, name: string): Person => ({ value: `${c.id}/${id}`, label: `${name} · ${c.name}` });
    const told = asked[i]?.data?.users?.filter((u) => u.isActive).map((u) => person(u.id, u.name));
    const seen = (mirrored.data?.items ?? []).filter((u) => u.connectionId === c.id).map((u) => person(u.userId, u.name));
    // Who has left still answers for old deals.
    return told ? [...told, ...seen.filter((s) => !told.some((x) => x.value === s.value))] : seen;
  });
  return {
    all,
    unread: items.filter((_, i) => asked[i]?.isError === true || (asked[i]?.data && !asked[i].data.users)).map((c) => c.name),
    isPending: connections.isLoading || mirrored.isLoading || asked.some((q) => q.isLoading),
  };
}
