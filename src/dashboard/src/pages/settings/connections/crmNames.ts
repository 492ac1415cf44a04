import { queries } from '../../../api/client';
import { useMay } from '../../../app/session';

/** Names of the CRM's users, pipelines and stages, where the person may see where they stand; else ids are typed in. */
export function useCrmNames(connectionId: string) {
  const may = useMay();
  const people = queries.useQuery('get', '/v1/users/crm', {}, { enabled: may('people') });
  const funnel = queries.useQuery('get', '/v1/reports/funnel', {}, { enabled: may('reports'), staleTime: 300_000 });
  const pipelines = (typeof funnel.data === 'object' ? funnel.data.pipelines : []).filter((p) => p.connectionId === connectionId);
  return {
    users: (people.data?.items ?? []).filter((u) => u.connectionId === connectionId).map((u) => ({ value: Number(u.userId), label: `${u.name} (${u.userId})` })),
    pipelines: pipelines.map((p) => ({ value: Number(p.pipelineId), label: `${p.name} (${p.pipelineId})` })),
    stages: pipelines.flatMap((p) => p.total.steps.filter((s) => s.stageId).map((s) => ({ value: s.stageId, label: `${p.name}: ${s.name} (${s.stageId})` }))),
  };
}
