import { Card, Table, Typography } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useBehind } from '../../parts/Behind';
import { Change } from '../../parts/Figure';
import { Opens } from '../../parts/Opens';
import { useRange } from '../../parts/range';
import { Shown, useReport } from '../../parts/report';
import { ShareOf, SmallSharesNote } from '../../parts/Share';
import { Nothing } from '../../parts/States';

const texts = defineTexts(
  {
    about: 'Кто берёт трубку и кто перезванивает. Пропущенные без сотрудника — звонок ни на кого не попал.', who: 'Сотрудник', incoming: 'Входящие', answered: 'Отвечено', wait: 'Ожидание', talk: 'Разговор', callbacks: 'Перезвонил пропущенным', within: 'За 15 минут', median: 'Через сколько', outgoing: 'Исходящие', nobody: 'Никто не ответил',
    empty: 'За эти дни звонков нет.', title: 'Звонки · {{what}}', more: 'Когда пропускают звонки', missed: 'Пропущено',
  },
  {
    about: 'Who answers the phone, and who calls back. Missed calls without an employee reached nobody.', who: 'Employee', incoming: 'Incoming', answered: 'Answered', wait: 'Waiting', talk: 'Talk', callbacks: 'Called missed ones back', within: 'Within 15 minutes', median: 'After', outgoing: 'Outgoing', nobody: 'Nobody answered', empty: 'No calls on these days.', title: 'Calls · {{what}}',
    more: 'When calls are missed', missed: 'Missed',
  },
);

interface Row {
  readonly key: string;
  readonly name: string;
  readonly calls: Schemas['CallFigures'] | undefined;
  readonly back: Schemas['GetCallReportCallbackGroup'] | undefined;
}

const number = { align: 'right', className: 'numbers' } as const;

/** Answering and calling back, employee by employee. */
export function Answering() {
  const t = texts.use();
  const f = useFormats();
  const { from, to, compare } = useRange();
  const report = useReport<Schemas['GetCallReportResponse']>('/v1/reports/calls', { from, to, compare, groupBy: 'employee' });
  const [open, drawer] = useBehind();
  const rowsOf = (data: Schemas['GetCallReportResponse']): Row[] => {
    const backs = new Map(data.callbacks.map((c) => [c.employee ?? '(none)', c]));
    const names = [...new Set([...data.items.map((i) => i.group.key), ...backs.keys()])];
    return names.map((key) => ({ key, name: key === '(none)' ? t('nobody') : (data.items.find((i) => i.group.key === key)?.group.name ?? key), calls: data.items.find((i) => i.group.key === key)?.figures, back: backs.get(key) }));
  };
  const count = (n: number | undefined, what: string, r: Row) =>
    n ? <Opens onOpen={() => open({ kind: 'calls', path: '/v1/reports/calls/rows', title: t('title', { what: r.name }), query: { from, to, what, employee: r.key } })} label={`${r.name}: ${n}`}>{f.count(n)}</Opens> : f.count(n);
  return (
    <div className="stack">
      <Typography.Text type="secondary">{t('about')}</Typography.Text>
      <Shown of={report}>
        {(data) =>
          data.total.incoming + data.total.outgoing === 0 ? (
            <Card><Nothing what={t('empty')} /></Card>
          ) : (
            <Card size="small" title={<>{t('answered')}: <ShareOf of={data.total.answerRate} /></>} extra={<Link to={`../calls?${new URLSearchParams({ from, to })}`}>{t('more')}</Link>}>
              <Table<Row>
                size="small"
                pagination={false}
                scroll={{ x: 'max-content' }}
                rowKey="key"
                dataSource={rowsOf(data)}
                columns={[
                  { title: t('who'), fixed: 'start', dataIndex: 'name' },
                  { title: t('incoming'), ...number, render: (_, r) => count(r.calls?.incoming, 'incoming', r) },
                  {
                    title: t('answered'), ...number,
                    render: (_, r) => (
                      <>
                        <ShareOf of={r.calls?.answerRate} />
                        <div><Change now={r.calls?.answerRate.value} before={r.calls?.previous?.answerRate.value} write={f.share} isLessBetter={false} /></div>
                      </>
                    ),
                  },
                  { title: t('missed'), ...number, render: (_, r) => count(r.calls?.missedCalls, 'missed', r) },
                  { title: t('wait'), ...number, render: (_, r) => f.span(r.calls?.medianWaitSeconds) },
                  { title: t('talk'), ...number, render: (_, r) => f.span(r.calls?.medianTalkSeconds) },
                  { title: t('callbacks'), ...number, render: (_, r) => f.count(r.back?.callbacks) },
                  { title: t('within'), ...number, render: (_, r) => <ShareOf of={r.back?.within15Minutes} /> },
                  { title: t('median'), ...number, render: (_, r) => f.span(r.back?.medianCallbackSeconds) },
                  { title: t('outgoing'), ...number, render: (_, r) => count(r.calls?.outgoing, 'outgoing', r) },
                ]}
              />
              <SmallSharesNote />
            </Card>
          )
        }
      </Shown>
      {drawer}
    </div>
  );
}
