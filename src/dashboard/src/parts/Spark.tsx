/** A line without axes, for a cell of a table. */
export function Spark({ values, label, width = 88, height = 22 }: { values: readonly number[]; label: string; width?: number; height?: number }) {
  if (values.length < 2) return null;
  const [least, most] = [Math.min(0, ...values), Math.max(...values)];
  const span = most - least || 1;
  const points = values.map((v, i) => `${((i / (values.length - 1)) * (width - 2) + 1).toFixed(1)},${(height - 2 - ((v - least) / span) * (height - 4)).toFixed(1)}`).join(' ');
  return (
    <svg width={width} height={height} role="img" aria-label={label} style={{ verticalAlign: 'middle' }}>
      <polyline points={points} fill="none" stroke="var(--ant-color-primary, #1f5fd0)" strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  );
}
