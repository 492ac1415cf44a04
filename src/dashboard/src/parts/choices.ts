import { language } from '../app/texts';

/** Time zones as the browser knows them, those of Russia first. */
export function timeZones(): { value: string; label: string }[] {
  const russian = [
    'Europe/Moscow', 'Europe/Kaliningrad', 'Europe/Samara', 'Asia/Yekaterinburg', 'Asia/Omsk', 'Asia/Novosibirsk', 'Asia/Krasnoyarsk', 'Asia/Irkutsk', 'Asia/Yakutsk', 'Asia/Vladivostok', 'Asia/Magadan', 'Asia/Kamchatka',
  ];
  const rest = Intl.supportedValuesOf('timeZone').filter((z) => !russian.includes(z));
  return [...russian, ...rest].map((value) => ({ value, label: value }));
}

/** Currencies as the browser knows them, those of the region first. */
export function currencies(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language(), { type: 'currency' });
  const near = ['RUB', 'KZT', 'BYN', 'UZS', 'KGS', 'AMD', 'GEL', 'AZN', 'UAH', 'USD', 'EUR', 'CNY', 'TRY', 'AED'];
  const rest = Intl.supportedValuesOf('currency').filter((c) => !near.includes(c));
  return [...near, ...rest].map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }));
}
