import { Alert, Checkbox, Flex, Segmented } from 'antd';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { SourceLine, useChannelName } from '../../parts/passport';
import { Answer } from '../../parts/States';
import { BeforeAfter } from './BeforeAfter';

type Row = Schemas['CompareRebuildRow'];

const texts = defineTexts(
  {
    by: 'Подробность', channel: 'Каналы', source: 'Источники', medium: 'Типы', campaign: 'Кампании', byMonth: 'По месяцам', changed: 'Только изменившееся', notYet: 'Пересчёт не закончен: цифр после него ещё нет.', visits: 'Визиты', leads: 'Заявки', deals: 'Сделки', won: 'Продажи', revenue: 'Выручка', spend: 'Расход', name: 'Что', total: 'Всего', others: 'прочие кампании',
  },
  { by: 'How finely', channel: 'Channels', source: 'Sources', medium: 'Media', campaign: 'Campaigns', byMonth: 'By month', changed: 'Only what changed', notYet: 'The rebuild is not over: there are no figures after it yet.', visits: 'Visits', leads: 'Leads', deals: 'Deals', won: 'Won', revenue: 'Revenue', spend: 'Spend', name: 'What', total: 'In all', others: 'other campaigns' },
);

const levels = ['channel', 'source', 'medium', 'campaign'] as const;

/** The figures before a rebuild beside those after it. */
export function Comparison({ id }: { id: string }) {
  const t = texts.use();
  const f = useFormats();
  const channel = useChannelName();
  const [by, setBy] = useState<(typeof levels)[number]>('source');
  const [byMonth, setByMonth] = useState(false);
  const [changedOnly, setChangedOnly] = useState(true);
  const answer = queries.useQuery('get', '/v1/rebuilds/{id}/comparison', { params: { path: { id }, query: { by, byMonth, changedOnly } } }, { placeholderData: keepPreviousData });
  const nameOf = (r: Row) => (
    <>
      {r.month && <div>{f.month(r.month)}</div>}
      <SourceLine of={{ channel: r.channel, source: r.source ?? null, campaign: [r.source ? channel(r.channel) : null, r.medium, r.campaign === '…' ? t('others') : r.campaign].filter(Boolean).join(' · ') || null, keyword: null }} />
    </>
  );
  return (
    <div className="stack">
      <Flex wrap gap={12} align="center">
        <Segmented aria-label={t('by')} value={by} onChange={setBy} options={levels.map((l) => ({ value: l, label: t(l) }))} />
        <Checkbox checked={byMonth} onChange={(e) => setByMonth(e.target.checked)}>{t('byMonth')}</Checkbox>
        <Checkbox checked={changedOnly} onChange={(e) => setChangedOnly(e.target.checked)}>{t('changed')}</Checkbox>
      </Flex>
      <Answer of={answer}>
        {(data) =>
          data.isComplete ? (
            <BeforeAfter
              name={t('name')} isPending={answer.isPlaceholderData} columns={(['visits', 'leads', 'deals', 'won', 'revenue', 'spend'] as const).map((k) => ({ key: k, title: t(k), isMoney: k === 'revenue' || k === 'spend' }))}
              rows={[{ key: 'total', name: <strong>{t('total')}</strong>, before: { ...data.total.before }, after: { ...data.total.after } }, ...data.items.map((r) => ({ key: `${r.month}|${r.channel}|${r.source}|${r.medium}|${r.campaign}`, name: nameOf(r), before: { ...r.before }, after: { ...r.after } }))]}
            />
          ) : (
            <Alert type="info" showIcon title={t('notYet')} />
          )
        }
      </Answer>
    </div>
  );
}
