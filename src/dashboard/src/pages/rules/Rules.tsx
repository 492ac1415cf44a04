import { lazy } from 'react';
import { defineTexts } from '../../app/texts';
import { Room } from '../../parts/Room';
import { RoomTabs } from '../../parts/RoomTabs';

const texts = defineTexts(
  { title: 'Разметка и пересчёт', dictionary: 'Словарь источников', tags: 'Ошибки разметки', rebuilds: 'Пересчёт истории' },
  { title: 'Tags and rebuilds', dictionary: 'Dictionary of sources', tags: 'Faults of tags', rebuilds: 'Rebuilds of history' },
);

const tabs = [
  { key: 'dictionary', right: 'spend', page: lazy(() => import('./Dictionary')) },
  { key: 'tags', right: 'reports', page: lazy(() => import('./Tags')) },
  { key: 'rebuilds', page: lazy(() => import('./Rebuilds')) },
] as const;

/** How addresses become names of sources, what is wrong with links, and history by newer rules. */
export default function Rules() {
  const t = texts.use();
  return (
    <Room title={t('title')}>
      <RoomTabs room="rules" label={t('title')} tabs={tabs} nameOf={t} />
    </Room>
  );
}
