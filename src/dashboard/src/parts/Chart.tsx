import { Skeleton } from 'antd';
import { lazy, Suspense, type ComponentProps } from 'react';

const Drawn = lazy(() => import('./DrawnChart'));

/** A chart by ECharts, whose code comes only when the first chart is shown. `label` says in words what it shows: that is all that a screen reader gets, so a table with the figures belongs beside it. */
export function Chart(props: ComponentProps<typeof Drawn>) {
  return (
    <Suspense fallback={<Skeleton.Node active style={{ width: '100%', height: props.height ?? 280 }} />}>
      <Drawn {...props} />
    </Suspense>
  );
}
