import { Skeleton } from 'antd';
import { Suspense, type ComponentType } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import type { RoomPath } from '../app/rooms';
import { useMay, useOpenProject, type Right } from '../app/session';
import { PageTabs } from './PageTabs';
import { MissingPart, NoRight } from './States';

/** One part of a room; the first one's name is left out of the address. */
export interface RoomTab<K extends string> {
  readonly key: K;
  readonly page: ComponentType;
  /** Who has it not is not shown the tab. */
  readonly right?: Right;
}

/** What the days of a page are; other words of the address are a tab's own, unless the room keeps them. */
const days = ['from', 'to', 'compare'];

/** The tabs that somebody may open, and the one that the address names (`/money/rates`); undefined when there is no such tab. */
export function useRoomTab<K extends string>(tabs: readonly RoomTab<K>[]): { open: readonly RoomTab<K>[]; at: K | undefined } {
  const may = useMay();
  const named = (useParams()['*'] ?? '').split('/')[0];
  const open = tabs.filter((tab) => !tab.right || may(tab.right));
  return { open, at: named ? tabs.find((tab) => tab.key === named)?.key : open[0]?.key };
}

/** Parts of a room, the open one in the address. What is open within a part may follow: `/settings/sites/{id}`. */
export function RoomTabs<K extends string>({ room, label, tabs, nameOf, keep = [] }: { room: RoomPath; label: string; tabs: readonly RoomTab<K>[]; nameOf: (key: K) => string; keep?: readonly string[] }) {
  const { id } = useOpenProject();
  const navigate = useNavigate();
  const { search } = useLocation();
  const { open, at } = useRoomTab(tabs);
  if (!at) return <MissingPart />;
  if (!open.some((tab) => tab.key === at)) return <NoRight />;
  const go = (key: K): void => {
    const kept = new URLSearchParams([...new URLSearchParams(search)].filter(([name]) => days.includes(name) || keep.includes(name)));
    void navigate({ pathname: `/p/${id}/${room}${key === open[0]?.key ? '' : `/${key}`}`, search: kept.toString() });
  };
  return (
    <PageTabs
      label={label}
      active={at}
      onChange={go}
      tabs={open.map(({ key, page: Page }) => ({
        key,
        label: nameOf(key),
        page: () => (
          <Suspense fallback={<Skeleton active />}>
            <Page />
          </Suspense>
        ),
      }))}
    />
  );
}

/** What is open within a tab, by its address (`/settings/sites/{id}`), and the way to open something else or nothing. `keepsFilters`: those of the list stay as they are. */
export function useOpened(room: RoomPath, tab: string, keepsFilters = false): [string, (what?: string) => void] {
  const { id } = useOpenProject();
  const navigate = useNavigate();
  const { search } = useLocation();
  const opened = (useParams()['*'] ?? '').split('/')[1] ?? '';
  return [opened, (what) => void navigate({ pathname: `/p/${id}/${room}/${tab}${what ? `/${what}` : ''}`, ...(keepsFilters ? { search } : {}) })];
}
