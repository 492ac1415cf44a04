import { theme } from 'antd';
import { useMemo } from 'react';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { Chart } from '../../parts/Chart';

/** Who came stands above the line, who left below it; the base is the curve. The figures stand in the table under it. */
export function BaseChart({ rows, label, names }: { rows: readonly Schemas['GetClientBaseReportRow'][]; label: string; names: Record<'new' | 'reactivated' | 'churned' | 'baseEnd', string> }) {
  const f = useFormats();
  const { token } = theme.useToken();
  const option = useMemo(() => {
    const bar = (name: string, color: string, data: number[]) => ({ type: 'bar', stack: 'flow', name, color, data, barMaxWidth: 30 });
    const axis = { type: 'value', axisLabel: { formatter: f.compact, color: token.colorTextSecondary } };
    return {
      grid: { left: 8, right: 8, top: 40, bottom: 4, containLabel: true },
      legend: { top: 0, textStyle: { color: token.colorTextSecondary } },
      tooltip: { trigger: 'axis', valueFormatter: (v: unknown) => (typeof v === 'number' ? f.count(Math.abs(v)) : f.none) },
      xAxis: { type: 'category', data: rows.map((r) => f.month(r.group?.key)), axisLabel: { hideOverlap: true, color: token.colorTextSecondary }, axisLine: { onZero: true } },
      yAxis: [{ ...axis, splitLine: { lineStyle: { color: token.colorSplit } } }, { ...axis, position: 'right', splitLine: { show: false } }],
      series: [
        bar(names.new, token.colorPrimary, rows.map((r) => r.flow.new)), bar(names.reactivated, '#389e0d', rows.map((r) => r.flow.reactivated)), bar(names.churned, token.colorError, rows.map((r) => -r.flow.churned)),
        { type: 'line', name: names.baseEnd, yAxisIndex: 1, color: token.colorText, data: rows.map((r) => r.flow.baseEnd), symbolSize: 5 },
      ],
    };
  }, [rows, names, token, f]);
  return <Chart label={`${label}: ${rows.map((r) => `${f.month(r.group?.key)} — ${r.flow.baseEnd}`).join(', ')}`} option={option} height={280} />;
}
