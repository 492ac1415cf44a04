import { Alert, Card, Collapse, Table } from 'antd';
import { queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { Figure } from '../../../parts/Figure';
import { PoolAdvice } from '../../../parts/PoolAdvice';
import { Answer } from '../../../parts/States';
import { Scrolled } from '../../../parts/Scrolled';

const texts = defineTexts(
  {
    use: 'Хватает ли номеров: 14 дней', byDay: 'По дням', day: 'День', givenTo: 'Получили номер', without: 'Остались без', calls: 'Звонков', lateCalls: 'Поздних', unmatched: 'Без визита', pool: 'В пуле', peak: 'Заняты разом, самое большее', needed: 'Хватило бы', neededHint: 'Пик и запас в корень из него: пул считают по пику, а не по среднему.', asked: 'Визитов просили номер', coverage: 'Получили', late: 'Поздних звонков', lateHint: 'Звонок пришёл после конца визита и достался последнему, кто держал номер.',
    short: 'Номеров не хватает: {{share}} визитов остались без своего. Добавьте ещё {{more}} — всего {{needed}}.', enough: 'Номеров хватает.',
    none: 'За это время номеров никто не просил: поставьте трекер и номер для подмены на сайт.',
  },
  {
    use: 'Do the numbers suffice: 14 days', byDay: 'By day', day: 'Day', givenTo: 'Got a number', without: 'Got none', calls: 'Calls', lateCalls: 'Late', unmatched: 'Without a visit', pool: 'In the pool', peak: 'Most held at once', needed: 'Would suffice', neededHint: 'The peak and its square root in reserve: a pool is sized by its peak, not by its mean.', asked: 'Visits asked for one', coverage: 'Got one', late: 'Late calls', lateHint: 'The call came after the end of a visit and went to the last holder.',
    short: 'Numbers are short: {{share}} of visits got none of their own. Add {{more}} more: {{needed}} in all.', enough: 'The numbers suffice.',
    none: 'Nobody asked for a number in this time: put the tracker and a number to replace on the site.',
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
      <PoolAdvice />
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
          { title: t('day'), className: 'numbers', render: (_, x) => f.dayAt(x.at) },
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
