import { useQueryClient } from '@tanstack/react-query';
import { api, isProblem, queries, type Problem, type Schemas } from '../../../api/client';
import { useMay } from '../../../app/session';
import { useChange } from '../../../parts/change';
import { wordsOf } from '../../../parts/States';

export type Directories = Schemas['GetDirectoriesResponse'];
export type Pipeline = Directories['pipelines'][number];
export type Field = NonNullable<Directories['fields']>[number];

/** What the choices of a connection's settings know: nothing yet, nothing at all (then ids are typed in), or the CRM's own lists. */
export interface Known {
  readonly state: 'loading' | 'failed' | 'read';
  readonly data: Directories | undefined;
  /** In words, when the CRM could not be asked. */
  readonly why: string | undefined;
  readonly isAsking: boolean;
  /** Asks the CRM anew. */
  readonly again: () => Promise<void>;
}

const minutes = 60_000;

/** The service remembers what it has read for five minutes, and so does the page. A CRM that does not answer is not waited for again: a person may ask. */
export function useDirectories(id: string): Known {
  const may = useMay();
  const client = useQueryClient();
  const [act, isActing] = useChange();
  const path = { params: { path: { id } } };
  const query = queries.useQuery('get', '/v1/connections/{id}/directories', path, { enabled: may('settings'), staleTime: 5 * minutes, retry: false, refetchOnMount: (q) => q.state.status !== 'error' });
  const again = async (): Promise<void> => {
    const read = await act(api.GET('/v1/connections/{id}/directories', { params: { path: { id }, query: { fresh: true } } }));
    if (read?.data) client.setQueryData(queries.queryOptions('get', '/v1/connections/{id}/directories', path).queryKey, read.data);
  };
  const problem: unknown = query.error;
  return {
    state: query.data ? 'read' : query.isLoading ? 'loading' : 'failed',
    data: query.data,
    why: isProblem(problem) ? wordsOf(problem as Problem) : undefined,
    isAsking: query.isFetching || isActing,
    again,
  };
}

/** What a lead becomes in this CRM. */
export const cardOf = (of: Pick<Schemas['ConnectionAnswer'], 'crm' | 'settings'>): 'deal' | 'lead' => (of.crm === 'bitrix24' && of.settings.entity === 'lead' ? 'lead' : 'deal');

/** The pipelines that cards of this kind go to. */
export const pipelinesOf = (known: Known, card: 'deal' | 'lead'): readonly Pipeline[] => known.data?.pipelines.filter((p) => p.of === card) ?? [];

/** Where cards go when the settings name no pipeline: the main one, or the only one. */
export const pipelineAt = (pipelines: readonly Pipeline[], id: number | null | undefined): Pipeline | undefined =>
  id === null || id === undefined ? (pipelines.find((p) => p.isMain) ?? pipelines[0]) : pipelines.find((p) => p.id === String(id));

/** A field by what settings name it: its key, or amoCRM's id of it. */
export const fieldOf = (known: Known, card: 'deal' | 'lead', name: string | undefined): Field | undefined =>
  name ? known.data?.fields?.find((f) => f.of === card && (f.key.toLowerCase() === name.toLowerCase() || f.id === name)) : undefined;

/** Names for ids that stand in a decision; an id that the CRM does not know, or that cannot be asked for, stays as it is. */
export function namesOf(known: Known, card: 'deal' | 'lead') {
  const pipelines = pipelinesOf(known, card);
  return {
    pipeline: (id: number): string => pipelines.find((p) => p.id === String(id))?.name || `id ${id}`,
    stage: (id: string, pipelineId?: number | null): string => (pipelineAt(pipelines, pipelineId)?.stages ?? []).concat(pipelines.flatMap((p) => p.stages)).find((s) => s.id === id)?.name ?? `id ${id}`,
    user: (id: number): string => known.data?.users?.find((u) => u.id === String(id))?.name ?? `id ${id}`,
    field: (key: string | null | undefined): string => fieldOf(known, card, key ?? undefined)?.name ?? key ?? '',
    /** Bitrix24 takes values of a list by their ids. */
    value: (key: string | null | undefined, value: string | null | undefined): string => fieldOf(known, card, key ?? undefined)?.choices.find((c) => c.value === value)?.name ?? value ?? '',
  };
}
