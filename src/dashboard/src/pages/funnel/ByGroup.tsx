import { Table } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useChannelName } from '../../parts/passport';
import { Opens } from '../../parts/Opens';
import { ShareOf } from '../../parts/Share';

const texts = defineTexts(
  { group: 'Разрез', deals: 'Сделок', open: 'В работе', won: 'Выиграно', lost: 'Проиграно', none: 'Не указано', weekOf: 'неделя с {{day}}', wonShare: 'Доля выигранных', lostShare: 'Доля проигранных' },
  { group: 'Split', deals: 'Deals', open: 'Open', won: 'Won', lost: 'Lost', none: 'Not given', weekOf: 'week of {{day}}', wonShare: 'Share won', lostShare: 'Share lost' },
);

/** How a key of a group is written for people. */
export function useGroupName(): (groupBy: string, group: Schemas['Group']) => string {
  const t = texts.use();
  const f = useFormats();
  const channel = useChannelName();
  return (groupBy, { key, name }) => {
    if (key === '(none)') return t('none');
    if (groupBy === 'month') return f.month(key);
    if (groupBy === 'week') return t('weekOf', { day: f.day(key) });
    if (groupBy === 'day') return f.day(key);
    return groupBy === 'channel' ? channel(key) : (name ?? key);
  };
}

/** The same pipeline side by side: by source, by manager, by month. */
export function ByGroup({ items, groupBy, onOpen }: { items: readonly Schemas['FunnelGroup'][]; groupBy: string; onOpen: (key: string, name: string, what: string) => void }) {
  const t = texts.use();
  const f = useFormats();
  const nameOf = useGroupName();
  const isTime = groupBy === 'week' || groupBy === 'month';
  type Row = Schemas['FunnelGroup'];
  const number = { align: 'right', className: 'numbers' } as const;
  const count = (n: number, r: Row, what: string) => (n > 0 && !isTime ? <Opens onOpen={() => onOpen(r.group.key, nameOf(groupBy, r.group), what)}>{f.count(n)}</Opens> : f.count(n));
  return (
    <Table<Row>
      size="small"
      scroll={{ x: 'max-content' }}
      rowKey={(r) => `${r.group.connectionId ?? ''} ${r.group.key}`}
      pagination={items.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      dataSource={[...items]}
      columns={[
        { title: t('group'), render: (_, r) => <span className="breakable">{nameOf(groupBy, r.group)}</span> },
        { title: t('deals'), ...number, sorter: (a, b) => a.figures.deals - b.figures.deals, render: (_, r) => count(r.figures.deals, r, 'deals') },
        { title: t('open'), ...number, render: (_, r) => count(r.figures.open, r, 'open') },
        { title: t('won'), ...number, sorter: (a, b) => a.figures.won - b.figures.won, render: (_, r) => count(r.figures.won, r, 'won') },
        { title: t('wonShare'), ...number, sorter: (a, b) => (a.figures.wonShare.value ?? 0) - (b.figures.wonShare.value ?? 0), render: (_, r) => <ShareOf of={r.figures.wonShare} /> },
        { title: t('lost'), ...number, render: (_, r) => count(r.figures.lost, r, 'lost') },
        { title: t('lostShare'), ...number, render: (_, r) => <ShareOf of={r.figures.lostShare} /> },
      ]}
    />
  );
}
