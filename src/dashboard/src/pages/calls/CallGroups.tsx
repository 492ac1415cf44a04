import { Table } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { filterOf, useGroupName } from '../../parts/groups';
import { Opens } from '../../parts/Opens';
import { ShareOf } from '../../parts/Share';

const texts = defineTexts(
  {
    name: 'Разрез', incoming: 'Входящие', answered: 'Отвечено', missed: 'Пропущено', wait: 'Ожидание', slow: '9 из 10',
    talk: 'Разговор', first: 'Впервые', repeat: 'Повторно', lost: 'Потеряно', callback: 'Перезвонили через', nobody: 'Никто не ответил', outgoing: 'Исходящие',
  },
  {
    name: 'Split', incoming: 'Incoming', answered: 'Answered', missed: 'Missed', wait: 'Waiting', slow: '9 of 10', talk: 'Talk', first: 'First', repeat: 'Repeated',
    lost: 'Lost', callback: 'Called back after', nobody: 'Nobody answered', outgoing: 'Outgoing',
  },
);

export const groups = ['employee', 'source', 'channel', 'campaign', 'keyword', 'number', 'site', 'weekday', 'week', 'month'] as const;
export type CallGroupBy = (typeof groups)[number];

type Row = Schemas['GetCallReportCallGroup'];
const number = { align: 'right', className: 'numbers' } as const;
/** Of these the rows cannot be asked for by a filter of their own. */
const withoutRows: readonly CallGroupBy[] = ['week', 'month'];

export function CallGroups({ of, by, show }: { of: readonly Row[]; by: CallGroupBy; show: (what: string, title: string, more: Record<string, string | undefined>) => void }) {
  const t = texts.use();
  const f = useFormats();
  const groupName = useGroupName();
  const nameOf = ({ group }: Row): string => {
    const { key } = group;
    if (key === '(none)' && by === 'employee') return t('nobody');
    return groupName(by, group);
  };
  const count = (n: number, r: Row, what: string, title: string) => (n > 0 && !withoutRows.includes(by) ? <Opens onOpen={() => show(what, `${nameOf(r)}, ${title.toLowerCase()}`, filterOf(by, r.group.key))}>{f.count(n)}</Opens> : f.count(n));
  return (
    <Table<Row>
      size="small"
      scroll={{ x: 'max-content' }}
      pagination={of.length > 25 ? { pageSize: 25, showSizeChanger: false } : false}
      rowKey={(r) => r.group.key}
      dataSource={[...of]}
      columns={[
        { title: t('name'), fixed: 'start', render: (_, r) => <span className="breakable">{nameOf(r)}</span> },
        { title: t('incoming'), ...number, sorter: (a, b) => a.figures.incoming - b.figures.incoming, render: (_, r) => count(r.figures.incoming, r, 'incoming', t('incoming')) },
        { title: t('answered'), ...number, sorter: (a, b) => (a.figures.answerRate.value ?? 0) - (b.figures.answerRate.value ?? 0), render: (_, r) => <ShareOf of={r.figures.answerRate} /> },
        { title: t('missed'), ...number, sorter: (a, b) => a.figures.missedCalls - b.figures.missedCalls, render: (_, r) => count(r.figures.missedCalls, r, 'missed', t('missed')) },
        { title: t('lost'), ...number, render: (_, r) => <ShareOf of={r.figures.missed.lost} /> },
        { title: t('callback'), ...number, render: (_, r) => f.span(r.figures.missed.medianCallbackSeconds) },
        { title: t('wait'), ...number, render: (_, r) => f.span(r.figures.medianWaitSeconds) },
        { title: t('slow'), ...number, render: (_, r) => f.span(r.figures.slowWaitSeconds) },
        { title: t('talk'), ...number, render: (_, r) => f.span(r.figures.medianTalkSeconds) },
        { title: t('first'), ...number, render: (_, r) => f.count(r.figures.firstCallers) },
        { title: t('repeat'), ...number, render: (_, r) => f.count(r.figures.repeatCallers) },
        { title: t('outgoing'), ...number, render: (_, r) => count(r.figures.outgoing, r, 'outgoing', t('outgoing')) },
      ]}
    />
  );
}
