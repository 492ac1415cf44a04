import { theme } from 'antd';
import { useMemo } from 'react';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Chart } from '../../parts/Chart';
import { ChartFigures } from '../../parts/PlainTable';

const texts = defineTexts(
  { given: 'Получили номер', exhausted: 'Номера не хватило', peak: 'Больше всего разом', day: 'День', label: 'Визиты, которым понадобился номер, по дням' },
  { given: 'Got a number', exhausted: 'Found none free', peak: 'Most at once', day: 'Day', label: 'Visits that asked for a number, by day' },
);

/** Visits that asked for a number, day by day. */
export function PoolChart({ of }: { of: Schemas['GetNumberUsageResponse'] }) {
  const t = texts.use();
  const f = useFormats();
  const { token } = theme.useToken();
  const option = useMemo(() => {
    const bar = (name: string, color: string, data: number[]) => ({ type: 'bar', stack: 'all', name, color, data, barMaxWidth: 26 });
    return {
      grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
      legend: { top: 0, textStyle: { color: token.colorTextSecondary } },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: of.items.map((p) => f.dayAt(p.at)), axisLabel: { hideOverlap: true, color: token.colorTextSecondary } },
      yAxis: { type: 'value', minInterval: 1, axisLabel: { color: token.colorTextSecondary }, splitLine: { lineStyle: { color: token.colorSplit } } },
      series: [bar(t('given'), token.colorPrimary, of.items.map((p) => p.figures.given)), bar(t('exhausted'), token.colorError, of.items.map((p) => p.figures.exhausted))],
    };
  }, [of, token, t, f]);
  return (
    <div>
      <Chart label={t('label')} option={option} height={220} />
      <ChartFigures
        label={t('label')}
        rows={of.items}
        rowKey={(p) => p.at}
        columns={[
          { title: t('day'), of: (p) => f.dayAt(p.at) }, { title: t('given'), isNumber: true, of: (p) => f.count(p.figures.given) }, { title: t('exhausted'), isNumber: true, of: (p) => f.count(p.figures.exhausted) },
          { title: t('peak'), isNumber: true, of: (p) => f.count(p.figures.peakHeld) },
        ]}
      />
    </div>
  );
}
