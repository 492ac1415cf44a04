import { Button, Card, Flex, InputNumber, Slider, Typography } from 'antd';
import { keepPreviousData } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { queries, type Problem, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts, useLanguage } from '../../app/texts';
import { Change } from '../../parts/Figure';
import { Failed } from '../../parts/States';
import { factors, useFactorName, writeFactor, type Factor } from './factors';
import { Waterfall } from './Waterfall';

const texts = defineTexts(
  {
    title: 'Что, если', about: 'Двигайте множители или впишите значения: увидите, сколько денег это даст за такой же период.', percent: '{{name}}: изменение, %', value: '{{name}}: значение', expected: 'Ожидаемые деньги', now: 'сейчас {{money}}', reset: 'Вернуть как есть', alone: 'Одно это: {{money}}',
    was: 'Сейчас', will: 'Станет', chart: 'Сейчас {{before}}, станет {{after}}; вклады: {{effects}}', noBase: 'Меняется только в процентах от того, что есть; за эти дни его нет.',
  },
  {
    title: 'What if', about: 'Move the factors or type values: you see the money that this brings in such a period.', percent: '{{name}}: change, %', value: '{{name}}: value', expected: 'Money to expect', now: 'now {{money}}', reset: 'Back to what is', alone: 'This alone: {{money}}',
    was: 'Now', will: 'Will be', chart: 'Now {{before}}, will be {{after}}; effects: {{effects}}', noBase: 'Changed only by per cent of what is there; there is none on these days.',
  },
);

type Shifts = Readonly<Record<Factor, number>>;
const asIs: Shifts = { leads: 0, conversion: 0, averageCheck: 0, salesPerClient: 0 };
const [least, most] = [-90, 200];

/** An answer for every step of a slider would be too many questions. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const deferred = useDeferredValue(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(deferred), 200);
    return () => clearTimeout(timer);
  }, [deferred]);
  return settled;
}

/** Changes factors and shows the money to expect, with the part of each. */
export function WhatIf({ days, period, method }: { days: { from: string; to: string }; period: Schemas['PeriodFactors']; method: 'chain' | 'logMean' }) {
  const t = texts.use();
  const f = useFormats();
  const name = useFactorName();
  const decimal = useLanguage() === 'en' ? '.' : ',';
  const [shifts, setShifts] = useState<Shifts>(asIs);
  const settled = useSettled(shifts);
  const isChanged = factors.some((x) => shifts[x] !== 0);
  const body = useMemo(() => Object.fromEntries(factors.filter((x) => settled[x] !== 0).map((x) => [x, { percent: settled[x] }])), [settled]);
  const answer = queries.useQuery('post', '/v1/reports/decomposition/what-if', { params: { query: days }, body }, { placeholderData: keepPreviousData, enabled: Object.keys(body).length > 0 });
  const result = isChanged ? answer.data : undefined;
  const shift = (x: Factor, percent: number | null): void => setShifts((s) => ({ ...s, [x]: Math.max(-100, Math.min(10_000, percent ?? 0)) }));
  const scale = (x: Factor): number => (x === 'conversion' ? 100 : 1);
  const signed = (v: number): string => `${v > 0 ? '+' : v < 0 ? '−' : ''}${f.money(Math.abs(v))}`;
  const effects = result && (result[method] ?? result.chain);

  return (
    <Card size="small" title={t('title')} extra={<Button size="small" disabled={!isChanged} onClick={() => setShifts(asIs)}>{t('reset')}</Button>}>
      <Typography.Paragraph type="secondary">{t('about')}</Typography.Paragraph>
      <div className="two-columns">
        <div className="stack" style={{ gap: 14 }}>
          {factors.map((x) => {
            const base = period[x];
            const value = base * (1 + shifts[x] / 100);
            return (
              <div key={x}>
                <Flex justify="space-between" gap={8} wrap>
                  <span>{name(x)}: <span className="numbers">{writeFactor(f, x, base)}</span>{shifts[x] !== 0 && <> → <strong className="numbers">{writeFactor(f, x, value)}</strong></>}</span>
                  {result && shifts[x] !== 0 && <Typography.Text type="secondary" className="numbers">{t('alone', { money: signed(result.alone[x]) })}</Typography.Text>}
                </Flex>
                <Flex align="center" gap={12} wrap>
                  <Slider style={{ flex: '1 1 200px' }} min={least} max={most} value={Math.max(least, Math.min(most, Math.round(shifts[x])))} onChange={(v) => shift(x, v)} disabled={base === 0} tooltip={{ formatter: (v) => `${v} %`, placement: 'bottom' }} ariaLabelForHandle={t('percent', { name: name(x) })} marks={{ 0: '0' }} />
                  <Flex gap={12}>
                  <InputNumber size="small" decimalSeparator={decimal} aria-label={t('percent', { name: name(x) })} value={Math.round(shifts[x] * 10) / 10} onChange={(v) => shift(x, v)} min={-100} max={10_000} suffix="%" style={{ width: 100 }} disabled={base === 0} />
                  <InputNumber
                    size="small" decimalSeparator={decimal} aria-label={t('value', { name: name(x) })} value={Math.round(value * scale(x) * 100) / 100} min={0} style={{ width: 124 }} disabled={base === 0} suffix={x === 'conversion' ? '%' : undefined}
                    onChange={(v) => v !== null && base !== 0 && shift(x, (v / scale(x) / base - 1) * 100)}
                  />
                  </Flex>
                </Flex>
                {base === 0 && <Typography.Text type="secondary">{t('noBase')}</Typography.Text>}
              </div>
            );
          })}
        </div>
        <div>
          <Typography.Text type="secondary">{t('expected')}</Typography.Text>
          <div className="numbers" style={{ fontSize: 28 }} role="status">{f.money(result ? result.expected.money : period.money)}</div>
          {result ? <><Change now={result.expected.money} before={period.money} write={f.money} isLessBetter={false} /> <Typography.Text type="secondary">{t('now', { money: f.money(period.money) })}</Typography.Text></> : null}
          {result && effects && (
            <Waterfall
              before={period.money} after={result.expected.money} effects={effects} names={{ before: t('was'), after: t('will') }}
              label={t('chart', { before: f.money(period.money), after: f.money(result.expected.money), effects: factors.map((x) => `${name(x)} ${signed(effects[x])}`).join(', ') })}
            />
          )}
          {isChanged && answer.error && <Failed problem={answer.error as unknown as Problem} />}
        </div>
      </div>
    </Card>
  );
}
