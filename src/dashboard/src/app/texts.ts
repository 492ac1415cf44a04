import i18next from 'i18next';
import { useSyncExternalStore } from 'react';

export type Language = 'ru' | 'en';

const kept = 'leadingest.language';

void i18next.init({
  lng: localStorage.getItem(kept) === 'en' ? 'en' : 'ru',
  fallbackLng: 'ru',
  showSupportNotice: false,
  // React writes text as text.
  interpolation: { escapeValue: false },
  initAsync: false,
} as Parameters<typeof i18next.init>[0]);
document.documentElement.lang = i18next.language;

export const language = (): Language => (i18next.language === 'en' ? 'en' : 'ru');

export function speak(to: Language): void {
  localStorage.setItem(kept, to);
  document.documentElement.lang = to;
  void i18next.changeLanguage(to);
}

function listen(tell: () => void): () => void {
  i18next.on('languageChanged', tell);
  return () => i18next.off('languageChanged', tell);
}

/** The language of the page; a component that asks is drawn anew when it changes. */
export const useLanguage = (): Language => useSyncExternalStore(listen, language);

/** `leads_one`, `leads_few`, `leads_many`, `leads_other` are asked for as `leads` with a `count`. */
type Key<T> = { [K in keyof T & string]: K extends `${infer Name}_${'one' | 'few' | 'many' | 'other'}` ? Name : K }[keyof T & string];
type English<T> = { readonly [K in keyof T as K extends `${string}_few` | `${string}_many` ? never : K]: string };

export type Say<T> = (key: Key<T>, values?: Record<string, string | number>) => string;

let count = 0;

/**
 * The words of one room of the page, Russian and English side by side; the compiler sees to it that neither lacks one.
 *
 * ```ts
 * const texts = defineTexts({ title: 'Заявки', leads_one: '{{count}} заявка', leads_few: '{{count}} заявки', leads_many: '{{count}} заявок', leads_other: '{{count}} заявки' },
 *   { title: 'Leads', leads_one: '{{count}} lead', leads_other: '{{count}} leads' });
 * const t = texts.use(); t('title'); t('leads', { count: 3 });
 * ```
 */
export function defineTexts<const T extends Record<string, string>>(ru: T, en: English<T>): { use: () => Say<T>; say: Say<T> } {
  const room = `room${count++}`;
  i18next.addResourceBundle('ru', room, ru);
  i18next.addResourceBundle('en', room, en);
  const say: Say<T> = (key, values) => i18next.t(key as string, { ns: room, ...values } as Record<string, unknown>);
  return { use: () => (useLanguage(), say), say };
}
