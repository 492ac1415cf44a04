import {
  AimOutlined, ApiOutlined, AppstoreOutlined, BarChartOutlined, ClockCircleOutlined, DollarOutlined, FilterOutlined, HistoryOutlined, PhoneOutlined, RetweetOutlined, SettingOutlined, TeamOutlined,
  UserOutlined, UnorderedListOutlined,
} from '@ant-design/icons';
import type { ComponentType, LazyExoticComponent, ReactNode } from 'react';
import { lazily } from './lazily';
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
  { path: 'overview', icon: <AppstoreOutlined />, rights: ['reports'], page: lazily(() => import('../pages/overview/Overview')) },
  { path: 'sources', icon: <AimOutlined />, rights: ['reports'], page: lazily(() => import('../pages/sources/Sources')) },
  { path: 'leads', icon: <UnorderedListOutlined />, rights: ['leads'], page: lazily(() => import('../pages/leads/Leads')) },
  { path: 'clients', icon: <UserOutlined />, rights: ['leads'], page: lazily(() => import('../pages/clients/Clients')) },
  { path: 'calls', icon: <PhoneOutlined />, rights: ['leads'], page: lazily(() => import('../pages/calls/Calls')) },
  { path: 'funnel', icon: <FilterOutlined />, rights: ['reports'], page: lazily(() => import('../pages/funnel/Funnel')) },
  { path: 'retention', icon: <RetweetOutlined />, rights: ['reports'], page: lazily(() => import('../pages/retention/Retention')) },
  { path: 'team', icon: <TeamOutlined />, rights: ['reports'], page: lazily(() => import('../pages/team/Team')) },
  { path: 'forgotten', icon: <ClockCircleOutlined />, rights: ['forgotten'], page: lazily(() => import('../pages/forgotten/Forgotten')) },
  { path: 'money', icon: <DollarOutlined />, rights: ['spend'], page: lazily(() => import('../pages/money/Money')) },
  { path: 'delivery', icon: <ApiOutlined />, rights: ['operate'], page: lazily(() => import('../pages/delivery/Delivery')) },
  { path: 'rules', icon: <BarChartOutlined />, rights: ['spend', 'operate'], page: lazily(() => import('../pages/rules/Rules')) },
  { path: 'audit', icon: <HistoryOutlined />, rights: ['people'], page: lazily(() => import('../pages/audit/Audit')) },
  { path: 'settings', icon: <SettingOutlined />, rights: ['settings', 'people'], page: lazily(() => import('../pages/settings/Settings')) },
] as const satisfies readonly Room[];

export type RoomPath = (typeof rooms)[number]['path'];
