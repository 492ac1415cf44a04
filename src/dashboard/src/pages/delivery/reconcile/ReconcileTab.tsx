import { Alert, Button, Flex, Select, Tag, Typography } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { useOpenProject } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { countDays } from '../../../parts/days';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';
import { RangeBar, useAddress, useRange } from '../../../parts/range';
import { Said } from '../../../parts/Said';
import { LastComparison } from './LastComparison';

const texts = defineTexts(
  {
    about: 'Чего не хватает с той или другой стороны: у нас или в CRM. Каждую ночь сверяются последние 30 дней.', run: 'Сверить сейчас', done: 'Сверка закончена', kind: 'Что не так', all: 'Всё', connection: 'Подключение', allConnections: 'Все подключения', open: 'Не решено', resolved: 'Решено', state: 'Состояние', day: 'День', detail: 'Что известно', first: 'Впервые', last: 'В последний раз', go: 'Открыть', lead: 'Заявка', deal: 'В CRM: {{id}}',
    lead_without_card: 'Заявка без карточки в CRM', card_without_deal: 'Карточки больше нет в CRM', deal_without_lead: 'Сделка с номером заявки, которой у нас нет', call_without_lead: 'Звонок без заявки', lead_by_hand: 'Менеджер завёл вручную то, что пришло само',
    empty: 'Ничего не потерялось: обе стороны сходятся.', never: 'Сверки ещё не было: запустите её сейчас или дождитесь ночи.', resolvedAt: 'решено {{at}}', notChecked: 'Журналы этих провайдеров не читаются: звонок, о котором не пришло ни одного сообщения, здесь не виден: {{names}}.', tooLong: 'Сверить можно не больше 92 дней.',
  },
  {
    about: 'What is missing on either side: here or in the CRM. The last 30 days are compared every night.', run: 'Compare now', done: 'The comparison is done', kind: 'What is wrong', all: 'Everything', connection: 'Connection', allConnections: 'All connections', open: 'Open', resolved: 'Resolved', state: 'State', day: 'Day', detail: 'What is known', first: 'First', last: 'Last', go: 'Open', lead: 'Lead', deal: 'In the CRM: {{id}}',
    lead_without_card: 'A lead without a card in the CRM', card_without_deal: 'The card is in the CRM no more', deal_without_lead: 'A deal with the id of a lead that is not here', call_without_lead: 'A call without a lead', lead_by_hand: 'A manager typed in what had come by itself',
    empty: 'Nothing is lost: both sides agree.', never: 'There was no comparison yet: run it now or wait for the night.', resolvedAt: 'resolved {{at}}', notChecked: 'The journals of these providers are not read: a call of which no message came is not seen here: {{names}}.', tooLong: 'At most 92 days can be compared.',
  },
);

const kinds = ['lead_without_card', 'card_without_deal', 'deal_without_lead', 'call_without_lead', 'lead_by_hand'] as const;
type Finding = Schemas['ListFindingsFindingAnswer'];

export default function ReconcileTab() {
  const t = texts.use();
  const f = useFormats();
  const project = useOpenProject();
  const range = useRange();
  const [get, set] = useAddress();
  const [act, isBusy] = useChange();
  const client = useQueryClient();
  const [ran, setRan] = useState<Schemas['RunReconcileResponse']>();
  const connections = queries.useQuery('get', '/v1/connections', { params: { query: { limit: 200 } } });
  const summary = queries.useQuery('get', '/v1/reconcile', { params: { query: { limit: 1 } } });
  const list = usePaged<Finding>('/v1/reconcile', { from: range.from, to: range.to, kind: get('kind'), connectionId: get('connection'), resolved: get('resolved') ? true : undefined });
  const nameOf = (id: string | null | undefined): string => connections.data?.items.find((c) => c.id === id)?.name ?? f.none;
  const kindOf = (kind: string): string => {
    const known = kinds.find((k) => k === kind);
    return known ? t(known) : kind;
  };
  const isTooLong = countDays(range.from, range.to) > 92;
  const run = async (): Promise<void> => {
    const answer = await act(api.POST('/v1/reconcile', { body: { from: range.from, to: range.to } }), { done: t('done'), touches: ['/v1/reconcile'] });
    if (answer?.data) setRan(answer.data);
    void client.invalidateQueries({ queryKey: ['get', '/v1/alerts'] });
  };
  const unchecked = summary.data?.notCheckable ?? [];

  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary" style={{ flex: '1 1 300px' }}>
          {t('about')}
        </Typography.Text>
        <Flex wrap gap={8} align="center">
          <RangeBar />
          <Button type="primary" loading={isBusy} disabled={isTooLong} title={isTooLong ? t('tooLong') : undefined} onClick={() => void run()}>
            {t('run')}
          </Button>
        </Flex>
      </Flex>
      {isTooLong && <Alert type="info" showIcon title={t('tooLong')} />}
      {summary.data && !summary.data.lastComparison && !ran && <Alert type="info" showIcon title={t('never')} />}
      <LastComparison last={summary.data?.lastComparison ?? null} ran={ran} nameOf={nameOf} kindOf={kindOf} />
      <Flex wrap gap={8}>
        <Select aria-label={t('kind')} value={get('kind')} onChange={(v) => set({ kind: v })} style={{ minWidth: 220, maxWidth: '100%' }} popupMatchSelectWidth={false} options={[{ value: '', label: t('all') }, ...kinds.map((value) => ({ value, label: t(value) }))]} />
        <Select
          aria-label={t('connection')}
          value={get('connection')}
          onChange={(v) => set({ connection: v })}
          style={{ minWidth: 190 }}
          options={[{ value: '', label: t('allConnections') }, ...(connections.data?.items ?? []).map((c) => ({ value: c.id, label: c.name }))]}
        />
        <Select
          aria-label={t('state')}
          value={get('resolved')}
          onChange={(v) => set({ resolved: v })}
          style={{ minWidth: 130 }}
          options={[
            { value: '', label: t('open') },
            { value: '1', label: t('resolved') },
          ]}
        />
      </Flex>
      <PagedTable
        list={list}
        empty={summary.data?.lastComparison || ran ? t('empty') : t('never')}
        columns={[
          { title: t('kind'), render: (_, x) => kindOf(x.kind) },
          { title: t('day'), render: (_, x) => f.day(x.day) },
          { title: t('connection'), render: (_, x) => x.connectionName ?? f.none },
          {
            title: t('detail'),
            render: (_, x) => (
              <span className="breakable" style={{ display: 'inline-block', maxWidth: 420 }}>
                <Said of={x.detail} />
              </span>
            ),
          },
          {
            title: t('go'),
            render: (_, x) => (
              <Flex wrap gap={8}>
                {x.leadId && <Link to={`/p/${project.id}/leads/${x.leadId}`}>{t('lead')}</Link>}
                {x.remoteId && <span>{t('deal', { id: x.remoteId })}</span>}
              </Flex>
            ),
          },
          { title: t('first'), render: (_, x) => f.moment(x.firstSeenAt) },
          { title: t('last'), render: (_, x) => (x.resolvedAt ? <Tag color="green">{t('resolvedAt', { at: f.moment(x.resolvedAt) })}</Tag> : f.moment(x.lastSeenAt)) },
        ]}
      />
      {unchecked.length > 0 && <Typography.Text type="secondary">{t('notChecked', { names: unchecked.map((s) => s.name).join(', ') })}</Typography.Text>}
    </div>
  );
}
