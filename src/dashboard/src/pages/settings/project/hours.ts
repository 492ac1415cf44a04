import { defineTexts } from '../../../app/texts';

export const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Day = (typeof days)[number];
export type Hours = Partial<Record<Day, string>>;

export const dayTexts = defineTexts(
  { mon: 'Понедельник', tue: 'Вторник', wed: 'Среда', thu: 'Четверг', fri: 'Пятница', sat: 'Суббота', sun: 'Воскресенье' },
  { mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday', fri: 'Friday', sat: 'Saturday', sun: 'Sunday' },
);

/** As people write hours: with dashes of any kind and spaces. */
const tidy = (text: string): string => text.replace(/\s/g, '').replace(/[–—]/g, '-').replace(/;/g, ',').replace(/(^|[-,])(\d):/g, '$10$2:');

/** Of a form to what the service keeps: a day without hours is left out. */
export const hoursToSend = (hours: Hours | undefined): Record<string, string> =>
  Object.fromEntries(days.map((d) => [d, tidy(hours?.[d] ?? '')] as const).filter(([, text]) => text !== ''));

export const isHours = (text: string | undefined): boolean => !text?.trim() || /^\d\d:\d\d-\d\d:\d\d(,\d\d:\d\d-\d\d:\d\d)*$/.test(tidy(text));
