import { useProject } from '../app/session';

/**
 * A day as the API writes it: `2026-11-22`. Days are the project's, whatever clock the browser goes by: only {@link todayIn}, {@link dayStart} and {@link dayEnd} look at a time zone,
 * everything else reckons with dates.
 */
export type Day = string;

export type Unit = 'day' | 'week' | 'month';

const ofDay = 86_400_000;
const read = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
const write = (utc: number): Day => new Date(utc).toISOString().slice(0, 10);

export const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(read(text)) && write(read(text)) === text;

export const addDays = (day: Day, days: number): Day => write(read(day) + days * ofDay);

/** The same date so many months on, or the last of a month that has no such date. */
export function addMonths(day: Day, months: number): Day {
  const first = new Date(read(monthStart(day)));
  first.setUTCMonth(first.getUTCMonth() + months);
  const start = write(first.getTime());
  const [same, end] = [`${start.slice(0, 8)}${day.slice(8)}`, monthEnd(start)];
  return same < end ? same : end;
}

/** How many days there are, both counted. */
export const countDays = (from: Day, to: Day): number => Math.round((read(to) - read(from)) / ofDay) + 1;

/** The Monday of the day's week, in every language of the page. */
const weekStart = (day: Day): Day => addDays(day, -((new Date(read(day)).getUTCDay() + 6) % 7));

export const monthStart = (day: Day): Day => `${day.slice(0, 7)}-01`;

export const monthEnd = (day: Day): Day => write(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0));

/** The days, Mondays or firsts of months that a range touches, as reports key them. */
export function periodsOf(from: Day, to: Day, unit: Unit): Day[] {
  const periods: Day[] = [];
  const next = (at: Day): Day => (unit === 'month' ? addMonths(at, 1) : addDays(at, unit === 'week' ? 7 : 1));
  for (let at = unit === 'week' ? weekStart(from) : unit === 'month' ? monthStart(from) : from; at <= to; at = next(at)) periods.push(at);
  return periods;
}

/** The part of some days that lies within others. */
export const within = (days: { from: Day; to: Day }, { from, to }: { from: Day; to: Day }): { from: Day; to: Day } => ({ from: days.from > from ? days.from : from, to: days.to < to ? days.to : to });

/** What the calendar on the wall of a time zone shows at a moment, as if it were UTC; the browser's own zone when none is given. */
function wallAt(moment: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone || undefined, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(moment);
  const of = (type: string): number => Number(parts.find((p) => p.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

const offsetAt = (moment: number, zone: string): number => wallAt(moment, zone) - Math.floor(moment / 1000) * 1000;

export const todayIn = (zone: string | undefined, now = Date.now()): Day => write(wallAt(now, zone));

/** The project's day; outside of a project the browser's. */
export function useToday(): Day {
  return todayIn(useProject()?.timeZone);
}

/** When a day of the project begins, as a moment that the API takes; `later` days are added. */
export function dayStart(day: Day, zone: string, later = 0): string {
  const wall = read(day) + later * ofDay;
  // The second look is for days on which the clocks change.
  const guess = wall - offsetAt(wall, zone);
  return new Date(wall - offsetAt(guess, zone)).toISOString();
}

/** Its last moment. */
export const dayEnd = (day: Day, zone: string): string => new Date(Date.parse(dayStart(day, zone, 1)) - 1).toISOString();
