import { BarChart, FunnelChart, HeatmapChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import type { EChartsCoreOption, ECElementEvent } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useIsDark } from '../app/theme';

echarts.use([
  BarChart, FunnelChart, HeatmapChart, LineChart, PieChart, ScatterChart, AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer,
]);

interface Props {
  /** In words, for who cannot see it. */
  readonly label: string;
  readonly option: EChartsCoreOption;
  /** Pixels; 280 when absent. */
  readonly height?: number;
  readonly onPick?: (event: ECElementEvent) => void;
}

export default function DrawnChart({ label, option, height = 280, onPick }: Props) {
  const isDark = useIsDark();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts>(undefined);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    const drawn = echarts.init(place.current, isDark ? 'dark' : undefined);
    chart.current = drawn;
    drawn.on('click', (e) => pick.current?.(e));
    const watcher = new ResizeObserver(() => drawn.resize());
    watcher.observe(place.current!);
    return () => {
      watcher.disconnect();
      drawn.dispose();
    };
  }, [isDark]);

  useEffect(() => {
    const tooltip = (option.tooltip ?? {}) as object;
    // Rich text is drawn: names of campaigns stay text, and no style of an HTML tooltip is refused by the page's policy.
    chart.current?.setOption({ backgroundColor: 'transparent', animationDuration: 300, ...option, tooltip: { ...tooltip, renderMode: 'richText', confine: true } }, { notMerge: true });
  }, [option, isDark]);

  return <div ref={place} role="img" aria-label={label} style={{ width: '100%', height }} />;
}
