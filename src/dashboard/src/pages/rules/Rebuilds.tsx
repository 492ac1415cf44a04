import { Button, Card, Drawer, Flex, Popconfirm, Progress, Radio, Tag, Typography } from 'antd';
import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { useChange } from '../../parts/change';
import { ActsTitle } from '../../parts/forms';
import { Comparison } from './Comparison';
import { Preview, PreviewCard } from './Preview';

type Rebuild = Schemas['RebuildAnswer'];

const texts = defineTexts(
  {
    start: 'Пересчитать историю', what: 'Что изменилось', dictionary: 'Словарь источников', clients: 'Клиенты (слияния)', attribution: 'Модель атрибуции', cost: 'Расход и курсы', all: 'Всё', preview: 'Проба',
    dictionary_: 'Паспорта визитов и заявок пишутся заново по хранящимся меткам.', clients_: 'Цифры пересчитываются по нынешним карточкам клиентов.', attribution_: 'Сделки делятся между касаниями заново: по модели и окнам проекта.', cost_: 'Расход сводится и переводится в валюту проекта заново.', all_: 'Всё перечисленное по порядку.',
    go: 'Начать пересчёт', sure: 'Начать пересчёт?', why: 'Он идёт в фоне и не мешает приёму заявок. Цифры до него сохранятся для сравнения.', no: 'Отмена', title: 'Пересчёты', at: 'Когда', state: 'Состояние', progress: 'Ход', changed: 'Изменено', kept: 'Осталось как было', waiting: 'ждёт', running: 'идёт', done: 'готов', failed: 'не удался', cancelled: 'отменён',
    before: 'сохраняются цифры', visits: 'визиты', leads: 'заявки', figures: 'цифры', after: 'сравнение', cancel: 'Остановить', cancelSure: 'Остановить пересчёт?', cancelWhy: 'Записанное останется; остальное досчитает следующий.', compare: 'До и после', result: 'Что изменится', of: '{{done}} из {{total}}', keptHint: 'не все доказательства сохранились',
    empty: 'Здесь будут пересчёты: что, когда и сколько изменилось, с цифрами до и после.',
  },
  {
    start: 'Count history anew', what: 'What has changed', dictionary: 'Dictionary of sources', clients: 'Clients (merges)', attribution: 'Attribution model', cost: 'Spend and rates', all: 'Everything', preview: 'Preview',
    dictionary_: 'Passports of visits and leads are written again from the tags that are kept.', clients_: 'Figures are counted again by the clients as they are now.', attribution_: 'Deals are shared among touches anew: by the project’s model and windows.', cost_: 'Spend is matched and converted anew.', all_: 'All of these in order.',
    go: 'Begin the rebuild', sure: 'Begin the rebuild?', why: 'It runs in the background; leads go on coming in. The figures before it are kept for comparison.', no: 'Cancel', title: 'Rebuilds', at: 'When', state: 'State', progress: 'Progress', changed: 'Changed', kept: 'Kept as they were', waiting: 'waits', running: 'runs', done: 'done', failed: 'failed', cancelled: 'cancelled',
    before: 'figures are kept', visits: 'visits', leads: 'leads', figures: 'figures', after: 'comparison', cancel: 'Stop', cancelSure: 'Stop the rebuild?', cancelWhy: 'What is written stays; the next one does the rest.', compare: 'Before and after', result: 'What would change', of: '{{done}} of {{total}}', keptHint: 'not all of their evidence is kept',
    empty: 'Rebuilds will stand here: what, when and how much changed, with the figures before and after.',
  },
);

const kinds = ['dictionary', 'clients', 'attribution', 'cost', 'all'] as const;
type Kind = (typeof kinds)[number];
const isGoing = (r: Rebuild): boolean => r.state === 'waiting' || r.state === 'running';

/** History by the rules of now: what would change, the work itself, and the figures before and after. */
export default function Rebuilds() {
  const t = texts.use();
  const f = useFormats();
  const [change] = useChange({ touches: 'all' });
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>('dictionary');
  const [open, setOpen] = useState<Rebuild>();
  const list = usePaged<Rebuild>('/v1/rebuilds');
  const going = list.items.find(isGoing);
  const watched = queries.useQuery('get', '/v1/rebuilds/{id}', { params: { path: { id: going?.id ?? '' } } }, { enabled: Boolean(going), refetchInterval: (q) => (q.state.data && !isGoing(q.state.data) ? false : 2_000) });
  const isOver = watched.data !== undefined && going?.id === watched.data.id && !isGoing(watched.data);
  useEffect(() => {
    if (isOver) void client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'session' });
  }, [isOver, client]);
  const fresh = (r: Rebuild): Rebuild => (watched.data?.id === r.id ? watched.data : r);

  return (
    <div className="stack">
      <PreviewCard />
      <Card size="small" title={t('start')}>
        <div className="stack" style={{ gap: 12 }}>
          <Radio.Group
            aria-label={t('what')} value={kind} onChange={(e) => setKind(e.target.value as Kind)} style={{ display: 'flex', flexDirection: 'column', gap: 6 }}
            options={kinds.map((k) => ({ value: k, label: <>{t(k)}. <Typography.Text type="secondary">{t(`${k}_`)}</Typography.Text></> }))}
          />
          <div>
            <Popconfirm title={t('sure')} description={<div style={{ maxWidth: 300 }}>{t('why')}</div>} okText={t('go')} cancelText={t('no')} onConfirm={() => void change(api.POST('/v1/rebuilds', { body: { what: kind } }))}>
              <Button type="primary" disabled={Boolean(going && !isOver)}>{t('go')}</Button>
            </Popconfirm>
          </div>
        </div>
      </Card>
      <Card size="small" title={t('title')}>
        <PagedTable<Rebuild>
          list={list} size="small" empty={t('empty')}
          columns={[
            { title: t('at'), className: 'numbers', render: (_, r) => f.moment(r.createdAt) },
            { title: t('what'), render: (_, r) => t(r.what as Kind) },
            { title: t('state'), render: (_, row) => { const r = fresh(row); return <><Tag color={r.state === 'done' ? 'green' : r.state === 'failed' ? 'red' : isGoing(r) ? 'blue' : 'default'}>{t(r.state as 'done')}</Tag>{r.error && <div className="breakable" style={{ maxWidth: 320 }}><Typography.Text type="danger">{r.error}</Typography.Text></div>}</>; } },
            { title: t('progress'), render: (_, row) => <Going rebuild={fresh(row)} /> },
            { title: t('changed'), align: 'end', className: 'numbers', render: (_, r) => f.count(fresh(r).changed) },
            { title: t('kept'), align: 'end', className: 'numbers', render: (_, r) => <span title={t('keptHint')}>{f.count(fresh(r).kept)}</span> },
            {
              key: 'acts', title: <ActsTitle />,
              render: (_, row) => {
                const r = fresh(row);
                if (isGoing(r)) {
                  return (
                    <Popconfirm title={t('cancelSure')} description={t('cancelWhy')} okText={t('cancel')} cancelText={t('no')} onConfirm={() => void change(api.POST('/v1/rebuilds/{id}/cancel', { params: { path: { id: r.id } } }))}>
                      <Button size="small" danger>{t('cancel')}</Button>
                    </Popconfirm>
                  );
                }
                return r.state === 'done' && <Button size="small" onClick={() => setOpen(r)}>{t(r.what === 'preview' ? 'result' : 'compare')}</Button>;
              },
            },
          ]}
        />
      </Card>
      <Drawer open={Boolean(open)} onClose={() => setOpen(undefined)} size={Math.min(1200, window.innerWidth)} title={open && `${t(open.what === 'preview' ? 'result' : 'compare')} · ${f.moment(open.createdAt)}`} destroyOnHidden>
        {open && (open.what === 'preview' ? <Kept id={open.id} /> : <Comparison id={open.id} />)}
      </Drawer>
    </div>
  );
}

function Going({ rebuild: r }: { rebuild: Rebuild }) {
  const t = texts.use();
  const f = useFormats();
  if (!isGoing(r)) return <Flex className="numbers">{f.count(r.done)}</Flex>;
  const words = `${t(r.phase as 'before')}: ${r.total ? t('of', { done: f.count(r.done), total: f.count(r.total) }) : f.count(r.done)}`;
  return (
    <div style={{ minWidth: 180 }} role="status">
      <div>{words}</div>
      <Progress size="small" percent={r.total ? Math.round((r.done / r.total) * 100) : 0} status="active" aria-label={words} />
    </div>
  );
}

function Kept({ id }: { id: string }) {
  const answer = queries.useQuery('get', '/v1/rebuilds/{id}', { params: { path: { id } } });
  return answer.data?.preview ? <Preview of={answer.data.preview} /> : null;
}
