import { useQueryClient } from '@tanstack/react-query';

/** People were joined, parted or taken away: whatever tells of leads, clients, deals and calls is asked for anew. */
export function useAfterPeople(): () => void {
  const client = useQueryClient();
  const touched = ['/v1/clients', '/v1/leads', '/v1/deals', '/v1/calls'];
  return () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.some((k) => typeof k === 'string' && touched.some((path) => k.startsWith(path))) });
}
