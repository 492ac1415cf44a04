import { Skeleton, Tabs } from 'antd';
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Room } from '../../parts/Room';
import { Missing } from '../../parts/States';

const texts = defineTexts(
  { title: 'Доставка', state: 'Сейчас', queue: 'Очередь', rejects: 'Не разобрано', reconcile: 'Сверка', health: 'Здоровье сервиса' },
  { title: 'Delivery', state: 'Now', queue: 'Queue', rejects: 'Not understood', reconcile: 'Reconciliation', health: 'Health of the service' },
);

const tab = <P extends string>(path: P, page: LazyExoticComponent<ComponentType>) => ({ path, page });
const tabs = [
  tab('state', lazy(() => import('./Now'))),
  tab('queue', lazy(() => import('./queue/QueueTab'))),
  tab('rejects', lazy(() => import('./rejects/RejectsTab'))),
  tab('reconcile', lazy(() => import('./reconcile/ReconcileTab'))),
  tab('health', lazy(() => import('./Health'))),
] as const;

/** What an operator looks after; the tab stands in the address: /delivery/rejects/{id}. */
export default function Delivery() {
  const t = texts.use();
  const project = useOpenProject();
  const navigate = useNavigate();
  const here = (useParams()['*'] ?? '').split('/')[0] || 'state';
  if (!tabs.some((x) => x.path === here)) return <Missing />;
  return (
    <Room title={t('title')}>
      <Tabs
        activeKey={here}
        destroyOnHidden
        onChange={(key) => void navigate(`/p/${project.id}/delivery${key === 'state' ? '' : `/${key}`}`)}
        items={tabs.map((x) => ({ key: x.path, label: t(x.path), children: x.path === here && <Suspense fallback={<Skeleton active />}><x.page /></Suspense> }))}
      />
    </Room>
  );
}
