import { lazy } from 'react';
import { defineTexts } from '../../app/texts';
import { Room } from '../../parts/Room';
import { RoomTabs } from '../../parts/RoomTabs';

const texts = defineTexts(
  { title: 'Доставка', state: 'Сейчас', queue: 'Очередь', rejects: 'Не разобрано', reconcile: 'Сверка', health: 'Здоровье сервиса' },
  { title: 'Delivery', state: 'Now', queue: 'Queue', rejects: 'Not understood', reconcile: 'Reconciliation', health: 'Health of the service' },
);

const tabs = [
  { key: 'state', page: lazy(() => import('./Now')) },
  { key: 'queue', page: lazy(() => import('./queue/QueueTab')) },
  { key: 'rejects', page: lazy(() => import('./rejects/RejectsTab')) },
  { key: 'reconcile', page: lazy(() => import('./reconcile/ReconcileTab')) },
  { key: 'health', page: lazy(() => import('./Health')) },
] as const;

/** What an operator looks after. */
export default function Delivery() {
  const t = texts.use();
  return (
    <Room title={t('title')}>
      <RoomTabs room="delivery" label={t('title')} tabs={tabs} nameOf={t} />
    </Room>
  );
}
