import type { Schemas } from '../api/client';
import { useFormats } from '../app/formats';
import { defineTexts } from '../app/texts';
import { addDays, addMonths, monthEnd, within, type Day } from './days';
import { useChannelName } from './passport';

const texts = defineTexts({ none: 'Не указано', manager: 'Без ответственного' }, { none: 'Not given', manager: 'Nobody responsible' });

/** How a key of a report's group is written for people. */
export function useGroupName(): (groupBy: string, group: Schemas['Group'] | Schemas['GroupName']) => string {
  const t = texts.use();
  const f = useFormats();
  const channel = useChannelName();
  return (groupBy, { key, name }) => {
    if (key === '(none)') return t(groupBy === 'manager' ? 'manager' : 'none');
    if (groupBy === 'month') return f.month(key);
    if (groupBy === 'week') return f.week(key);
    if (groupBy === 'day') return f.day(key);
    if (groupBy === 'weekday') return f.weekday(Number(key));
    if (groupBy === 'hour') return `${key.padStart(2, '0')}:00`;
    return groupBy === 'channel' ? channel(key) : (name ?? key);
  };
}

interface Days {
  readonly from: Day;
  readonly to: Day;
}

const ends: Readonly<Record<string, (first: Day) => Day>> = { day: (first) => first, week: (first) => addDays(first, 6), month: monthEnd, quarter: (first) => monthEnd(addMonths(first, 2)) };

/** The days of a group by time that lie within those of the report; undefined when it is grouped by something else. */
export function daysOf(groupBy: string, key: string, { from, to }: Days): Days | undefined {
  const end = ends[groupBy];
  return end && within({ from: key, to: end(key) }, { from, to });
}

/** The filter that takes a group's key: a site's is named otherwise than the group. */
export const filterOf = (groupBy: string, key: string): Record<string, string> => ({ [groupBy === 'site' ? 'siteId' : groupBy]: key });

/** How the rows of a group are asked for: by days of its own, or by its key within those of the report. */
export const rowsOf = (groupBy: string, key: string, { from, to }: Days): Record<string, string> => ({ ...(daysOf(groupBy, key, { from, to }) ?? { from, to, ...filterOf(groupBy, key) }) });
