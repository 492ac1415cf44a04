import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Popconfirm, Select, Tag, Typography } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';
import { useAddress } from '../../../parts/range';
import { AddEntries } from './AddEntries';
import { stopKinds, stopTexts } from './kinds';

const texts = defineTexts(
  {
    about: 'Заявки отсюда не уходят в CRM и не считаются: становятся спамом или пробными. Действует со следующей заявки.', add: 'Добавить', kind: 'Вид', verdict: 'Чем станет', value: 'Значение', note: 'Почему', created: 'Добавлено', allKinds: 'Все виды', allVerdicts: 'Спам и пробные', remove: 'Убрать', sure: 'Убрать из стоп-листа?', sureWhy: 'Новые заявки снова пойдут в CRM. Прошлые останутся спамом, пока их не вернут.', keep: 'Отмена', removed: 'Убрано из стоп-листа', actions: 'Действия',
    empty: 'Здесь будут телефоны, адреса и слова, заявки с которыми не нужны. Свои телефоны занесите как пробные, прежде чем проверять форму.',
  },
  {
    about: 'Leads named here do not go to the CRM and are not counted: they become spam or tests. Counts from the next lead on.', add: 'Add', kind: 'Kind', verdict: 'Becomes', value: 'Value', note: 'Why', created: 'Added', allKinds: 'All kinds', allVerdicts: 'Spam and tests', remove: 'Remove', sure: 'Take it off the stop list?', sureWhy: 'New leads go to the CRM again. Past ones stay spam until they are released.', keep: 'Cancel', removed: 'Taken off the stop list', actions: 'Actions',
    empty: 'Phones, addresses and words whose leads are not wanted will stand here. Enter your own phones as tests before you try a form.',
  },
);

export default function StopListTab() {
  const t = texts.use();
  const s = stopTexts.use();
  const f = useFormats();
  const [get, set] = useAddress();
  const list = usePaged<Schemas['StopListAnswer']>('/v1/stop-list', { kind: get('kind'), verdict: get('verdict') });
  const [act] = useChange();
  const [isAdding, setAdding] = useState(false);
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary" style={{ flex: '1 1 300px' }}>
          {t('about')}
        </Typography.Text>
        <Flex wrap gap={8}>
          <Select aria-label={t('kind')} value={get('kind')} onChange={(v) => set({ kind: v })} style={{ minWidth: 130 }} options={[{ value: '', label: t('allKinds') }, ...stopKinds.map((value) => ({ value, label: s(value) }))]} />
          <Select aria-label={t('verdict')} value={get('verdict')} onChange={(v) => set({ verdict: v })} style={{ minWidth: 150 }} options={[{ value: '', label: t('allVerdicts') }, ...(['spam', 'test'] as const).map((value) => ({ value, label: s(value) }))]} />
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t('add')}
          </Button>
        </Flex>
      </Flex>
      <PagedTable
        list={list}
        empty={t('empty')}
        columns={[
          { title: t('kind'), render: (_, e) => s(e.kind as 'phone') },
          { title: t('value'), render: (_, e) => <span className="breakable">{e.value}</span> },
          { title: t('verdict'), render: (_, e) => <Tag color={e.verdict === 'spam' ? 'red' : 'blue'}>{s(e.verdict as 'spam')}</Tag> },
          { title: t('note'), render: (_, e) => e.note ?? f.none },
          { title: t('created'), render: (_, e) => f.moment(e.createdAt) },
          {
            title: <span className="visually-hidden">{t('actions')}</span>,
            render: (_, e) => (
              <Popconfirm
                title={t('sure')}
                description={<div style={{ maxWidth: 280 }}>{t('sureWhy')}</div>}
                okText={t('remove')}
                cancelText={t('keep')}
                onConfirm={() => act(api.DELETE('/v1/stop-list/{id}', { params: { path: { id: e.id } } }), { done: t('removed'), touches: ['/v1/stop-list'] })}
              >
                <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={`${t('remove')}: ${e.value}`} />
              </Popconfirm>
            ),
          },
        ]}
      />
      {isAdding && <AddEntries onClose={() => setAdding(false)} />}
    </div>
  );
}
