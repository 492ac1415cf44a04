import { theme } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Chart } from '../../parts/Chart';
import { useGroupName } from '../../parts/groups';
import { ChartFigures } from '../../parts/PlainTable';
import { useCheckWords, type Check } from './checks';

const texts = defineTexts({ label: 'Доля нарушений по времени заведения сделки', period: 'Период', deals: 'Сделок' }, { label: 'Share of what is wrong, by when deals were made', period: 'Period', deals: 'Deals' });

/** Lines that have anything to show. */
export function HygieneTrend({ of, by, checks }: { of: readonly Schemas['GetHygieneItem'][]; by: string; checks: readonly Check[] }) {
  const t = texts.use();
  const f = useFormats();
  const words = useCheckWords();
  const groupName = useGroupName();
  const { token } = theme.useToken();
  const found = checks.filter((c) => of.some((p) => (p.figures.shares[c]?.part ?? 0) > 0));
  const names = of.map((p) => groupName(by, p.group));
  const option = {
    grid: { left: 8, right: 16, top: 56, bottom: 4, containLabel: true },
    legend: { type: 'scroll', top: 0, textStyle: { color: token.colorTextSecondary } },
    tooltip: { trigger: 'axis', valueFormatter: (v: unknown) => (typeof v === 'number' ? f.share(v) : f.none) },
    xAxis: { type: 'category', data: names, axisLabel: { hideOverlap: true, color: token.colorTextSecondary } },
    yAxis: { type: 'value', min: 0, axisLabel: { formatter: (v: number) => f.share(v), color: token.colorTextSecondary }, splitLine: { lineStyle: { color: token.colorSplit } } },
    series: found.map((c, i) => ({ type: 'line', name: words(c).short, data: of.map((p) => p.figures.shares[c]?.value ?? null), symbolSize: 5, lineStyle: { width: 2, type: i > 3 ? 'dashed' : 'solid' } })),
  };
  return (
    <>
      <Chart label={t('label')} option={option} height={300} />
      <ChartFigures
        label={t('label')}
        rows={of}
        rowKey={(p) => p.group.key}
        columns={[{ title: t('period'), of: (p) => groupName(by, p.group) }, { title: t('deals'), isNumber: true, of: (p) => f.count(p.figures.deals) }, ...found.map((c) => ({ title: words(c).short, isNumber: true, of: (p: Schemas['GetHygieneItem']) => f.share(p.figures.shares[c]?.value) }))]}
      />
    </>
  );
}
