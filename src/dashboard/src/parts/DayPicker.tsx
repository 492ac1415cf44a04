import dayjsConfig from '@rc-component/picker/generate/dayjs';
import { DatePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import 'dayjs/locale/en-gb';
import 'dayjs/locale/ru';
import type { CSSProperties } from 'react';
import { useProject } from '../app/session';
import { todayIn, type Day } from './days';

type Picker = ReturnType<typeof DatePicker.generatePicker<Dayjs>>;

const made = new Map<string, Picker>();

/** The library's picker (its own words for dates come with it), whose «today» is the project's: otherwise it would be the browser's. */
function usePicker(): Picker {
  const zone = useProject()?.timeZone ?? '';
  let picker = made.get(zone);
  if (!picker) made.set(zone, (picker = DatePicker.generatePicker<Dayjs>({ ...dayjsConfig, getNow: () => dayjs(todayIn(zone)) })));
  return picker;
}

const read = (day: Day | null | undefined): Dayjs | null => (day ? dayjs(day) : null);
const write = (day: Dayjs | null | undefined): Day | undefined => day?.format('YYYY-MM-DD');
const wide: CSSProperties = { width: '100%' };

/** What a form gives its fields. */
interface Field<T> {
  readonly id?: string;
  readonly value?: T;
  readonly onChange?: (value: T) => void;
}

/** Chooses a day. It goes in and out as `2026-11-22`; so do those of the other two. */
export function DayPicker({ id, value, onChange, isOff }: Field<Day | null | undefined> & { isOff?: (day: Day) => boolean }) {
  const Picker = usePicker();
  return <Picker id={id} value={read(value)} onChange={(day) => onChange?.(write(day as Dayjs | null) ?? null)} disabledDate={isOff && ((day) => isOff(write(day) ?? ''))} style={wide} />;
}

export type Days = readonly [from: Day | undefined, to: Day | undefined];

interface Range extends Field<Days | undefined> {
  readonly label?: string;
  /** Words where a day is not chosen; with them either side may stay open. */
  readonly placeholder?: [string, string];
  /** Whether nothing may be chosen at all. */
  readonly canClear?: boolean;
  readonly style?: CSSProperties;
}

/** Chooses a range of days. */
export function DaysPicker({ id, value, onChange, label, placeholder, canClear = true, style = wide }: Range) {
  const Picker = usePicker();
  return (
    <Picker.RangePicker
      id={id}
      aria-label={label}
      allowClear={canClear}
      {...(placeholder ? { placeholder, allowEmpty: [true, true] as [boolean, boolean] } : {})}
      value={[read(value?.[0]), read(value?.[1])]}
      onChange={(days) => onChange?.(days ? [write(days[0]), write(days[1])] : undefined)}
      style={style}
    />
  );
}

/** Chooses any number of days. */
export function ManyDaysPicker({ id, value, onChange }: Field<readonly Day[] | undefined>) {
  const Picker = usePicker();
  return <Picker id={id} multiple maxTagCount="responsive" value={value?.map((day) => dayjs(day))} onChange={(days) => onChange?.(((days ?? []) as Dayjs[]).map((day) => write(day) ?? '').sort())} style={{ ...wide, maxWidth: 520 }} />;
}
