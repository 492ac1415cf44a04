import { theme } from 'antd';
import { useMemo } from 'react';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Chart } from '../../parts/Chart';
import { ChartFigures } from '../../parts/PlainTable';

const texts = defineTexts(
  { to30: 'до 30 с', to1: '30 с – 1 мин', to3: '1–3 мин', to10: '3–10 мин', more: 'дольше 10 мин', length: 'Длительность', calls: 'Звонков', label: 'Разговоры по длительности: {{what}}' },
  { to30: 'under 30 s', to1: '30 s – 1 min', to3: '1–3 min', to10: '3–10 min', more: 'over 10 min', length: 'Length', calls: 'Calls', label: 'Talks by length: {{what}}' },
);

const bands = ['to30', 'to1', 'to3', 'to10', 'more'] as const;

/** Answered calls by how long they lasted. */
export function Durations({ of }: { of: readonly number[] }) {
  const t = texts.use();
  const f = useFormats();
  const { token } = theme.useToken();
  const rows = useMemo(() => bands.map((b, i) => ({ name: t(b), calls: of[i] ?? 0 })), [of, t]);
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 40, top: 4, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'value', minInterval: 1, axisLabel: { color: token.colorTextSecondary }, splitLine: { lineStyle: { color: token.colorSplit } } },
      yAxis: { type: 'category', inverse: true, data: rows.map((r) => r.name), axisTick: { show: false }, axisLabel: { color: token.colorTextSecondary } },
      series: [{ type: 'bar', name: t('calls'), data: rows.map((r) => r.calls), color: token.colorPrimary, barMaxWidth: 22, label: { show: true, position: 'right', color: token.colorText } }],
    }),
    [rows, token, t],
  );
  return (
    <>
      <Chart label={t('label', { what: rows.map((r) => `${r.name} — ${r.calls}`).join(', ') })} option={option} height={200} />
      <ChartFigures label={t('length')} rows={rows} rowKey={(r) => r.name} columns={[{ title: t('length'), of: (r) => r.name }, { title: t('calls'), of: (r) => f.count(r.calls), isNumber: true }]} />
    </>
  );
}
