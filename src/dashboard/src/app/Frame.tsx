import { BulbOutlined, MenuOutlined, TranslationOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Drawer, Dropdown, Grid, Layout, Menu, Select, Space, Tag, Tooltip } from 'antd';
import { Suspense, useEffect, useState } from 'react';
import { Navigate, Outlet, Route, Routes, useLocation, useNavigate } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client';
import { ErrorFence } from '../parts/ErrorFence';
import { Missing, NoRight } from '../parts/States';
import { waiting } from './Doors';
import { rooms, type RoomPath } from './rooms';
import { tellOtherTabs, useMay, useProject, useSession } from './session';
import { defineTexts, speak, useLanguage } from './texts';
import { lookLike, useLook } from './theme';

const texts = defineTexts(
  {
    overview: 'Обзор', sources: 'Источники', leads: 'Заявки', clients: 'Клиенты', calls: 'Звонки', funnel: 'Воронка', retention: 'Возвращаемость', team: 'Команда',
    forgotten: 'Забытые клиенты', money: 'Деньги', delivery: 'Доставка', rules: 'Разметка', audit: 'Журнал', settings: 'Настройки',
    menu: 'Меню', main: 'К содержанию', projects: 'Все проекты', project: 'Проект', demo: 'Демо', account: 'Учётная запись', signOut: 'Выйти', language: 'Язык: English',
    light: 'Светлая тема', dark: 'Тёмная тема', auto: 'Как в системе', look: 'Тема', pages: 'Разделы',
  },
  {
    overview: 'Overview', sources: 'Sources', leads: 'Leads', clients: 'Clients', calls: 'Calls', funnel: 'Funnel', retention: 'Retention', team: 'Team',
    forgotten: 'Forgotten clients', money: 'Money', delivery: 'Delivery', rules: 'Tags', audit: 'Audit log', settings: 'Settings',
    menu: 'Menu', main: 'To the content', projects: 'All projects', project: 'Project', demo: 'Demo', account: 'Account', signOut: 'Sign out', language: 'Language: Русский',
    light: 'Light', dark: 'Dark', auto: 'As the system', look: 'Theme', pages: 'Pages',
  },
);

/** What is around every page: the menu, the project, the person. */
export function Frame() {
  const t = texts.use();
  const project = useProject();
  const may = useMay();
  const isWide = Grid.useBreakpoint().lg ?? window.innerWidth >= 992;
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const open = rooms.filter((r) => r.rights.some(may));
  const here = pathname.split('/')[3] ?? '';

  useEffect(() => {
    const room = rooms.find((r) => r.path === here);
    document.title = [room && t(room.path), project?.name, 'LeadIngest'].filter(Boolean).join(' · ');
  }, [here, project?.name, t]);

  const menu = project && (
    <nav aria-label={t('pages')}>
      <Menu
        mode="inline"
        selectedKeys={[here]}
        items={open.map((r) => ({ key: r.path, icon: r.icon, label: t(r.path) }))}
        onClick={({ key }) => {
          setOpen(false);
          void navigate(`/p/${project.id}/${key}`);
        }}
        style={{ borderInlineEnd: 0 }}
      />
    </nav>
  );

  return (
    <Layout style={{ minHeight: '100%' }}>
      <a className="skip-link" href="#main">
        {t('main')}
      </a>
      <Layout.Header className="page-header" style={{ display: 'flex', alignItems: 'center', position: 'sticky', top: 0, zIndex: 20, borderBottom: '1px solid var(--ant-color-split, rgba(128,128,128,.2))' }}>
        {menu && !isWide && <Button type="text" icon={<MenuOutlined />} aria-label={t('menu')} onClick={() => setOpen(true)} />}
        {isWide && <strong style={{ fontSize: 17, color: 'var(--ant-color-text, inherit)' }}>LeadIngest</strong>}
        <Switcher />
        <span style={{ flex: 1 }} />
        <Personal />
      </Layout.Header>
      <Layout>
        {menu && isWide && (
          <Layout.Sider width={216} theme="light" style={{ position: 'sticky', top: 52, height: 'calc(100vh - 52px)', overflow: 'auto' }}>
            {menu}
          </Layout.Sider>
        )}
        {menu && !isWide && (
          <Drawer placement="left" size={264} open={isOpen} onClose={() => setOpen(false)} title={project?.name} styles={{ body: { padding: 0 } }}>
            {menu}
          </Drawer>
        )}
        <Layout.Content>
          <div id="main" className="page-main" tabIndex={-1} style={{ outline: 'none' }}>
            <ErrorFence key={pathname.split('/').slice(0, 4).join('/')}>
              <Suspense fallback={waiting}>{project ? <Rooms first={open[0]?.path} /> : <Outlet />}</Suspense>
            </ErrorFence>
          </div>
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

function Rooms({ first }: { first: RoomPath | undefined }) {
  const may = useMay();
  return (
    <Routes>
      {rooms.map((r) => (
        <Route key={r.path} path={`${r.path}/*`} element={r.rights.some(may) ? <r.page /> : <NoRight />} />
      ))}
      <Route index element={first ? <Navigate to={first} replace /> : <NoRight />} />
      <Route path="*" element={<Missing />} />
    </Routes>
  );
}

function Switcher() {
  const t = texts.use();
  const session = useSession();
  const project = useProject();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  if (!session || session.projects.length === 0) return null;
  const room = pathname.split('/')[3] ?? '';
  return (
    <Space size={8}>
      <Select
        aria-label={t('project')}
        value={project?.id ?? ''}
        className="project-switcher"
        popupMatchSelectWidth={false}
        showSearch={{ optionFilterProp: 'label' }}
        options={[...(session.projects.length > 1 || !project ? [{ value: '', label: t('projects') }] : []), ...session.projects.map((p) => ({ value: p.id, label: p.name }))]}
        onChange={(id) => void navigate(id ? `/p/${id}/${room}` : '/projects')}
      />
      {project?.isDemo && <Tag color="gold" className="wide-only">{t('demo')}</Tag>}
    </Space>
  );
}

function Personal() {
  const t = texts.use();
  const session = useSession();
  const lang = useLanguage();
  const look = useLook();
  const navigate = useNavigate();
  const client = useQueryClient();
  const signOut = async (): Promise<void> => {
    await api.DELETE('/v1/session');
    client.clear();
    tellOtherTabs();
    location.replace('/');
  };
  return (
    <Space size={4}>
      <Tooltip title={t('language')}>
        <Button type="text" icon={<TranslationOutlined />} aria-label={t('language')} onClick={() => speak(lang === 'en' ? 'ru' : 'en')} />
      </Tooltip>
      <Dropdown
        trigger={['click']}
        menu={{ selectable: true, selectedKeys: [look], items: (['light', 'dark', 'auto'] as const).map((l) => ({ key: l, label: t(l) })), onClick: ({ key }) => lookLike(key as typeof look) }}
      >
        <Button type="text" icon={<BulbOutlined />} aria-label={t('look')} />
      </Dropdown>
      {session?.user && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'who', label: session.user.email, disabled: true },
              { key: 'account', label: t('account') },
              { key: 'out', label: t('signOut') },
            ],
            onClick: ({ key }) => void (key === 'out' ? signOut() : navigate('/account')),
          }}
        >
          <Button type="text" icon={<UserOutlined />} aria-label={t('account')} />
        </Dropdown>
      )}
    </Space>
  );
}
