import { PlusOutlined } from '@ant-design/icons';
import { Alert, Button, Card, Flex, Form, Input, Segmented, Select, Table, Tag, Typography, type FormInstance } from 'antd';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, queries, type Schemas } from '../../api/client';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { namedChannels, useChannelName } from '../../parts/passport';
import { useAddress } from '../../parts/range';
import { Answer, Nothing } from '../../parts/States';
import { AddressSearch } from '../../parts/AddressSearch';
import { useChange } from '../../parts/change';
import { ActsTitle, EditButton, FormModal, RemoveButton, useNeeded } from '../../parts/forms';
import { Tester } from './Tester';

type Line = Schemas['SourceAnswer'];
type Body = Schemas['SourceLine'];

const texts = defineTexts(
  {
    title: 'Словарь', search: 'Источник, тип или название', which: 'Чьи строки', all: 'Все', own: 'Свои', shipped: 'Из поставки', add: 'Добавить строку', edit: 'Строка словаря', source: 'utm_source или сайт перехода', medium: 'utm_medium', name: 'Название', channel: 'Канал', note: 'Заметка', origin: 'Чья', any: 'любой',
    sourceHelp: 'В любом регистре; * — любой источник, тогда нужен тип.', mediumHelp: 'Точный (cpc) или вид (@paid, @organic). Пусто — любой.', nameHelp: 'Как показывать людям: «Яндекс.Директ». Пусто — как в метке.', noteHelp: 'Зачем эта строка', outdone: 'перекрыта своей', override: 'Заменить своей', asWritten: 'как в метке',
    changed: 'Словарь изменён: новые визиты и заявки называются по нему сразу, история — после пересчёта.', look: 'Посмотреть, что изменится', empty: 'Таких строк нет. Своя строка словаря говорит, как называть источник и какой это канал.',
  },
  {
    title: 'Dictionary', search: 'Source, medium or name', which: 'Whose lines', all: 'All', own: 'Own', shipped: 'Shipped', add: 'Add a line', edit: 'Line of the dictionary', source: 'utm_source or referring site', medium: 'utm_medium', name: 'Name', channel: 'Channel', note: 'Note', origin: 'Whose', any: 'any',
    sourceHelp: 'In any case; * is any source, then with a medium.', mediumHelp: 'Exact (cpc) or a kind (@paid, @organic). Empty: any.', nameHelp: 'For people: “Yandex.Direct”. Empty: as the tag says.', noteHelp: 'What this line is for', outdone: 'outdone by your own', override: 'Replace by your own', asWritten: 'as the tag says',
    changed: 'The dictionary has changed: new visits and leads are named by it at once, history after a rebuild.', look: 'See what would change', empty: 'There are no such lines. A line of your own says how a source is named and which channel it is.',
  },
);

/** How sources are named, and by which line. */
export default function Dictionary() {
  const t = texts.use();
  const channel = useChannelName();
  const needed = useNeeded();
  const [change] = useChange({ touches: 'all' });
  const { id } = useOpenProject();
  const [get, set] = useAddress();
  const [open, setOpen] = useState<{ line?: Line; initial: Partial<Body> }>();
  const [isChanged, setChanged] = useState(false);
  const q = get('q');
  const origin = get('origin') === 'own' || get('origin') === 'shipped' ? get('origin') : '';
  const answer = queries.useQuery('get', '/v1/sources', { params: { query: { ...(q ? { q } : {}), ...(origin ? { origin } : {}) } } }, { placeholderData: keepPreviousData });
  const done = async (work: Promise<{ error?: unknown }>, form?: FormInstance): Promise<boolean> => {
    const isDone = (await change(work, { form })) !== null;
    if (isDone) setChanged(true);
    return isDone;
  };
  const editable = (l: Line): Body => ({ source: l.source, medium: l.medium ?? null, name: l.name ?? null, channel: l.channel, note: l.note ?? null });

  return (
    <div className="stack">
      <Tester />
      {isChanged && <Alert type="info" showIcon closable={{ onClose: () => setChanged(false) }} title={<>{t('changed')} <Link to={`/p/${id}/rules/rebuilds`}>{t('look')}</Link></>} />}
      <Card size="small" title={t('title')} extra={<Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen({ initial: { channel: 'referral' } })}>{t('add')}</Button>}>
        <div className="stack" style={{ gap: 10 }}>
          <Flex wrap gap={8}>
            <AddressSearch name="q" label={t('search')} />
            <Segmented aria-label={t('which')} value={origin} onChange={(v) => set({ origin: v })} options={[{ value: '', label: t('all') }, { value: 'own', label: t('own') }, { value: 'shipped', label: t('shipped') }]} />
          </Flex>
          <Answer of={answer}>
            {(data) => (
              <Table<Line>
                size="small" rowKey={(l) => l.id ?? `${l.source}\n${l.medium ?? ''}`} dataSource={data.items as Line[]} pagination={data.items.length > 25 ? { pageSize: 25, showSizeChanger: false } : false} scroll={{ x: 'max-content' }} locale={{ emptyText: <Nothing what={t('empty')} /> }}
                columns={[
                  { title: t('source'), render: (_, l) => <code className="breakable">{l.source}</code> },
                  { title: t('medium'), render: (_, l) => (l.medium ? <code>{l.medium}</code> : <Typography.Text type="secondary">{t('any')}</Typography.Text>) },
                  { title: t('name'), render: (_, l) => l.name ?? <Typography.Text type="secondary">{t('asWritten')}</Typography.Text> },
                  { title: t('channel'), render: (_, l) => channel(l.channel) },
                  { title: t('note'), render: (_, l) => <div className="breakable" style={{ maxWidth: 300 }}>{l.note}</div> },
                  { title: t('origin'), render: (_, l) => <><Tag color={l.origin === 'own' ? 'blue' : 'default'}>{t(l.origin === 'own' ? 'own' : 'shipped')}</Tag>{l.wins === false && <Tag color="orange">{t('outdone')}</Tag>}</> },
                  {
                    key: 'acts', title: <ActsTitle />, width: 140,
                    render: (_, l) =>
                      l.id ? (
                        <Flex>
                          <EditButton name={l.source} onEdit={() => setOpen({ line: l, initial: editable(l) })} />
                          <RemoveButton name={l.source} onRemove={() => void done(api.DELETE('/v1/sources/{id}', { params: { path: { id: l.id! } } }))} />
                        </Flex>
                      ) : (
                        l.wins !== false && <Button size="small" type="link" onClick={() => setOpen({ initial: editable(l) })}>{t('override')}</Button>
                      ),
                  },
                ]}
              />
            )}
          </Answer>
        </div>
      </Card>
      {open && (
        <FormModal<Body>
          title={open.line ? t('edit') : t('add')} initial={open.initial} onClose={() => setOpen(undefined)}
          onSave={(v, form) => {
            const body: Body = { ...v, medium: v.medium || null, name: v.name || null, note: v.note || null };
            return done(open.line?.id ? api.PUT('/v1/sources/{id}', { params: { path: { id: open.line.id } }, body }) : api.POST('/v1/sources', { body }), form);
          }}
        >
          <Form.Item name="source" label={t('source')} rules={[needed]} extra={t('sourceHelp')}><Input maxLength={200} /></Form.Item>
          <Form.Item name="medium" label={t('medium')} extra={t('mediumHelp')}><Input maxLength={200} /></Form.Item>
          <Form.Item name="name" label={t('name')} extra={t('nameHelp')}><Input maxLength={200} /></Form.Item>
          <Form.Item name="channel" label={t('channel')} rules={[needed]}><Select showSearch={{ optionFilterProp: 'label' }} options={namedChannels.map((c) => ({ value: c, label: channel(c) }))} /></Form.Item>
          <Form.Item name="note" label={t('note')} extra={t('noteHelp')}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
        </FormModal>
      )}
    </div>
  );
}
