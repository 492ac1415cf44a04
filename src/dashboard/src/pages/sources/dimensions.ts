import { useMemo } from 'react';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useChannelName } from '../../parts/passport';

/** What rows of the report may stand for, as the service spells it. */
export const dimensions = [
  'channel', 'source', 'medium', 'campaign', 'content', 'keyword', 'landingPage', 'site', 'region', 'device', 'manager', 'pipeline', 'product', 'day', 'week', 'month',
] as const;

export type Dimension = (typeof dimensions)[number];

export const isDimension = (name: string): name is Dimension => dimensions.some((d) => d === name);

export const presets: readonly (readonly Dimension[])[] = [
  ['channel', 'source', 'campaign', 'keyword'],
  ['source', 'campaign', 'content'],
  ['campaign'],
  ['keyword'],
  ['landingPage'],
  ['manager', 'channel', 'source'],
  ['product', 'channel', 'source'],
  ['region', 'source'],
  ['device', 'source'],
  ['site', 'channel', 'source'],
  ['pipeline', 'source'],
  ['month', 'channel', 'source'],
  ['week', 'source'],
  ['day', 'source'],
];

const texts = defineTexts(
  {
    channel: 'Канал', source: 'Источник', medium: 'Тип', campaign: 'Кампания', content: 'Объявление', keyword: 'Ключевая фраза', site: 'Сайт', region: 'Регион', landingPage: 'Страница входа', device: 'Устройство',
    manager: 'Менеджер', pipeline: 'Воронка', product: 'Товар', day: 'День', week: 'Неделя', month: 'Месяц', repeat: 'Повторные сделки без рекламы', none: 'Источник не найден', empty: 'Не указано',
    campaign_: 'Без кампании', keyword_: 'Без ключевой фразы', manager_: 'Без менеджера', product_: 'Без товара', desktop: 'Компьютер', mobile: 'Телефон', tablet: 'Планшет', auto: 'Автотаргетинг',
  },
  {
    channel: 'Channel', source: 'Source', medium: 'Medium', campaign: 'Campaign', content: 'Content', keyword: 'Keyword', site: 'Site', region: 'Region', landingPage: 'Landing page', device: 'Device',
    manager: 'Manager', pipeline: 'Pipeline', product: 'Product', day: 'Day', week: 'Week', month: 'Month', repeat: 'Repeat deals without advertising', none: 'No source found', empty: 'Not given',
    campaign_: 'No campaign', keyword_: 'No keyword', manager_: 'No manager', product_: 'No product', desktop: 'Computer', mobile: 'Telephone', tablet: 'Tablet', auto: 'Autotargeting',
  },
);

export const useDimensionName = (): ((d: Dimension) => string) => texts.use();

/** A value of a group as people read it. */
export function useValueName(): (dimension: Dimension, value: string | null | undefined, label?: string | null) => string {
  const t = texts.use();
  const f = useFormats();
  const channel = useChannelName();
  return useMemo(
    () => (dimension, value, label) => {
      if (value === null || value === undefined) {
        if (dimension === 'campaign' || dimension === 'keyword' || dimension === 'manager' || dimension === 'product') return t(`${dimension}_`);
        return t('empty');
      }
      if (dimension === 'channel') return value === 'repeat' || value === 'none' ? t(value) : channel(value);
      if (dimension === 'day') return f.day(value);
      if (dimension === 'week') return f.week(value);
      if (dimension === 'month') return f.month(value);
      if (dimension === 'device' && (value === 'desktop' || value === 'mobile' || value === 'tablet')) return t(value);
      if (dimension === 'keyword' && value === '---autotargeting') return t('auto');
      return label ?? value;
    },
    [t, f, channel],
  );
}
