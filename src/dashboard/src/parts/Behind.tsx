import { Drawer, Flex, Tag, type TableColumnsType } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { Query, Schemas } from '../api/client';
import { useFormats, type Formats } from '../app/formats';
import { useOpenProject } from '../app/session';
import { defineTexts, type Say } from '../app/texts';
import { OutcomeTag } from './calls';
import { PhoneLink } from './Contacts';
import { DealTag } from './DealTag';
import { Files } from './Files';
import { useLeadWords } from './leadWords';
import { usePaged } from './paged';
import { PagedTable } from './PagedTable';
import { SourceLine } from './passport';

const ru = {
  client: 'Клиент', deal: 'Сделка', source: 'Источник', manager: 'Менеджер', state: 'Состояние', amount: 'Сумма', made: 'Заведена', closed: 'Закрыта', reason: 'Причина отказа', lead: 'Заявка', at: 'Когда', kind: 'Вид',
  came: 'Пришёл', purchases: 'Покупок', revenue: 'Выручка', lastPurchase: 'Последняя покупка', waited: 'Ждал', waitedWorking: 'В рабочее время', answered: 'Ответили', nobody: 'ещё никто', name: 'Имя', noName: 'Без имени', stage: 'Этап',
  none: 'За этой цифрой ничего нет: выберите другой период или снимите фильтры.',
  byCall: 'звонок', message: 'сообщение', email: 'письмо', sms: 'СМС', byStage: 'сдвинул сделку', clientCalled: 'клиент позвонил сам', phone: 'Телефон', employee: 'Сотрудник', wait: 'Ожидание', talk: 'Разговор', outcome: 'Итог',
  hidden: 'скрыт', openClient: 'Карточка',
} as const;

const en = {
  client: 'Client', deal: 'Deal', source: 'Source', manager: 'Manager', state: 'State', amount: 'Amount', made: 'Made', closed: 'Closed', reason: 'Lost because', lead: 'Lead', at: 'When', kind: 'Kind',
  came: 'Came', purchases: 'Purchases', revenue: 'Revenue', lastPurchase: 'Last purchase', waited: 'Waited', waitedWorking: 'In working hours', answered: 'Answered', nobody: 'nobody yet', name: 'Name', noName: 'No name', stage: 'Stage',
  none: 'Nothing stands behind this figure: choose other dates or take filters off.',
  byCall: 'a call', message: 'a message', email: 'an e-mail', sms: 'an SMS', byStage: 'moved the deal', clientCalled: 'the client called', phone: 'Phone', employee: 'Employee', wait: 'Waiting', talk: 'Talk', outcome: 'Outcome',
  hidden: 'hidden', openClient: 'Card',
} as const;

const texts = defineTexts(ru, en);

interface Kinds {
  teamDeals: Schemas['TeamDeal'];
  deals: Schemas['ReportDeal'];
  clients: Schemas['ReportClient'];
  leads: Schemas['ListAnsweredLeadsLead'];
  reportLeads: Schemas['ReportLead'];
  calls: Schemas['CallAnswer'];
}

/** What stands behind a figure: the route that lists it, asked as the figure was asked. */
export interface Behind {
  readonly title: string;
  readonly about?: ReactNode;
  readonly kind: keyof Kinds;
  readonly path: string;
  readonly query: Query;
}

/** `const [open, drawer] = useBehind();`: a figure calls `open`, the page renders `drawer`. */
export function useBehind(): [(behind: Behind) => void, ReactNode] {
  const [behind, setBehind] = useState<Behind>();
  const [isOpen, setOpen] = useState(false);
  const show = (of: Behind): void => {
    setBehind(of);
    setOpen(true);
  };
  return [show, behind && <BehindDrawer of={behind} isOpen={isOpen} onClose={() => setOpen(false)} key={JSON.stringify([behind.path, behind.query])} />];
}

function BehindDrawer({ of, isOpen, onClose }: { of: Behind; isOpen: boolean; onClose: () => void }) {
  return (
    <Drawer open={isOpen} onClose={onClose} size={Math.min(1080, window.innerWidth)} title={of.title} extra={<Files path={of.path} query={of.query} />}>
      <Flex vertical gap={12}>
        {of.about}
        {isOpen && <BehindRows kind={of.kind} path={of.path} query={of.query} />}
      </Flex>
    </Drawer>
  );
}

/** What stands behind a figure, as a table. */
export function BehindRows<K extends keyof Kinds>({ kind, path, query }: { kind: K; path: string; query: Query }) {
  const t = texts.use();
  const f = useFormats();
  const word = useLeadWords();
  const { id } = useOpenProject();
  const list = usePaged<Kinds[K]>(path, query);
  const columns = useMemo(() => columnsOf(t, f, word, `/p/${id}`)[kind] as TableColumnsType<Kinds[K]>, [t, f, word, id, kind]);
  return <PagedTable<Kinds[K]> list={list} empty={t('none')} columns={columns} rowKey={(row) => ('id' in row ? row.id : 'dealId' in row ? row.dealId : 'leadId' in row ? row.leadId : row.clientId)} size="small" />;
}

/** Numbers stand at the right of their column. */
const number = { align: 'right', className: 'numbers' } as const;
interface From {
  readonly channel?: string | null;
  readonly source?: string | null;
  readonly campaign?: string | null;
}
const source = ({ channel, source: name, campaign }: From) => (channel || name || campaign ? <SourceLine of={{ channel: channel ?? 'unknown', source: name ?? null, campaign: campaign ?? null, keyword: null }} /> : '—');

function columnsOf(t: Say<typeof ru>, f: Formats, word: (code: string) => string, at: string): { [K in keyof Kinds]: TableColumnsType<Kinds[K]> } {
  const client = (id: string | null | undefined, name?: string | null): ReactNode => (id ? <Link to={`${at}/clients/${id}`}>{name || t('openClient')}</Link> : (name ?? f.none));
  const state = (s: string): ReactNode => <DealTag state={s} />;
  const text = (v: string | null | undefined): string => v ?? f.none;
  const how: Record<string, string> = { call: t('byCall'), message: t('message'), email: t('email'), sms: t('sms'), stage: t('byStage'), clientCalled: t('clientCalled') };
  return {
    teamDeals: [
      { title: t('deal'), dataIndex: 'name', render: (_, r) => (r.leadId ? <Link to={`${at}/leads/${r.leadId}`}>{r.name || r.remoteId}</Link> : <>{r.name || r.remoteId}</>) },
      { title: t('client'), dataIndex: 'clientId', render: (id: string | null, r) => client(id, r.clientName) },
      { title: t('amount'), dataIndex: 'amount', ...number, render: f.money },
      { title: t('state'), dataIndex: 'state', render: state },
      { title: t('stage'), dataIndex: 'stage', render: (_, r) => text(r.lostStage ?? r.stage) },
      { title: t('reason'), dataIndex: 'lostReason', render: text },
      { title: t('source'), render: (_, r) => source(r) },
      { title: t('manager'), dataIndex: 'manager', render: text },
      { title: t('made'), dataIndex: 'madeAt', ...number, render: f.dayAt },
      { title: t('closed'), ...number, render: (_, r) => f.dayAt(r.wonAt ?? r.lostAt) },
    ],
    deals: [
      { title: t('deal'), dataIndex: 'name', render: (_, r) => r.name || r.remoteId },
      { title: t('client'), dataIndex: 'clientId', render: (id: string | null, r) => client(id, r.clientName) },
      { title: t('source'), render: (_, r) => source(r) },
      { title: t('manager'), dataIndex: 'manager', render: text },
      { title: t('state'), dataIndex: 'state', render: state },
      { title: t('amount'), dataIndex: 'amount', ...number, render: f.money },
      { title: t('made'), dataIndex: 'madeOn', ...number, render: f.day },
      { title: t('closed'), dataIndex: 'wonOn', ...number, render: f.day },
    ],
    clients: [
      { title: t('client'), dataIndex: 'name', render: (name: string | null, r) => client(r.clientId, name || t('noName')) },
      { title: t('source'), render: (_, r) => source(r) },
      { title: t('came'), dataIndex: 'cameOn', ...number, render: f.day },
      { title: t('purchases'), dataIndex: 'purchases', ...number, render: f.count },
      { title: t('revenue'), dataIndex: 'revenue', ...number, render: f.money },
      { title: t('lastPurchase'), dataIndex: 'lastPurchase', ...number, render: f.day },
      { title: t('manager'), dataIndex: 'manager', render: text },
    ],
    leads: [
      { title: t('lead'), dataIndex: 'at', render: (moment: string, r) => <Link to={`${at}/leads/${r.id}`}>{f.moment(moment)}</Link> },
      { title: t('kind'), dataIndex: 'kind', render: (k: string) => word(k) },
      { title: t('client'), dataIndex: 'clientId', render: (id: string | null, r) => client(id, r.clientName) },
      { title: t('source'), render: (_, r) => source(r) },
      { title: t('manager'), dataIndex: 'manager', render: text },
      { title: t('waited'), dataIndex: 'calendarSeconds', ...number, render: f.span },
      { title: t('waitedWorking'), dataIndex: 'workingSeconds', ...number, render: f.span },
      { title: t('answered'), render: (_, r) => (r.contactedAt ? [r.who, r.how && (how[r.how] ?? r.how)].filter(Boolean).join(', ') : <Tag color="orange">{t('nobody')}</Tag>) },
    ],
    reportLeads: [
      { title: t('lead'), dataIndex: 'at', render: (moment: string, r) => <Link to={`${at}/leads/${r.leadId}`}>{f.moment(moment)}</Link> },
      { title: t('name'), dataIndex: 'name', render: (name: string | null) => <span className="breakable">{name || t('noName')}</span> },
      { title: t('source'), render: (_, r) => source(r) },
    ],
    calls: [
      { title: t('at'), dataIndex: 'startedAt', render: (moment: string, r) => (r.leadId ? <Link to={`${at}/leads/${r.leadId}`}>{f.moment(moment)}</Link> : f.moment(moment)) },
      { title: t('phone'), dataIndex: 'clientPhone', className: 'numbers', render: (p: string | null) => (p ? <PhoneLink phone={p} /> : t('hidden')) },
      { title: t('client'), dataIndex: 'clientId', render: (id: string | null, r) => client(id, r.clientName) },
      { title: t('outcome'), dataIndex: 'outcome', render: (o: string) => <OutcomeTag of={o} /> },
      { title: t('employee'), dataIndex: 'employee', render: text },
      { title: t('wait'), dataIndex: 'waitSeconds', ...number, render: f.span },
      { title: t('talk'), ...number, render: (_, r) => (r.outcome === 'answered' ? f.span(r.talkSeconds) : f.none) },
    ],
  };
}
