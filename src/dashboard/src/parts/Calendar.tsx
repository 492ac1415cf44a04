import { DatePicker } from 'antd';
import type { Dayjs } from 'dayjs';

/** The picker of a range of days. */
export default function Calendar({ label, from, to, onChoose }: { label: string; from: Dayjs; to: Dayjs; onChoose: (from: Dayjs, to: Dayjs) => void }) {
  return <DatePicker.RangePicker aria-label={label} allowClear={false} value={[from, to]} onChange={(v) => v?.[0] && v[1] && onChoose(v[0], v[1])} style={{ width: '100%' }} />;
}
