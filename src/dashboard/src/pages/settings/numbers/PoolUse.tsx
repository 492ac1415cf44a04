import { Alert, Card, Collapse, Flex, InputNumber, Skeleton, Table, Typography } from 'antd';
import { useDeferredValue, useState } from 'react';
import { queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { Figure } from '../../../parts/Figure';
import { Answer } from '../../../parts/States';
import { Scrolled } from '../../../parts/Scrolled';

const texts = defineTexts(
  {
    use: 'Хватает ли номеров: 14 дней', byDay: 'По дням', day: 'День', givenTo: 'Получили номер', without: 'Остались без', calls: 'Звонков', lateCalls: 'Поздних', unmatched: 'Без визита', pool: 'В пуле', peak: 'Заняты разом, самое большее', needed: 'Хватило бы', neededHint: 'Пик и запас в корень из него: пул считают по пику, а не по среднему.', asked: 'Визитов просили номер', coverage: 'Получили', late: 'Поздних звонков', lateHint: 'Звонок пришёл после конца визита и достался последнему, кто держал номер.',
    short: 'Номеров не хватает: {{share}} визитов остались без своего. Добавьте ещё {{more}} — всего {{needed}}.', enough: 'Номеров хватает.', advice: 'Сколько номеров нужно', visits: 'Визитов в самый загруженный час', hold: 'Визит держит номер, мин', lateMinutes: 'Поздние звонки до, мин', accuracy: 'Точность, %',
    variant: 'Пул', half: 'вдвое меньше', advised: 'столько нужно', twice: 'вдвое больше', numbers: 'Номеров', reach: 'Звонков верно', loss: 'Визитов без номера', rest: 'Номер отдыхает, мин', none: 'За это время номеров никто не просил: поставьте трекер и номер для подмены на сайт.',
  },
  {
    use: 'Do the numbers suffice: 14 days', byDay: 'By day', day: 'Day', givenTo: 'Got a number', without: 'Got none', calls: 'Calls', lateCalls: 'Late', unmatched: 'Without a visit', pool: 'In the pool', peak: 'Most held at once', needed: 'Would suffice', neededHint: 'The peak and its square root in reserve: a pool is sized by its peak, not by its mean.', asked: 'Visits asked for one', coverage: 'Got one', late: 'Late calls', lateHint: 'The call came after the end of a visit and went to the last holder.',
    short: 'Numbers are short: {{share}} of visits got none of their own. Add {{more}} more: {{needed}} in all.', enough: 'The numbers suffice.', advice: 'How many numbers are needed', visits: 'Visits in the busiest hour', hold: 'A visit holds a number, min', lateMinutes: 'Late calls up to, min', accuracy: 'Accuracy, %',
    variant: 'Pool', half: 'half of that', advised: 'as needed', twice: 'twice that', numbers: 'Numbers', reach: 'Calls right', loss: 'Visits without one', rest: 'A number rests, min', none: 'Nobody asked for a number in this time: put the tracker and a number to replace on the site.',
  },
);

/** Whether the pool sufficed, and how large it would have to be. */
export function PoolUse({ siteId }: { siteId: string }) {
  const t = texts.use();
  const f = useFormats();
  const query = queries.useQuery('get', '/v1/numbers/usage', { params: { query: siteId ? { siteId } : {} } });
  return (
    <div className="two-columns">
      <Card size="small" title={t('use')}>
        <Answer of={query} rows={3}>
          {({ total, poolNumbers, numbersNeeded, items }) => (
            <div className="stack" style={{ gap: 12 }}>
              {total.asked === 0 ? (
                <Alert type="info" showIcon title={t('none')} />
              ) : total.exhausted > 0 ? (
                <Alert type="warning" showIcon title={t('short', { share: f.share(total.exhaustedShare), more: Math.max(1, numbersNeeded - poolNumbers), needed: Math.max(numbersNeeded, poolNumbers + 1) })} />
              ) : (
                <Alert type="success" showIcon title={t('enough')} />
              )}
              <div className="figure-grid narrow">
                <Figure name={t('pool')} value={f.count(poolNumbers)} />
                <Figure name={t('peak')} value={f.count(total.peakHeld)} />
                <Figure name={t('needed')} hint={t('neededHint')} value={total.asked > 0 ? f.count(numbersNeeded) : f.none} />
                <Figure name={t('asked')} value={f.count(total.asked)} />
                <Figure name={t('coverage')} value={f.share(total.coverage)} />
                <Figure name={t('late')} hint={t('lateHint')} value={f.share(total.lateCallShare)} />
              </div>
              {items.length > 0 && <Collapse size="small" items={[{ key: 'days', label: t('byDay'), children: <ByDay items={items} /> }]} />}
            </div>
          )}
        </Answer>
      </Card>
      <Advice />
    </div>
  );
}

function ByDay({ items }: { items: readonly Schemas['GetNumberUsagePeriod'][] }) {
  const t = texts.use();
  const f = useFormats();
  const figure = (name: 'asked' | 'given' | 'exhausted' | 'peakHeld' | 'calls' | 'lateCalls' | 'unmatchedCalls', title: string) => ({ title, align: 'right' as const, className: 'numbers', render: (_: unknown, x: Schemas['GetNumberUsagePeriod']) => f.count(x.figures[name]) });
  return (
    <Scrolled label={t('byDay')}>
      <Table
        size="small"
        rowKey="at"
        pagination={false}
        dataSource={[...items].reverse()}
        columns={[
          { title: t('day'), className: 'numbers', render: (_, x) => f.moment(x.at) },
          figure('asked', t('asked')),
          figure('given', t('givenTo')),
          figure('exhausted', t('without')),
          figure('peakHeld', t('peak')),
          figure('calls', t('calls')),
          figure('lateCalls', t('lateCalls')),
          figure('unmatchedCalls', t('unmatched')),
        ]}
      />
    </Scrolled>
  );
}

function Advice() {
  const t = texts.use();
  const f = useFormats();
  const [asked, setAsked] = useState({ visitsPerHour: 60, holdMinutes: 5.5, lateCallMinutes: 30, accuracy: 0.99 });
  const settled = useDeferredValue(asked);
  const { data } = queries.useQuery('get', '/v1/numbers/advice', { params: { query: settled } }, { placeholderData: (before) => before });
  const field = (name: keyof typeof asked, label: string, least: number, most: number, times = 1, step = 1) => (
    <label style={{ flex: '1 1 130px' }}>
      <Typography.Text type="secondary">{label}</Typography.Text>
      <InputNumber min={least} max={most} step={step} value={+(asked[name] * times).toFixed(4)} onChange={(v) => v !== null && setAsked({ ...asked, [name]: v / times })} style={{ width: '100%' }} />
    </label>
  );
  return (
    <Card size="small" title={t('advice')}>
      <div className="stack" style={{ gap: 12 }}>
        <Flex wrap gap={8} align="end">
          {field('visitsPerHour', t('visits'), 1, 1_000_000)}
          {field('holdMinutes', t('hold'), 0.5, 1_440, 1, 0.5)}
          {field('lateCallMinutes', t('lateMinutes'), 0, 1_440)}
          {field('accuracy', t('accuracy'), 50, 99.99, 100, 0.5)}
        </Flex>
        {data ? (
          <Scrolled label={t('advice')}>
            <Table
              size="small"
              rowKey="kind"
              pagination={false}
              dataSource={(['half', 'advised', 'twice'] as const).map((kind) => ({ kind, ...data[kind] }))}
              columns={[
                { title: t('variant'), className: 'numbers', render: (_, p) => (p.kind === 'advised' ? <strong>{t(p.kind)}</strong> : t(p.kind)) },
                { title: t('numbers'), align: 'right', className: 'numbers', render: (_, p) => f.count(p.numbers) },
                { title: t('reach'), align: 'right', className: 'numbers', render: (_, p) => f.share(p.accuracy) },
                { title: t('loss'), align: 'right', className: 'numbers', render: (_, p) => f.share(p.loss) },
                { title: t('rest'), align: 'right', className: 'numbers', render: (_, p) => f.count(p.meanRestMinutes) },
              ]}
            />
          </Scrolled>
        ) : (
          <Skeleton active />
        )}
      </div>
    </Card>
  );
}
