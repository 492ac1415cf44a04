import { lazy } from 'react';
import { defineTexts } from '../../app/texts';
import { Room } from '../../parts/Room';
import { RoomTabs } from '../../parts/RoomTabs';

const texts = defineTexts(
  { title: 'Деньги', spend: 'Расход', import: 'Загрузка файла', manual: 'Вручную', cabinets: 'Кабинеты', unmatched: 'Сведение', rates: 'Курсы', promotions: 'Акции', decomposition: 'Из чего выручка' },
  { title: 'Money', spend: 'Spend', import: 'Import of a file', manual: 'By hand', cabinets: 'Cabinets', unmatched: 'Matching', rates: 'Rates', promotions: 'Promotions', decomposition: 'What revenue is made of' },
);

const tabs = [
  { key: 'spend', page: lazy(() => import('./Spend')) },
  { key: 'import', page: lazy(() => import('./Import')) },
  { key: 'manual', page: lazy(() => import('./Manual')) },
  { key: 'cabinets', page: lazy(() => import('./Cabinets')) },
  { key: 'unmatched', page: lazy(() => import('./Unmatched')) },
  { key: 'rates', page: lazy(() => import('./Rates')) },
  { key: 'promotions', page: lazy(() => import('./Promotions')) },
  { key: 'decomposition', page: lazy(() => import('./Decomposition')) },
] as const;

/** Spend and what it comes to. */
export default function Money() {
  const t = texts.use();
  return (
    <Room title={t('title')}>
      <RoomTabs room="money" label={t('title')} tabs={tabs} nameOf={t} />
    </Room>
  );
}
