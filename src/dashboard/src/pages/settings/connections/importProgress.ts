import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { addressOf, queries, type Schemas } from '../../../api/client';

type Progress = Schemas['ImportProgress'];

const moving = ['waiting', 'running'];

/** How far the reading of the CRM is: told by the service as it moves, for as long as it does. */
export function useImportProgress(id: string) {
  const client = useQueryClient();
  const query = queries.useQuery('get', '/v1/connections/{id}/import', { params: { path: { id } } });
  const isMoving = moving.includes(query.data?.state ?? '') || moving.includes(query.data?.deals?.state ?? '');
  const { refetch } = query;

  useEffect(() => {
    if (!isMoving) return;
    const source = new EventSource(addressOf(`/v1/connections/${id}/import/events`));
    source.addEventListener('progress', (e: MessageEvent<string>) => {
      const { queryKey } = queries.queryOptions('get', '/v1/connections/{id}/import', { params: { path: { id } } });
      client.setQueryData(queryKey, JSON.parse(e.data) as Progress);
    });
    // The service closes the stream when the reading is over; the last word is asked for once more.
    source.onerror = () => void refetch();
    return () => source.close();
  }, [isMoving, id, client, refetch]);
  return { query, isMoving };
}
