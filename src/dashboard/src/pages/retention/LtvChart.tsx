import { theme } from 'antd';
import { useMemo } from 'react';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Chart } from '../../parts/Chart';
import { ChartFigures } from '../../parts/PlainTable';

const texts = defineTexts({ month: 'Месяц', axis: 'месяцев с первой оплаты или обращения' }, { month: 'Month', axis: 'months since the first payment or enquiry' });

/** More lines than these tell nothing apart. */
const most = 7;

/** How what a client has brought grows, month by month; lines of the greatest groups. */
export function LtvChart({ rows, label }: { rows: readonly (Schemas['GetLtvReportRow'] & { name: string })[]; label: string }) {
  const t = texts.use();
  const f = useFormats();
  const { token } = theme.useToken();
  const shown = useMemo(() => rows.slice(0, most + 1), [rows]);
  const months = useMemo(() => Array.from({ length: Math.max(1, ...shown.map((r) => (r.curve.at(-1)?.month ?? 0) + 1)) }, (_, m) => m), [shown]);
  const at = (r: (typeof shown)[number], month: number): number | null => r.curve.find((p) => p.month === month)?.ltv ?? null;
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 16, top: 40, bottom: 24, containLabel: true },
      legend: { type: 'scroll', top: 0, textStyle: { color: token.colorTextSecondary } },
      tooltip: { trigger: 'axis', valueFormatter: (v: unknown) => (typeof v === 'number' ? f.money(v) : f.none) },
      xAxis: { type: 'category', data: months.map((m) => m + 1), name: t('axis'), nameLocation: 'middle', nameGap: 26, nameTextStyle: { color: token.colorTextSecondary }, axisLabel: { color: token.colorTextSecondary } },
      yAxis: { type: 'value', axisLabel: { formatter: f.compact, color: token.colorTextSecondary }, splitLine: { lineStyle: { color: token.colorSplit } } },
      series: shown.map((r, i) => ({
        type: 'line', name: r.name, data: months.map((m) => r.curve.find((p) => p.month === m)?.ltv ?? null), showSymbol: months.length < 3, lineStyle: { width: i === 0 ? 3.5 : 1.8, type: i === 0 ? 'solid' : i > 4 ? 'dashed' : 'solid' }, ...(i === 0 ? { color: token.colorText } : {}),
      })),
    }),
    [shown, months, token, f, t],
  );
  return (
    <>
      <Chart label={`${label}: ${shown.map((r) => `${r.name} — ${f.money(r.figures.ltv)}`).join(', ')}`} option={option} height={320} />
      <ChartFigures label={label} rows={months} rowKey={String} columns={[{ title: t('month'), of: (m) => m + 1 }, ...shown.map((r) => ({ title: r.name, isNumber: true, of: (m: number) => f.money(at(r, m)) }))]} />
    </>
  );
}
