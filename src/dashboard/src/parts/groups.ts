import type { Schemas } from '../api/client';
import { useFormats } from '../app/formats';
import { defineTexts } from '../app/texts';
import { monthEnd, within, type Day } from './days';
import { useChannelName } from './passport';

const texts = defineTexts({ none: 'Не указано', weekOf: 'неделя с {{day}}' }, { none: 'Not given', weekOf: 'week of {{day}}' });

/** How a key of a report's group is written for people. */
export function useGroupName(): (groupBy: string, group: Schemas['Group'] | Schemas['GroupName']) => string {
  const t = texts.use();
  const f = useFormats();
  const channel = useChannelName();
  return (groupBy, { key, name }) => {
    if (key === '(none)') return t('none');
    if (groupBy === 'month') return f.month(key);
    if (groupBy === 'week') return t('weekOf', { day: f.day(key) });
    if (groupBy === 'day') return f.day(key);
    return groupBy === 'channel' ? channel(key) : (name ?? key);
  };
}

/** The filter that takes a group's key: a site's is named otherwise than the group. */
export const filterOf = (groupBy: string, key: string): Record<string, string> => ({ [groupBy === 'site' ? 'siteId' : groupBy]: key });

/** The days of a month (`2026-11-01`) that lie within others. */
export const monthWithin = (key: Day, from: Day, to: Day): { from: Day; to: Day } => within({ from: key, to: monthEnd(key) }, { from, to });
