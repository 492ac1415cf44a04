import { Button, Flex, Select, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { useOpenProject } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { deliveryStates, DeliveryTag, useLeadWords } from '../../../parts/leadWords';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';
import { useAddress } from '../../../parts/range';
import { useOpened } from '../../../parts/RoomTabs';
import { Said } from '../../../parts/Said';
import { DeliveryCard } from './DeliveryCard';
import { RetryMany } from './RetryMany';
import { wordTexts } from './words';

const texts = defineTexts(
  {
    state: 'Состояние', all: 'Все', connection: 'Подключение', allConnections: 'Все подключения', retry: 'Отправить снова всё, что не доставлено', kind: 'Что', attempts: 'Попыток', next: 'Следующая', sent: 'Отправлено', delivered: 'Доставлено', error: 'Последняя ошибка', lead: 'Заявка', open: 'Открыть заявку', oneLead: 'Одной заявки', allLeads: 'Показать все',
    empty: 'Доставок с такими условиями нет.', refresh: 'Обновить',
  },
  {
    state: 'State', all: 'All', connection: 'Connection', allConnections: 'All connections', retry: 'Send all again that was not delivered', kind: 'What', attempts: 'Attempts', next: 'Next', sent: 'Sent', delivered: 'Delivered', error: 'Last error', lead: 'Lead', open: 'Open the lead', oneLead: 'Of one lead', allLeads: 'Show all',
    empty: 'There are no deliveries like that.', refresh: 'Refresh',
  },
);

export default function QueueTab() {
  const t = texts.use();
  const w = wordTexts.use();
  const word = useLeadWords();
  const f = useFormats();
  const project = useOpenProject();
  const [get, set] = useAddress();
  const [opened, open] = useOpened('delivery', 'queue', true);
  const [isRetrying, setRetrying] = useState(false);
  const connections = queries.useQuery('get', '/v1/connections', { params: { query: { limit: 200 } } });
  const list = usePaged<Schemas['DeliveryAnswer']>('/v1/deliveries', { state: get('state'), connectionId: get('connection'), leadId: get('lead') });
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between">
        <Flex wrap gap={8} align="center">
          <Select aria-label={t('state')} value={get('state')} onChange={(v) => set({ state: v })} style={{ minWidth: 160 }} options={[{ value: '', label: t('all') }, ...deliveryStates.map((value) => ({ value, label: word(value) }))]} />
          <Select
            aria-label={t('connection')}
            value={get('connection')}
            onChange={(v) => set({ connection: v })}
            style={{ minWidth: 190 }}
            options={[{ value: '', label: t('allConnections') }, ...(connections.data?.items ?? []).map((c) => ({ value: c.id, label: c.name }))]}
          />
          {get('lead') && (
            <Button onClick={() => set({ lead: undefined })}>
              {t('oneLead')} · {t('allLeads')}
            </Button>
          )}
          <Button onClick={() => void list.refetch()}>{t('refresh')}</Button>
        </Flex>
        <Button onClick={() => setRetrying(true)}>{t('retry')}</Button>
      </Flex>
      <PagedTable
        list={list}
        empty={t('empty')}
        onOpen={(d) => open(d.id)}
        columns={[
          { title: t('state'), render: (_, d) => <DeliveryTag state={d.state} /> },
          { title: t('connection'), render: (_, d) => d.connectionName ?? f.none },
          { title: t('kind'), render: (_, d) => w(d.kind as 'deal') },
          { title: t('attempts'), align: 'right', className: 'numbers', render: (_, d) => f.count(d.attempts) },
          { title: t('sent'), render: (_, d) => f.moment(d.sentAt) },
          { title: t('delivered'), render: (_, d) => f.moment(d.deliveredAt) },
          { title: t('next'), render: (_, d) => f.moment(d.nextAttemptAt) },
          {
            title: t('error'),
            render: (_, d) => (
              <Typography.Text className="breakable" style={{ display: 'inline-block', maxWidth: 360 }}>
                {d.lastError ? <Said of={d.lastError} /> : f.none}
              </Typography.Text>
            ),
          },
          {
            title: t('lead'),
            render: (_, d) => (
              <Link to={`/p/${project.id}/leads/${d.leadId}`} onClick={(e) => e.stopPropagation()}>
                {t('open')}
              </Link>
            ),
          },
        ]}
      />
      {opened && <DeliveryCard id={opened} onClose={() => open()} />}
      {isRetrying && <RetryMany connections={connections.data?.items ?? []} connectionId={get('connection')} onClose={() => setRetrying(false)} />}
    </div>
  );
}
