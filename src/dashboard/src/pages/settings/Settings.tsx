import { lazy } from 'react';
import { defineTexts } from '../../app/texts';
import { Room } from '../../parts/Room';
import { RoomTabs } from '../../parts/RoomTabs';

const texts = defineTexts(
  {
    title: 'Настройки', project: 'Проект', sites: 'Сайты', numbers: 'Номера', senders: 'Отправители', connections: 'Подключения', users: 'Люди', keys: 'Ключи API', 'stop-list': 'Стоп-лист', privacy: 'Персональные данные',
  },
  {
    title: 'Settings', project: 'Project', sites: 'Sites', numbers: 'Numbers', senders: 'Senders', connections: 'Connections', users: 'People', keys: 'API keys', 'stop-list': 'Stop list', privacy: 'Personal data',
  },
);

const tabs = [
  { key: 'project', right: 'settings', page: lazy(() => import('./project/ProjectTab')) },
  { key: 'sites', right: 'settings', page: lazy(() => import('./sites/SitesTab')) },
  { key: 'connections', right: 'settings', page: lazy(() => import('./connections/ConnectionsTab')) },
  { key: 'senders', right: 'settings', page: lazy(() => import('./senders/SendersTab')) },
  { key: 'numbers', right: 'settings', page: lazy(() => import('./numbers/NumbersTab')) },
  { key: 'stop-list', right: 'settings', page: lazy(() => import('./stoplist/StopListTab')) },
  { key: 'users', right: 'people', page: lazy(() => import('./users/UsersTab')) },
  { key: 'keys', right: 'people', page: lazy(() => import('./keys/KeysTab')) },
  { key: 'privacy', right: 'people', page: lazy(() => import('./privacy/PrivacyTab')) },
] as const;

/** How the project is set up, and by whom. */
export default function Settings() {
  const t = texts.use();
  return (
    <Room title={t('title')}>
      <RoomTabs room="settings" label={t('title')} tabs={tabs} nameOf={t} />
    </Room>
  );
}
