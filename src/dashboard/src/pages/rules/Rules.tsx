import { Skeleton, Tabs } from 'antd';
import { lazy, Suspense } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import { useMay, useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Room } from '../../parts/Room';

const texts = defineTexts(
  { title: 'Разметка и пересчёт', parts: 'Части раздела', dictionary: 'Словарь источников', tags: 'Ошибки разметки', rebuilds: 'Пересчёт истории' },
  { title: 'Tags and rebuilds', parts: 'Parts of this page', dictionary: 'Dictionary of sources', tags: 'Faults of tags', rebuilds: 'Rebuilds of history' },
);

const tabs = { dictionary: lazy(() => import('./Dictionary')), tags: lazy(() => import('./Tags')), rebuilds: lazy(() => import('./Rebuilds')) };
type Key = keyof typeof tabs;

/** How addresses become names of sources, what is wrong with links, and history by newer rules. */
export default function Rules() {
  const t = texts.use();
  const { id } = useOpenProject();
  const may = useMay();
  const navigate = useNavigate();
  const at = useParams()['*']?.split('/')[0] ?? '';
  const keys = (Object.keys(tabs) as Key[]).filter((k) => (k === 'tags' ? may('reports') : k === 'dictionary' ? may('spend') : true));
  const key = keys.find((k) => k === at);
  if (!key) return <Navigate to={`/p/${id}/rules/${keys[0]}`} replace />;
  const Tab = tabs[key];
  return (
    <Room title={t('title')}>
      <div>
        <Tabs aria-label={t('parts')} activeKey={key} onChange={(to) => void navigate(`/p/${id}/rules/${to}`)} items={keys.map((k) => ({ key: k, label: t(k), children: k === key && <Suspense fallback={<Skeleton active />}><Tab /></Suspense> }))} />
      </div>
    </Room>
  );
}
