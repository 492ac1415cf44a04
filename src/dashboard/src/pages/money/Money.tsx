import { Skeleton, Tabs } from 'antd';
import { lazy, Suspense } from 'react';
import { Navigate, useLocation, useNavigate, useParams } from 'react-router';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Room } from '../../parts/Room';

const texts = defineTexts(
  { title: 'Деньги', parts: 'Части раздела', spend: 'Расход', import: 'Загрузка файла', manual: 'Вручную', cabinets: 'Кабинеты', unmatched: 'Сведение', rates: 'Курсы', promotions: 'Акции', decomposition: 'Из чего выручка' },
  { title: 'Money', parts: 'Parts of this page', spend: 'Spend', import: 'Import of a file', manual: 'By hand', cabinets: 'Cabinets', unmatched: 'Matching', rates: 'Rates', promotions: 'Promotions', decomposition: 'What revenue is made of' },
);

const tabs = {
  spend: lazy(() => import('./Spend')),
  import: lazy(() => import('./Import')),
  manual: lazy(() => import('./Manual')),
  cabinets: lazy(() => import('./Cabinets')),
  unmatched: lazy(() => import('./Unmatched')),
  rates: lazy(() => import('./Rates')),
  promotions: lazy(() => import('./Promotions')),
  decomposition: lazy(() => import('./Decomposition')),
};

/** Spend and what it comes to; the part that is open stands in the address. */
export default function Money() {
  const t = texts.use();
  const { id } = useOpenProject();
  const navigate = useNavigate();
  const { search } = useLocation();
  const at = useParams()['*']?.split('/')[0] ?? '';
  const key = Object.keys(tabs).find((k) => k === at) as keyof typeof tabs | undefined;
  if (!key) return <Navigate to={`/p/${id}/money/spend${search}`} replace />;
  const Tab = tabs[key];
  return (
    <Room title={t('title')}>
      <div>
        <Tabs
          aria-label={t('parts')} activeKey={key} onChange={(to) => void navigate(`/p/${id}/money/${to}`)}
          items={(Object.keys(tabs) as (keyof typeof tabs)[]).map((k) => ({ key: k, label: t(k), children: k === key && <Suspense fallback={<Skeleton active />}><Tab /></Suspense> }))}
        />
      </div>
    </Room>
  );
}
