import { useLanguage, type Language } from './texts';
import { useProject } from './session';

const zoneOf = (zone: string | undefined): string | undefined => zone || undefined;

/** How values are written: by the page's language, the project's currency and its time zone. What has no value is a dash, never 0. */
export function formatsOf(lang: Language, currency: string, zone?: string) {
  const locale = lang === 'en' ? 'en-GB' : 'ru-RU';
  const of = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
  const count = of({ maximumFractionDigits: 1 });
  const share = of({ style: 'percent', maximumFractionDigits: 1 });
  const whole = of({ style: 'currency', currency, maximumFractionDigits: 0 });
  const exact = of({ style: 'currency', currency, minimumFractionDigits: 2 });
  const compact = of({ notation: 'compact', maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const dayHere = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: zoneOf(zone) });
  const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  const shortWeekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: zoneOf(zone) });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zoneOf(zone) });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const none = '—';
  const or = <T,>(value: T | null | undefined, write: (v: T) => string): string => (value === null || value === undefined ? none : write(value));
  const utc = (d: string): Date => new Date(`${d.slice(0, 10)}T00:00:00Z`);
  const weekOf = (d: string): string => (lang === 'en' ? `week of ${d}` : `неделя с ${d}`);
  // 1 January 2024 was a Monday.
  const ofWeek = (n: number): number => Date.UTC(2024, 0, n);
  return {
    none,
    /** A whole number, or a part of a deal under a model that shares. */
    count: (v: number | null | undefined) => or(v, (n) => count.format(n)),
    /** 0.15 is 15 %. */
    share: (v: number | null | undefined) => or(v, (n) => share.format(n)),
    /** Without kopecks: for reading. */
    money: (v: number | null | undefined) => or(v, (n) => whole.format(n)),
    /** With kopecks: for checking. */
    exact: (v: number | null | undefined) => or(v, (n) => exact.format(n)),
    /** For axes: 1.2 M. */
    compact: (v: number | null | undefined) => or(v, (n) => compact.format(n)),
    /** A day as `2026-11-22`. */
    day: (v: string | null | undefined) => or(v, (d) => day.format(utc(d))),
    shortDay: (v: string | null | undefined) => or(v, (d) => shortDay.format(utc(d))),
    /** A week by its Monday. */
    week: (v: string | null | undefined) => or(v, (d) => weekOf(day.format(utc(d)))),
    shortWeek: (v: string | null | undefined) => or(v, (d) => weekOf(shortDay.format(utc(d)))),
    /** 1 is Monday. */
    weekday: (n: number) => weekday.format(ofWeek(n)),
    shortWeekday: (n: number) => shortWeekday.format(ofWeek(n)),
    month: (v: string | null | undefined) => or(v, (d) => month.format(new Date(`${d.slice(0, 7)}-01T00:00:00Z`))),
    /** The day of a moment, in the project's time zone. */
    dayAt: (v: string | null | undefined) => or(v, (m) => dayHere.format(new Date(m))),
    /** A moment, in the project's time zone. */
    moment: (v: string | null | undefined) => or(v, (m) => moment.format(new Date(m))),
    clock: (v: string | null | undefined) => or(v, (m) => clock.format(new Date(m))),
    /** Seconds as «1 ч 05 мин», «3 мин 20 с», «12 с». */
    span: (v: number | null | undefined) =>
      or(v, (s) => {
        const [h, m, r] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60), Math.round(s % 60)];
        const u = lang === 'en' ? { d: 'd', h: 'h', m: 'min', s: 's' } : { d: 'д', h: 'ч', m: 'мин', s: 'с' };
        if (h >= 48) return `${Math.floor(h / 24)} ${u.d} ${h % 24} ${u.h}`;
        return h > 0 ? `${h} ${u.h} ${String(m).padStart(2, '0')} ${u.m}` : m > 0 ? `${m} ${u.m} ${String(r).padStart(2, '0')} ${u.s}` : `${r} ${u.s}`;
      }),
    /** «5 минут назад». */
    ago: (v: string | null | undefined) =>
      or(v, (m) => {
        const seconds = (new Date(m).getTime() - Date.now()) / 1000;
        const [unit, size] = ([['day', 86_400], ['hour', 3_600], ['minute', 60]] as const).find(([, s]) => Math.abs(seconds) >= s) ?? (['second', 1] as const);
        return relative.format(Math.round(seconds / size), unit);
      }),
  };
}

export type Formats = ReturnType<typeof formatsOf>;

/** Making them costs more than writing a thousand values: every cell of a table asks for the same ones. */
const made = new Map<string, Formats>();

function formatsFor(lang: Language, currency: string, zone?: string): Formats {
  const key = `${lang} ${currency} ${zone ?? ''}`;
  let formats = made.get(key);
  if (!formats) made.set(key, (formats = formatsOf(lang, currency, zone)));
  return formats;
}

export function useFormats(): Formats {
  const lang = useLanguage();
  const project = useProject();
  return formatsFor(lang, project?.currency ?? 'RUB', project?.timeZone);
}
