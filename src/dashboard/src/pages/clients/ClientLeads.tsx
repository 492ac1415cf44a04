import { Flex, type TableColumnsType } from 'antd';
import { useNavigate } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useCallWords } from '../../parts/calls';
import { DeliveryTag, StatusTag } from '../../parts/leadWords';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { SourceLine } from '../../parts/passport';
import { LeadLink, usePlace } from '../../parts/PersonLinks';
import { hasRecording, Recording } from '../../parts/Recording';

type Lead = Schemas['LeadAnswer'];
type Call = Schemas['CallAnswer'];

const texts = defineTexts(
  {
    at: 'Время', source: 'Откуда', status: 'Статус', crm: 'CRM', call: 'Звонок', talk: 'Разговор', who: 'Ответил', leads: 'Заявки клиента', calls: 'Звонки клиента', noLeads: 'Заявок от этого клиента ещё не было.', noCalls: 'Звонков с этим клиентом ещё не было.', recording: 'Запись',
  },
  {
    at: 'Time', source: 'Where from', status: 'Status', crm: 'CRM', call: 'Call', talk: 'Talked', who: 'Answered by', leads: 'Leads of the client', calls: 'Calls of the client', noLeads: 'No leads of this client yet.', noCalls: 'No calls with this client yet.', recording: 'Recording',
  },
);

export function ClientLeads({ clientId }: { clientId: string }) {
  const t = texts.use();
  const f = useFormats();
  const place = usePlace();
  const navigate = useNavigate();
  const list = usePaged<Lead>('/v1/leads', { clientId, limit: 50 });
  const columns: TableColumnsType<Lead> = [
    { title: t('at'), render: (_, l) => <span className="numbers">{f.moment(l.receivedAt)}</span> },
    { title: t('source'), render: (_, l) => <SourceLine of={l.passport} /> },
    { title: t('status'), render: (_, l) => <StatusTag of={l.status} isPlain /> },
    { title: t('crm'), render: (_, l) => <Flex vertical gap={4} align="start">{l.deliveries.length === 0 ? f.none : l.deliveries.map((d) => <DeliveryTag key={d.id} state={d.state} crm={d.crm ?? null} />)}</Flex> },
  ];
  return <PagedTable<Lead> list={list} size="small" scroll={{ x: 500 }} aria-label={t('leads')} columns={columns} empty={t('noLeads')} onOpen={(l) => void navigate(place.lead(l.id))} />;
}

export function ClientCalls({ clientId }: { clientId: string }) {
  const t = texts.use();
  const f = useFormats();
  const words = useCallWords();
  const list = usePaged<Call>('/v1/calls', { clientId, limit: 50 });
  const columns: TableColumnsType<Call> = [
    { title: t('at'), render: (_, c) => <span className="numbers">{f.moment(c.startedAt ?? c.firstSeenAt)}</span> },
    { title: t('call'), render: (_, c) => {
      const name = `${words.direction(c.direction)}, ${words.outcome(c.outcome)}`;
      return c.leadId ? <LeadLink id={c.leadId}>{name}</LeadLink> : name;
    } },
    { title: t('who'), render: (_, c) => c.employee ?? f.none },
    { title: t('talk'), align: 'right', render: (_, c) => <span className="numbers">{f.span(c.talkSeconds)}</span> },
  ];
  return (
    <PagedTable<Call>
      list={list}
      size="small"
      aria-label={t('calls')}
      columns={columns}
      empty={t('noCalls')}
      expandable={{ columnTitle: t('recording'), columnWidth: 80, rowExpandable: (c) => hasRecording(c), expandedRowRender: (c) => <Recording of={c} /> }}
    />
  );
}
