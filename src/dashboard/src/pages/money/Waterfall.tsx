import { useMemo } from 'react';
import { useFormats } from '../../app/formats';
import { useIsDark } from '../../app/theme';
import { Chart } from '../../parts/Chart';
import { factors, useFactorName, type Effects } from './factors';

/** From one amount to another, step by step: what each factor added or took away. */
export function Waterfall({ before, after, effects, names, label }: { before: number; after: number; effects: Effects; names: { before: string; after: string }; label: string }) {
  const f = useFormats();
  const name = useFactorName();
  const isDark = useIsDark();
  const option = useMemo(() => {
    const steps = factors.map((x) => effects[x]);
    const ends = steps.reduce<number[]>((all, s) => [...all, (all[all.length - 1] ?? 0) + s], [before]);
    const colours = { end: isDark ? '#4c8dff' : '#1f5fd0', up: isDark ? '#49aa19' : '#389e0d', down: isDark ? '#d9534f' : '#cf1322' };
    const bars = [before, ...steps, after];
    const base = [0, ...steps.map((s, i) => Math.min(ends[i] ?? 0, (ends[i] ?? 0) + s)), 0];
    const signed = (v: number): string => `${v > 0 ? '+' : v < 0 ? '−' : ''}${f.money(Math.abs(v))}`;
    const isStep = (i: number): boolean => i > 0 && i < bars.length - 1;
    const write = (i: number): string => (isStep(i) ? signed(bars[i] ?? 0) : f.money(bars[i]));
    return {
      grid: { left: 118, right: 96, top: 8, bottom: 28 },
      tooltip: { trigger: 'item', formatter: (p: { dataIndex: number; name: string }) => `${p.name}: ${write(p.dataIndex)}` },
      // From the top down: names of factors are too long to stand side by side.
      yAxis: { type: 'category', inverse: true, data: [names.before, ...factors.map(name), names.after], axisLabel: { interval: 0, width: 108, overflow: 'break', lineHeight: 14 }, axisTick: { show: false } },
      xAxis: { type: 'value', axisLabel: { formatter: (v: number) => f.compact(v), hideOverlap: true } },
      series: [
        { type: 'bar', stack: 'a', data: base, itemStyle: { color: 'transparent' }, emphasis: { disabled: true }, tooltip: { show: false }, silent: true },
        {
          type: 'bar', stack: 'a', barMaxWidth: 24,
          data: bars.map((v, i) => ({ value: isStep(i) ? Math.abs(v) : v, itemStyle: { color: !isStep(i) ? colours.end : v >= 0 ? colours.up : colours.down } })),
          label: { show: true, position: 'right', color: 'inherit', formatter: (p: { dataIndex: number }) => write(p.dataIndex) },
        },
      ],
    };
  }, [before, after, effects, names.before, names.after, f, name, isDark]);
  return <Chart label={label} option={option} height={260} />;
}
