import { Drawer, Grid } from 'antd';
import type { ReactNode } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';

/** What the history keeps with a card that was opened from a list: then the list stays behind it. A card that is opened by its address is a page. */
interface Over {
  readonly isOver?: boolean;
}

/**
 * Which card of a room the address names (`/leads/<id>`), and whether its list stands behind it.
 * Opening one is a step of the history: «back» closes it.
 */
export function useCard(list: string): { id: string | undefined; isOver: boolean; open: (id: string) => void; swap: (id: string) => void; close: () => void } {
  const { '*': rest = '' } = useParams();
  const { state, search } = useLocation();
  const navigate = useNavigate();
  const isOver = (state as Over | null)?.isOver === true;
  return {
    id: rest.split('/')[0] || undefined,
    isOver,
    open: (id) => void navigate({ pathname: `${list}/${id}`, search }, { state: { isOver: true } satisfies Over, preventScrollReset: true }),
    swap: (id) => void navigate({ pathname: `${list}/${id}`, search }, { state: { isOver: true } satisfies Over, replace: true }),
    close: () => void (isOver ? navigate(-1) : navigate(list)),
  };
}

/** A card over its list. */
export function CardDrawer({ isOpen, title, extra, onClose, children }: { isOpen: boolean; title: ReactNode; extra?: ReactNode; onClose: () => void; children: ReactNode }) {
  const isWide = Grid.useBreakpoint().md ?? true;
  return (
    <Drawer open={isOpen} onClose={onClose} title={title} extra={extra} size={isWide ? Math.min(920, window.innerWidth - 80) : '100%'} destroyOnHidden styles={{ body: { padding: isWide ? 16 : 12 } }}>
      {children}
    </Drawer>
  );
}
