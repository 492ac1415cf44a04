import {
  AimOutlined, ApiOutlined, AppstoreOutlined, BarChartOutlined, ClockCircleOutlined, DollarOutlined, FilterOutlined, HistoryOutlined, PhoneOutlined, RetweetOutlined, SettingOutlined, TeamOutlined,
  UserOutlined, UnorderedListOutlined,
} from '@ant-design/icons';
import { lazy, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react';
import type { Right } from './session';

/** One page of a project. */
export interface Room {
  /** In the address, and the key of its name in Frame's texts. */
  readonly path: string;
  readonly icon: ReactNode;
  /** Any of them opens it; the service decides again. */
  readonly rights: readonly Right[];
  readonly page: LazyExoticComponent<ComponentType>;
}

export const rooms = [
  { path: 'overview', icon: <AppstoreOutlined />, rights: ['reports'], page: lazy(() => import('../pages/overview/Overview')) },
  { path: 'sources', icon: <AimOutlined />, rights: ['reports'], page: lazy(() => import('../pages/sources/Sources')) },
  { path: 'leads', icon: <UnorderedListOutlined />, rights: ['leads'], page: lazy(() => import('../pages/leads/Leads')) },
  { path: 'clients', icon: <UserOutlined />, rights: ['leads'], page: lazy(() => import('../pages/clients/Clients')) },
  { path: 'calls', icon: <PhoneOutlined />, rights: ['leads'], page: lazy(() => import('../pages/calls/Calls')) },
  { path: 'funnel', icon: <FilterOutlined />, rights: ['reports'], page: lazy(() => import('../pages/funnel/Funnel')) },
  { path: 'retention', icon: <RetweetOutlined />, rights: ['reports'], page: lazy(() => import('../pages/retention/Retention')) },
  { path: 'team', icon: <TeamOutlined />, rights: ['reports'], page: lazy(() => import('../pages/team/Team')) },
  { path: 'forgotten', icon: <ClockCircleOutlined />, rights: ['forgotten'], page: lazy(() => import('../pages/forgotten/Forgotten')) },
  { path: 'money', icon: <DollarOutlined />, rights: ['spend'], page: lazy(() => import('../pages/money/Money')) },
  { path: 'delivery', icon: <ApiOutlined />, rights: ['operate'], page: lazy(() => import('../pages/delivery/Delivery')) },
  { path: 'rules', icon: <BarChartOutlined />, rights: ['spend', 'operate'], page: lazy(() => import('../pages/rules/Rules')) },
  { path: 'audit', icon: <HistoryOutlined />, rights: ['people'], page: lazy(() => import('../pages/audit/Audit')) },
  { path: 'settings', icon: <SettingOutlined />, rights: ['settings', 'people'], page: lazy(() => import('../pages/settings/Settings')) },
] as const satisfies readonly Room[];

export type RoomPath = (typeof rooms)[number]['path'];
