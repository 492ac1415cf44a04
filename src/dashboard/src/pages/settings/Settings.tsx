import { Skeleton, Tabs } from 'antd';
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import { useMay, useOpenProject, type Right } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Room } from '../../parts/Room';
import { Missing, NoRight } from '../../parts/States';

const texts = defineTexts(
  {
    title: 'Настройки', project: 'Проект', sites: 'Сайты', numbers: 'Номера', senders: 'Отправители', connections: 'Подключения', users: 'Люди', keys: 'Ключи API', 'stop-list': 'Стоп-лист', privacy: 'Персональные данные',
  },
  {
    title: 'Settings', project: 'Project', sites: 'Sites', numbers: 'Numbers', senders: 'Senders', connections: 'Connections', users: 'People', keys: 'API keys', 'stop-list': 'Stop list', privacy: 'Personal data',
  },
);

const tab = <P extends string>(path: P, right: Right, page: LazyExoticComponent<ComponentType>) => ({ path, right, page });

const tabs = [
  tab('project', 'settings', lazy(() => import('./project/ProjectTab'))),
  tab('sites', 'settings', lazy(() => import('./sites/SitesTab'))),
  tab('connections', 'settings', lazy(() => import('./connections/ConnectionsTab'))),
  tab('senders', 'settings', lazy(() => import('./senders/SendersTab'))),
  tab('numbers', 'settings', lazy(() => import('./numbers/NumbersTab'))),
  tab('stop-list', 'settings', lazy(() => import('./stoplist/StopListTab'))),
  tab('users', 'people', lazy(() => import('./users/UsersTab'))),
  tab('keys', 'people', lazy(() => import('./keys/KeysTab'))),
  tab('privacy', 'people', lazy(() => import('./privacy/PrivacyTab'))),
] as const;

/** The tab stands in the address, and what is open within it after that: /settings/sites/{id}. */
export default function Settings() {
  const t = texts.use();
  const may = useMay();
  const project = useOpenProject();
  const navigate = useNavigate();
  const here = (useParams()['*'] ?? '').split('/')[0] ?? '';
  const allowed = tabs.filter((x) => may(x.right));
  const [first] = allowed;
  if (!here && first) return <Navigate to={`/p/${project.id}/settings/${first.path}`} replace />;
  if (!allowed.some((x) => x.path === here)) return tabs.some((x) => x.path === here) ? <NoRight /> : <Missing />;
  return (
    <Room title={t('title')}>
      <Tabs
        activeKey={here}
        destroyOnHidden
        onChange={(key) => void navigate(`/p/${project.id}/settings/${key}`)}
        items={allowed.map((x) => ({ key: x.path, label: t(x.path), children: x.path === here && <Suspense fallback={<Skeleton active />}><x.page /></Suspense> }))}
      />
    </Room>
  );
}
