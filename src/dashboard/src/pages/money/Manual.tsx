import { PlusOutlined } from '@ant-design/icons';
import { Button, Card, Flex, Form, Input, InputNumber, Switch, Typography, type FormInstance } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { useChange } from '../../parts/change';
import { ActsTitle, DayItem, EditButton, FormModal, Pair, RemoveButton, useNeeded } from '../../parts/forms';

type Amount = Schemas['ManualSpendAnswer'];
type Body = Schemas['ManualSpendAnswerRequest'];

const texts = defineTexts(
  {
    about: 'Расход, о котором не расскажет ни один кабинет: баннер, блогер, полиграфия. Сумма делится поровну между днями.', add: 'Добавить расход', edit: 'Расход вручную', name: 'Название', days: 'Дни', amount: 'Сумма', source: 'Источник', campaign: 'Кампания', note: 'Заметка',
    from: 'Первый день', to: 'Последний день', vat: 'Сумма с НДС', sourceHelp: 'Как он назван у заявок: utm_source', campaignHelp: 'Как у заявок в utm_campaign', medium: 'Тип (utm_medium)', currency: 'Валюта', currencyHelp: 'Пусто — валюта проекта',
    empty: 'Здесь будут суммы, внесённые вручную: баннер, блогер, полиграфия. Добавьте первую.', with: 'с НДС', without: 'без НДС',
  },
  {
    about: 'Spend that no cabinet tells: a banner, a blogger, print. The amount is spread evenly over its days.', add: 'Add spend', edit: 'Spend by hand', name: 'Name', days: 'Days', amount: 'Amount', source: 'Source', campaign: 'Campaign', note: 'Note',
    from: 'First day', to: 'Last day', vat: 'The amount includes VAT', sourceHelp: 'As leads name it: utm_source', campaignHelp: 'As leads name it in utm_campaign', medium: 'Medium (utm_medium)', currency: 'Currency', currencyHelp: 'Empty: the project’s',
    empty: 'Amounts by hand will stand here: a banner, a blogger, print. Add the first one.', with: 'with VAT', without: 'without VAT',
  },
);

/** Amounts that people enter themselves. */
export default function Manual() {
  const t = texts.use();
  const f = useFormats();
  const needed = useNeeded();
  const [change] = useChange({ touches: 'all' });
  const list = usePaged<Amount>('/v1/spend/manual');
  const [open, setOpen] = useState<Amount | 'new'>();
  const save = (body: Body, form: FormInstance): Promise<unknown> =>
    change(open === 'new' || !open ? api.POST('/v1/spend/manual', { body }) : api.PUT('/v1/spend/manual/{id}', { params: { path: { id: open.id } }, body }), { form });

  return (
    <Card size="small" title={<Typography.Text type="secondary" style={{ fontWeight: 400, whiteSpace: 'normal' }}>{t('about')}</Typography.Text>} extra={<Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t('add')}</Button>}>
      <PagedTable<Amount>
        list={list} size="small" empty={t('empty')}
        columns={[
          { title: t('name'), render: (_, a) => <div className="breakable">{a.name}{a.note && <div><Typography.Text type="secondary">{a.note}</Typography.Text></div>}</div> },
          { title: t('days'), className: 'numbers', render: (_, a) => (a.from === a.to ? f.day(a.from) : `${f.day(a.from)} – ${f.day(a.to)}`) },
          { title: t('source'), render: (_, a) => <span className="breakable">{[a.source, a.medium].filter(Boolean).join(' / ') || f.none}</span> },
          { title: t('campaign'), render: (_, a) => <span className="breakable">{a.campaign ?? a.campaignId ?? f.none}</span> },
          { title: t('amount'), align: 'end', className: 'numbers', render: (_, a) => `${f.count(a.amount)} ${a.currency} ${t(a.vatIncluded ? 'with' : 'without')}` },
          { key: 'acts', title: <ActsTitle />, width: 88, render: (_, a) => <Flex><EditButton name={a.name} onEdit={() => setOpen(a)} /><RemoveButton name={a.name} onRemove={() => void change(api.DELETE('/v1/spend/manual/{id}', { params: { path: { id: a.id } } }))} /></Flex> },
        ]}
      />
      {open && (
        <FormModal<Body> title={open === 'new' ? t('add') : t('edit')} initial={open === 'new' ? { vatIncluded: true } : open} onSave={save} onClose={() => setOpen(undefined)}>
          <Form.Item name="name" label={t('name')} rules={[needed]}><Input maxLength={200} /></Form.Item>
          <Pair>
            <DayItem name="from" label={t('from')} rules={[needed]} />
            <DayItem name="to" label={t('to')} rules={[needed]} />
            <Form.Item name="amount" label={t('amount')} rules={[needed]}><InputNumber precision={2} style={{ width: '100%' }} /></Form.Item>
            <Form.Item name="currency" label={t('currency')} extra={t('currencyHelp')}><Input maxLength={3} /></Form.Item>
            <Form.Item name="source" label={t('source')} extra={t('sourceHelp')}><Input maxLength={200} /></Form.Item>
            <Form.Item name="medium" label={t('medium')}><Input maxLength={200} /></Form.Item>
          </Pair>
          <Form.Item name="campaign" label={t('campaign')} extra={t('campaignHelp')}><Input maxLength={500} /></Form.Item>
          <Form.Item name="campaignId" hidden><Input /></Form.Item>
          <Form.Item name="note" label={t('note')}><Input.TextArea rows={2} maxLength={1000} /></Form.Item>
          <Form.Item name="vatIncluded" label={t('vat')} required valuePropName="checked"><Switch /></Form.Item>
        </FormModal>
      )}
    </Card>
  );
}
