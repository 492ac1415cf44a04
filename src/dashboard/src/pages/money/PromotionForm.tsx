import { Form, Input, InputNumber, Select, Skeleton } from 'antd';
import { api, queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useChange } from '../../parts/change';
import { DayItem, FormModal, Pair, useNeeded } from '../../parts/forms';

type Body = Schemas['PromotionAnswerRequest'];

const texts = defineTexts(
  {
    new: 'Новая акция', edit: 'Акция', name: 'Название', tagKind: 'Где стоит метка', tag: 'Метка', tagHelp: 'Как в ссылках акции: по ней узнаются заявки, сделки и расход.', source: 'utm_source — источник', medium: 'utm_medium — тип', campaign: 'utm_campaign — кампания', content: 'utm_content — объявление', keyword: 'utm_term — фраза',
    goal: 'Цель', target: 'Цель, число', targetHelp: 'Если она не задана планом ниже.', from: 'Первый день', to: 'Последний день', leads: 'План: заявки', clients: 'План: клиенты', revenue: 'План: выручка', budget: 'План: бюджет', actual: 'Расход по факту', actualHelp: 'Если о нём не знает ни один кабинет: заменит расход по метке.',
    responsible: 'Ответственный', description: 'Описание', g_leads: 'Заявки', g_clients: 'Клиенты', g_deals: 'Сделки', g_revenue: 'Выручка', g_checks: 'Средний чек', g_frequency: 'Покупок на клиента', g_reach: 'Охват (визиты)',
  },
  {
    new: 'New promotion', edit: 'Promotion', name: 'Name', tagKind: 'Where the tag stands', tag: 'Tag', tagHelp: 'As in the promotion’s links: its leads, deals and spend are known by it.', source: 'utm_source', medium: 'utm_medium', campaign: 'utm_campaign', content: 'utm_content', keyword: 'utm_term',
    goal: 'Goal', target: 'Goal, a number', targetHelp: 'Where no plan below says it.', from: 'First day', to: 'Last day', leads: 'Plan: leads', clients: 'Plan: clients', revenue: 'Plan: revenue', budget: 'Plan: budget', actual: 'Actual spend', actualHelp: 'Where no cabinet tells: replaces the spend of the tag.',
    responsible: 'Responsible', description: 'Description', g_leads: 'Leads', g_clients: 'Clients', g_deals: 'Deals', g_revenue: 'Revenue', g_checks: 'Average check', g_frequency: 'Purchases a client', g_reach: 'Reach (visits)',
  },
);

const goals = ['leads', 'clients', 'deals', 'revenue', 'checks', 'frequency', 'reach'] as const;
const kinds = ['campaign', 'source', 'medium', 'content', 'keyword'] as const;

export function PromotionForm({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const t = texts.use();
  const f = useFormats();
  const needed = useNeeded();
  const [change] = useChange({ touches: 'all' });
  const answer = queries.useQuery('get', '/v1/promotions/{id}', { params: { path: { id: id ?? '' } } }, { enabled: Boolean(id), staleTime: 0 });
  if (id && !answer.data) return <Skeleton active title={false} aria-label={f.none} />;
  const count = <InputNumber min={0} precision={0} style={{ width: '100%' }} />;
  const money = <InputNumber min={0} precision={2} style={{ width: '100%' }} />;
  return (
    <FormModal<Body>
      title={id ? t('edit') : t('new')} initial={answer.data ?? { tagKind: 'campaign', goal: 'leads' }} onClose={onClose} width={680}
      onSave={(body, form) => change(id ? api.PUT('/v1/promotions/{id}', { params: { path: { id } }, body }) : api.POST('/v1/promotions', { body }), { form })}
    >
      <Form.Item name="name" label={t('name')} rules={[needed]}><Input maxLength={200} /></Form.Item>
      <Pair>
        <DayItem name="from" label={t('from')} rules={[needed]} />
        <DayItem name="to" label={t('to')} rules={[needed]} />
        <Form.Item name="tagKind" label={t('tagKind')} required><Select options={kinds.map((k) => ({ value: k, label: t(k) }))} /></Form.Item>
        <Form.Item name="tag" label={t('tag')} rules={[needed]} extra={t('tagHelp')}><Input maxLength={500} placeholder="spring_sale" /></Form.Item>
        <Form.Item name="goal" label={t('goal')} required><Select options={goals.map((g) => ({ value: g, label: t(`g_${g}`) }))} /></Form.Item>
        <Form.Item name="goalTarget" label={t('target')} extra={t('targetHelp')}>{money}</Form.Item>
        <Form.Item name="planLeads" label={t('leads')}>{count}</Form.Item>
        <Form.Item name="planClients" label={t('clients')}>{count}</Form.Item>
        <Form.Item name="planRevenue" label={t('revenue')}>{money}</Form.Item>
        <Form.Item name="planBudget" label={t('budget')}>{money}</Form.Item>
        <Form.Item name="actualSpend" label={t('actual')} extra={t('actualHelp')}>{money}</Form.Item>
        <Form.Item name="responsible" label={t('responsible')}><Input maxLength={200} /></Form.Item>
      </Pair>
      <Form.Item name="description" label={t('description')}><Input.TextArea rows={2} maxLength={4000} /></Form.Item>
    </FormModal>
  );
}
