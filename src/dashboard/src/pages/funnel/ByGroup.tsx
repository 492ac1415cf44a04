import { Table } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useGroupName } from '../../parts/groups';
import { Opens } from '../../parts/Opens';
import { ShareOf } from '../../parts/Share';

const texts = defineTexts(
  { group: 'Разрез', deals: 'Сделок', open: 'В работе', won: 'Выиграно', lost: 'Проиграно', wonShare: 'Доля выигранных', lostShare: 'Доля проигранных' },
  { group: 'Split', deals: 'Deals', open: 'Open', won: 'Won', lost: 'Lost', wonShare: 'Share won', lostShare: 'Share lost' },
);

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
