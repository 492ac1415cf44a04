import { Card, Flex, Segmented, Table, Typography } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useBehind } from '../../parts/Behind';
import { Change, Figure } from '../../parts/Figure';
import { Files } from '../../parts/Files';
import { GroupPick } from '../../parts/GroupPick';
import { filterOf, useGroupName } from '../../parts/groups';
import { Opens } from '../../parts/Opens';
import { Pick, useChoice } from '../../parts/Pick';
import { useAddress, useRange } from '../../parts/range';
import { Shown, useReport } from '../../parts/report';
import { ShareOf, SmallSharesNote } from '../../parts/Share';
import { Nothing } from '../../parts/States';

const texts = defineTexts(
  {
    clock: 'Часы', working: 'В рабочее время', calendar: 'По календарю', about: 'Сколько заявка ждёт живого ответа: звонка, сообщения, письма или первого движения сделки человеком. Принятые звонки не ждали и считаются отдельно.', noHours: 'Рабочее время проекта не задано: оба счёта совпадают.',
    median: 'Медиана ответа', medianHint: 'Половине заявок ответили быстрее.', slow: '9 из 10 — за {{span}}', within: 'За {{minutes}} мин', withinHint: 'От заявок, чьё время уже вышло.', unanswered: 'Без ответа', oldest: 'самая старая ждёт {{span}}', leads: 'Заявки', talks: 'приняты звонком: {{count}}', kind: 'Вид заявки', allKinds: 'Все виды',
    name: 'Разрез', answered: 'Ответили', form: 'Формы', call: 'Звонки', chat: 'Чаты', empty: 'За эти дни заявок нет.', title: 'Заявки · {{what}}',
  },
  {
    clock: 'Clock', working: 'In working hours', calendar: 'By the calendar', about: 'How long a lead waits for a person: a call, a message, an e-mail, or a person’s first move of its deal. Calls that were answered did not wait and are counted apart.', noHours: 'The project has no working hours: both clocks are the same.', median: 'Median response', medianHint: 'Half of the leads were answered sooner.', slow: '9 of 10 within {{span}}',
    within: 'Within {{minutes}} min', withinHint: 'Of leads whose time is up.', unanswered: 'Not answered', oldest: 'the oldest has waited {{span}}', leads: 'Leads', talks: 'taken as calls: {{count}}', kind: 'Kind of lead', allKinds: 'All kinds',
    name: 'Split', answered: 'Answered', form: 'Forms', call: 'Calls', chat: 'Chats', empty: 'There were no leads on these days.', title: 'Leads · {{what}}',
  },
);

type Item = Schemas['GetResponseTimesItem'];
type What = 'leads' | 'answered' | 'unanswered' | 'talks';
const groups = ['manager', 'source', 'channel', 'campaign', 'site', 'kind', 'hour', 'weekday', 'week', 'month'] as const;
/** Rows can be asked for by these alone. */
const withRows: readonly string[] = ['manager', 'source', 'channel', 'campaign', 'site', 'kind'];
const number = { align: 'right', className: 'numbers' } as const;

/** How long leads wait for a person. */
export function ResponseTimes() {
  const t = texts.use();
  const f = useFormats();
  const [get, set] = useAddress();
  const { from, to, compare } = useRange();
  const by = useChoice('by', groups, 'manager');
  const kind = get('kind');
  const clock = useChoice('clock', ['working', 'calendar'], 'working');
  const query = { from, to, compare, groupBy: by, kind };
  const report = useReport<Schemas['GetResponseTimesResponse']>('/v1/reports/response', query);
  const groupName = useGroupName();
  const [open, drawer] = useBehind();
  const nameOf = ({ group }: Item): string => {
    if (by === 'kind') return t(group.key as 'form');
    return groupName(by, group);
  };
  const show = (what: What, title: string, item?: Item): void =>
    open({ kind: 'leads', path: '/v1/reports/response/rows', title: t('title', { what: title }), query: { from, to, kind, what, ...(item && filterOf(by, item.group.key)) } });
  const count = (n: number, what: What, title: string, item: Item) => (n > 0 && withRows.includes(by) ? <Opens onOpen={() => show(what, `${nameOf(item)}, ${title.toLowerCase()}`, item)} label={`${nameOf(item)}, ${title.toLowerCase()}: ${n}`}>{f.count(n)}</Opens> : f.count(n));
  const note = (text: string) => <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13 }}>{text}</Typography.Text>;

  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between">
        <Flex wrap gap={8} style={{ flex: '1 1 280px', minWidth: 0 }}>
          <Segmented aria-label={t('clock')} value={clock} onChange={(v) => set({ clock: v === 'working' ? undefined : v })} options={[{ value: 'working', label: t('working') }, { value: 'calendar', label: t('calendar') }]} />
          <GroupPick groups={groups} first="manager" />
          <Pick name="kind" label={t('kind')} all={t('allKinds')} options={(['form', 'call', 'chat'] as const).map((k) => ({ value: k, label: t(k) }))} width={140} />
        </Flex>
        <Files path="/v1/reports/response" query={query} />
      </Flex>
      <Shown of={report} rows={10}>
        {(data) => {
          const { total } = data;
          if (total.leads + total.talks === 0) return <Card><Nothing what={t('empty')} /></Card>;
          const [now, before] = [total[clock], total.previous?.[clock]];
          return (
            <>
              <Typography.Text type="secondary">
                {t('about')} {!data.workingHours && t('noHours')}
              </Typography.Text>
              <div className="figure-grid">
                <Figure name={t('median')} hint={t('medianHint')} value={f.span(now.medianSeconds)} now={now.medianSeconds} before={before?.medianSeconds} write={f.span} isLessBetter extra={note(t('slow', { span: f.span(now.slowSeconds) }))} />
                {now.within.map((w, i) => (
                  <Figure key={w.minutes} name={t('within', { minutes: w.minutes })} hint={t('withinHint')} value={<ShareOf of={w.share} />} now={w.share.value} before={before?.within[i]?.share.value} write={f.share} isLessBetter={false} />
                ))}
                <Figure
                  name={t('unanswered')} value={total.unanswered > 0 ? <Opens onOpen={() => show('unanswered', t('unanswered').toLowerCase())}>{f.count(total.unanswered)}</Opens> : '0'} now={total.unanswered} before={total.previous?.unanswered} isLessBetter
                  extra={Boolean(now.longestWaitingSeconds) && note(t('oldest', { span: f.span(now.longestWaitingSeconds) }))}
                />
                <Figure name={t('leads')} value={<Opens onOpen={() => show('leads', t('leads').toLowerCase())}>{f.count(total.leads)}</Opens>} now={total.leads} before={total.previous?.leads} extra={total.talks > 0 && note(t('talks', { count: total.talks }))} />
              </div>
              <Card size="small">
                <Table<Item>
                  size="small"
                  scroll={{ x: 'max-content' }}
                  pagination={data.items.length > 31 ? { pageSize: 31, showSizeChanger: false } : false}
                  rowKey={(r) => `${r.group.connectionId ?? ''} ${r.group.key}`}
                  dataSource={[...data.items]}
                  columns={[
                    { title: t('name'), fixed: 'start', render: (_, r) => <span className="breakable">{nameOf(r)}</span> },
                    { title: t('leads'), ...number, sorter: (a, b) => a.figures.leads - b.figures.leads, render: (_, r) => count(r.figures.leads, 'leads', t('leads'), r) },
                    {
                      title: t('median'), ...number, sorter: (a, b) => (a.figures[clock].medianSeconds ?? 0) - (b.figures[clock].medianSeconds ?? 0),
                      render: (_, r) => (
                        <>
                          {f.span(r.figures[clock].medianSeconds)}
                          <div><Change now={r.figures[clock].medianSeconds} before={r.figures.previous?.[clock].medianSeconds} write={f.span} isLessBetter /></div>
                        </>
                      ),
                    },
                    ...total[clock].within.map((w, i) => ({ title: t('within', { minutes: w.minutes }), ...number, render: (_: unknown, r: Item) => <ShareOf of={r.figures[clock].within[i]?.share} /> })),
                    { title: t('answered'), ...number, render: (_, r) => <ShareOf of={r.figures.answeredShare} /> },
                    { title: t('unanswered'), ...number, sorter: (a, b) => a.figures.unanswered - b.figures.unanswered, render: (_, r) => count(r.figures.unanswered, 'unanswered', t('unanswered'), r) },
                  ]}
                />
                <SmallSharesNote />
              </Card>
            </>
          );
        }}
      </Shown>
      {drawer}
    </div>
  );
}
