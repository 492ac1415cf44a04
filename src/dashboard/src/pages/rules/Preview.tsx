import { ArrowRightOutlined } from '@ant-design/icons';
import { Button, Card, Collapse, Flex, Spin, Table, Typography } from 'antd';
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { SourceLine, useChannelName } from '../../parts/passport';
import { RangeBar, useRange } from '../../parts/range';
import { useTelling } from '../../parts/saving';
import { Nothing } from '../../parts/States';
import { BeforeAfter } from './BeforeAfter';

type Answer = Schemas['PreviewAnswer'];

const texts = defineTexts(
  {
    title: 'Что изменится', about: 'Проба: история примеряется к нынешнему словарю, ничего не записывается.', try: 'Посмотреть, что изменится', busy: 'Истории много: считается в фоне. Результат появится здесь и в списке ниже.', none: 'Ничего не изменится: история уже по нынешнему словарю.',
    sum: 'Изменилось бы визитов: {{visits}} из {{ofVisits}}, заявок: {{leads}} из {{ofLeads}}. Останется как есть, потому что сохранились не все доказательства: {{kept}}.', moves: 'Откуда и куда', from: 'Было', to: 'Станет', visits: 'Визиты', leads: 'Заявки', figures: 'Цифры до и после', examples: 'Примеры',
    lead: 'Заявка', visit: 'Визит', source: 'Источник', deals: 'Сделки', won: 'Продажи', revenue: 'Выручка', days: '{{from}} – {{to}}',
  },
  {
    title: 'What would change', about: 'A trial: history is held against the dictionary of now, nothing is written.', try: 'See what would change', busy: 'There is much history: it is looked at in the background. The result comes here and in the list below.', none: 'Nothing would change: history is by the dictionary of now already.',
    sum: 'Visits that would change: {{visits}} of {{ofVisits}}, leads: {{leads}} of {{ofLeads}}. Kept as they are because not all of their evidence is kept: {{kept}}.', moves: 'From where to where', from: 'Was', to: 'Will be', visits: 'Visits', leads: 'Leads', figures: 'Figures before and after', examples: 'Examples',
    lead: 'Lead', visit: 'Visit', source: 'Source', deals: 'Deals', won: 'Won', revenue: 'Revenue', days: '{{from}} – {{to}}',
  },
);

/** Asks what a rebuild would change today. */
export function PreviewCard() {
  const t = texts.use();
  const tell = useTelling();
  const client = useQueryClient();
  const { from, to } = useRange(90);
  const [result, setResult] = useState<Answer>();
  const [job, setJob] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const waited = queries.useQuery('get', '/v1/rebuilds/{id}', { params: { path: { id: job ?? '' } } }, { enabled: Boolean(job), refetchInterval: (q) => (q.state.data?.state === 'done' || q.state.data?.state === 'failed' || q.state.data?.state === 'cancelled' ? false : 2_000) });
  const shown = result ?? waited.data?.preview;
  const isWaiting = Boolean(job) && waited.data?.state !== 'done' && waited.data?.state !== 'failed' && waited.data?.state !== 'cancelled';
  const look = async (): Promise<void> => {
    setBusy(true);
    setResult(undefined);
    setJob(undefined);
    const { data, error } = await api.POST('/v1/rebuilds/preview', { body: { from, to } });
    setBusy(false);
    if (!data) return tell(error);
    if ('changes' in data) return setResult(data);
    setJob(data.id);
    await client.invalidateQueries({ queryKey: ['paged', '/v1/rebuilds'] });
  };
  return (
    <Card size="small" title={t('title')}>
      <div className="stack">
        <Typography.Text type="secondary">{t('about')}</Typography.Text>
        <Flex wrap gap={8}>
          <RangeBar days={90} />
          <Button type="primary" loading={isBusy} onClick={() => void look()}>{t('try')}</Button>
        </Flex>
        {isWaiting && <div role="status"><Spin size="small" /> {t('busy')}</div>}
        {shown && <Preview of={shown} />}
      </div>
    </Card>
  );
}

/** What would change: how many, from where to where, figures side by side, examples. */
export function Preview({ of }: { of: Answer }) {
  const t = texts.use();
  const f = useFormats();
  const channel = useChannelName();
  const named = (n: Schemas['PreviewAnswerNamed']) => <SourceLine of={{ channel: n.channel, source: n.source ?? null, campaign: n.source ? channel(n.channel) : null, keyword: null }} />;
  if (of.changedVisits + of.changedLeads === 0) return <Nothing what={t('none')} />;
  return (
    <div className="stack">
      <div>{t('days', { from: f.day(of.from), to: f.day(of.to) })}. {t('sum', { visits: f.count(of.changedVisits), ofVisits: f.count(of.visits), leads: f.count(of.changedLeads), ofLeads: f.count(of.leads), kept: f.count(of.kept) })}</div>
      <Table
        size="small" rowKey={(c) => `${c.from.channel}|${c.from.source}|${c.to.channel}|${c.to.source}`} dataSource={of.changes as Answer['changes'][number][]} pagination={of.changes.length > 20 && { pageSize: 20, showSizeChanger: false }} scroll={{ x: 'max-content' }} title={() => <strong>{t('moves')}</strong>}
        columns={[
          { title: t('from'), render: (_, c) => named(c.from) },
          { key: 'arrow', width: 40, render: () => <ArrowRightOutlined aria-hidden /> },
          { title: t('to'), render: (_, c) => named(c.to) },
          { title: t('visits'), align: 'end', className: 'numbers', render: (_, c) => f.count(c.visits) },
          { title: t('leads'), align: 'end', className: 'numbers', render: (_, c) => f.count(c.leads) },
        ]}
      />
      <BeforeAfter
        title={t('figures')} name={t('source')} rows={of.figures.map((x) => ({ key: `${x.channel}|${x.source}`, name: named(x), before: { ...x.before }, after: { ...x.after } }))}
        columns={[{ key: 'visits', title: t('visits') }, { key: 'leads', title: t('leads') }, { key: 'deals', title: t('deals') }, { key: 'won', title: t('won') }, { key: 'revenue', title: t('revenue'), isMoney: true }]}
      />
      {of.examples.length > 0 && (
        <Collapse
          size="small" items={[{
            key: 'examples', label: t('examples'),
            children: (
              <Table
                size="small" rowKey="id" dataSource={of.examples as Answer['examples'][number][]} pagination={false} scroll={{ x: 'max-content' }}
                columns={[
                  { key: 'kind', render: (_, x) => <>{t(x.kind as 'lead')}<br /><span className="numbers">{f.moment(x.at)}</span></> },
                  { title: t('from'), render: (_, x) => <SourceLine of={x.before} /> },
                  { title: t('to'), render: (_, x) => <SourceLine of={x.after} /> },
                ]}
              />
            ),
          }]}
        />
      )}
    </div>
  );
}
