import { Alert, Button, Card, Drawer, Flex, Segmented, Table, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { queries } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Change, Hint } from '../../parts/Figure';
import { Files } from '../../parts/Files';
import { RangeBar, useAddress, useRange } from '../../parts/range';
import { Answer } from '../../parts/States';
import { factors, useFactorName, writeFactor } from './factors';
import { LeadsAndDeals } from './PromotionBehind';
import { Waterfall } from './Waterfall';
import { WhatIf } from './WhatIf';

const texts = defineTexts(
  {
    formula: 'Деньги = заявки × конверсия в клиентов × средний чек × продаж на клиента', base: 'С чем сравнить', previous: 'С прошлым периодом', year: 'С прошлым годом', factor: 'Множитель', now: 'Сейчас', before: 'Было', change: 'Изменение', effect: 'Вклад в деньги', money: 'Деньги', method: 'Как делить вклад', chain: 'По порядку', logMean: 'Без порядка',
    methods: '«По порядку» меняет множители один за другим: заявки, конверсию, чек, продажи на клиента. «Без порядка» делит изменение между всеми сразу, по логарифмическому среднему. Сумма вкладов одна и та же.', why: 'Почему изменилась выручка', periods: '{{now}} против {{then}}', rows: 'Заявки и сделки',
    chart: 'Было {{before}}, стало {{after}}; вклады: {{effects}}', was: 'Было', is: 'Стало', behind: 'За этими деньгами', unconverted: 'Сделки в валюте без курса не вошли: {{sums}}.', rates: 'Загрузить курсы', zero: 'В одном из периодов нет заявок или продаж: вклад без порядка не считается.',
    own: 'Заявки — по их источнику, выручка — по дню продажи; клиент — тот, кто заплатил в эти дни. Конверсия бывает больше 100 %, когда платят по старым заявкам.',
  },
  {
    formula: 'Money = leads × conversion to clients × average check × sales a client', base: 'Compared with', previous: 'The period before', year: 'The year before', factor: 'Factor', now: 'Now', before: 'Before', change: 'Change', effect: 'Effect on money', money: 'Money', method: 'How effects are shared', chain: 'In order', logMean: 'Without order',
    methods: '“In order” changes the factors one after another: leads, conversion, check, sales a client. “Without order” shares the change among all at once, by the logarithmic mean. The sum is the same.', why: 'Why revenue changed', periods: '{{now}} against {{then}}', rows: 'Leads and deals',
    chart: 'Was {{before}}, is {{after}}; effects: {{effects}}', was: 'Was', is: 'Is', behind: 'Behind this money', unconverted: 'Deals in a currency without a rate are left out: {{sums}}.', rates: 'Load rates', zero: 'One of the periods has no leads or sales: effects without order cannot be told.',
    own: 'Leads by their source, revenue by the day of the sale; a client is who paid on these days. Conversion is above 100 % when old leads pay.',
  },
);

/** What revenue is the product of, why it changed, and what would change it. */
export default function Decomposition() {
  const t = texts.use();
  const f = useFormats();
  const name = useFactorName();
  const { id } = useOpenProject();
  const range = useRange();
  const [get, set] = useAddress();
  const [isOpen, setOpen] = useState(false);
  const method = get('method') === 'logMean' ? 'logMean' : 'chain';
  const compare = get('compare') === 'year' ? 'year' : 'previous';
  const days = { from: range.from, to: range.to };
  const answer = queries.useQuery('get', '/v1/reports/decomposition', { params: { query: { ...days, compare } } });
  const signed = (v: number): string => `${v > 0 ? '+' : v < 0 ? '−' : ''}${f.money(Math.abs(v))}`;

  return (
    <div className="stack">
      <Flex wrap gap={8}>
        <RangeBar />
        <Segmented aria-label={t('base')} value={compare} onChange={(v) => set({ compare: v === 'year' ? 'year' : undefined })} options={[{ value: 'previous', label: t('previous') }, { value: 'year', label: t('year') }]} />
        <Button onClick={() => setOpen(true)}>{t('rows')}</Button>
        <Files path="/v1/reports/decomposition" query={{ ...days, compare }} />
      </Flex>
      <Typography.Text strong>{t('formula')} <Hint text={t('own')} /></Typography.Text>
      <Answer of={answer}>
        {(data) => {
          const effects = data[method] ?? data.chain;
          const words = factors.map((x) => `${name(x)} ${signed(effects[x])}`).join(', ');
          return (
            <>
              {data.unconverted.length > 0 && <Alert type="warning" showIcon title={<>{t('unconverted', { sums: data.unconverted.map((u) => `${f.count(u.amount)} ${u.currency}`).join(', ') })} <Link to={`/p/${id}/money/rates`}>{t('rates')}</Link></>} />}
              <Card
                size="small" title={t('why')}
                extra={<Flex gap={8} align="center"><Segmented size="small" aria-label={t('method')} value={method} onChange={(v) => set({ method: v === 'logMean' ? v : undefined })} options={[{ value: 'chain', label: t('chain') }, { value: 'logMean', label: t('logMean') }]} /><Hint text={t('methods')} /></Flex>}
              >
                <Typography.Text type="secondary">{t('periods', { now: `${f.day(data.period.from)} – ${f.day(data.period.to)}`, then: `${f.day(data.before.from)} – ${f.day(data.before.to)}` })}</Typography.Text>
                {method === 'logMean' && effects.method !== 'logMean' && <Alert type="info" showIcon title={t('zero')} />}
                <Waterfall before={data.before.money} after={data.period.money} effects={effects} names={{ before: t('was'), after: t('is') }} label={t('chart', { before: f.money(data.before.money), after: f.money(data.period.money), effects: words })} />
                <Table
                  size="small" rowKey="key" pagination={false} scroll={{ x: 'max-content' }} dataSource={[...factors.map((x) => ({ key: x as string, name: name(x), now: data.period[x], before: data.before[x], write: (v: number | null | undefined) => writeFactor(f, x, v), effect: effects[x] })), { key: 'money', name: t('money'), now: data.period.money, before: data.before.money, write: f.money, effect: effects.change }]}
                  columns={[
                    { title: t('factor'), render: (_, r) => (r.key === 'money' ? <strong>{r.name}</strong> : r.name) },
                    { title: t('before'), align: 'end', className: 'numbers', render: (_, r) => r.write(r.before) },
                    { title: t('now'), align: 'end', className: 'numbers', render: (_, r) => <strong>{r.write(r.now)}</strong> },
                    { title: t('change'), align: 'end', render: (_, r) => <Change now={r.now} before={r.before} write={r.write} isLessBetter={false} /> },
                    { title: t('effect'), align: 'end', className: 'numbers', render: (_, r) => signed(r.effect) },
                  ]}
                />
              </Card>
              <WhatIf key={`${range.from}${range.to}`} days={days} period={data.period} method={method} />
            </>
          );
        }}
      </Answer>
      <Drawer open={isOpen} onClose={() => setOpen(false)} size={Math.min(1000, window.innerWidth)} title={t('behind')} destroyOnHidden>
        <LeadsAndDeals leads="/v1/reports/decomposition/leads" deals="/v1/reports/decomposition/rows" query={days} first="deals" />
      </Drawer>
    </div>
  );
}
