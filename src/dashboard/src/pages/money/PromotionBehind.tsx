import { Flex, Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Files } from '../../parts/Files';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { SourceLine } from '../../parts/passport';

const texts = defineTexts(
  { what: 'Что показать', leads: 'Заявки', deals: 'Сделки', at: 'Когда', name: 'Имя', source: 'Источник', deal: 'Сделка', client: 'Клиент', manager: 'Менеджер', made: 'Создана', won: 'Выиграна', amount: 'Сумма', nameless: 'Без имени', noLeads: 'Таких заявок нет.', noDeals: 'Таких сделок нет.' },
  { what: 'What to show', leads: 'Leads', deals: 'Deals', at: 'When', name: 'Name', source: 'Source', deal: 'Deal', client: 'Client', manager: 'Manager', made: 'Made', won: 'Won', amount: 'Amount', nameless: 'Without a name', noLeads: 'There are no such leads.', noDeals: 'There are no such deals.' },
);

type Query = Record<string, string | undefined>;

/** The leads and deals behind a promotion. */
export const PromotionBehind = ({ id }: { id: string }) => <LeadsAndDeals leads="/v1/reports/promotions/leads" deals="/v1/reports/promotions/rows" query={{ promotionId: id }} />;

/** Two lists behind one figure: leads, and deals. */
export function LeadsAndDeals({ leads, deals, query, first = 'leads' }: { leads: string; deals: string; query: Query; first?: 'leads' | 'deals' }) {
  const t = texts.use();
  const [what, setWhat] = useState<'leads' | 'deals'>(first);
  return (
    <div className="stack">
      <Flex gap={8} justify="space-between" wrap>
        <Segmented aria-label={t('what')} value={what} onChange={setWhat} options={[{ value: 'leads', label: t('leads') }, { value: 'deals', label: t('deals') }]} />
        <Files path={what === 'leads' ? leads : deals} query={query} />
      </Flex>
      {what === 'leads' ? <Leads path={leads} query={query} /> : <Deals path={deals} query={query} />}
    </div>
  );
}

function Leads({ path, query }: { path: string; query: Query }) {
  const t = texts.use();
  const f = useFormats();
  const { id } = useOpenProject();
  const list = usePaged<Schemas['ReportLead']>(path, query);
  return (
    <PagedTable<Schemas['ReportLead']>
      list={list} size="small" rowKey="leadId" empty={t('noLeads')}
      columns={[
        { title: t('at'), className: 'numbers', render: (_, l) => f.moment(l.at) },
        { title: t('name'), render: (_, l) => <Link className="breakable" to={`/p/${id}/leads/${l.leadId}`}>{l.name ?? t('nameless')}</Link> },
        { title: t('source'), render: (_, l) => <SourceLine of={{ channel: l.channel ?? '', source: l.source ?? null, campaign: l.campaign ?? null, keyword: null }} /> },
      ]}
    />
  );
}

function Deals({ path, query }: { path: string; query: Query }) {
  const t = texts.use();
  const f = useFormats();
  const { id } = useOpenProject();
  const list = usePaged<Schemas['ReportDeal']>(path, query);
  return (
    <PagedTable<Schemas['ReportDeal']>
      list={list} size="small" rowKey="dealId" empty={t('noDeals')}
      columns={[
        { title: t('deal'), render: (_, d) => <span className="breakable">{d.name ?? d.remoteId}</span> },
        { title: t('client'), render: (_, d) => (d.clientId ? <Link className="breakable" to={`/p/${id}/clients/${d.clientId}`}>{d.clientName ?? t('nameless')}</Link> : f.none) },
        { title: t('source'), render: (_, d) => <SourceLine of={{ channel: d.channel ?? '', source: d.source ?? null, campaign: d.campaign ?? null, keyword: null }} /> },
        { title: t('manager'), render: (_, d) => d.manager ?? f.none },
        { title: t('made'), className: 'numbers', render: (_, d) => f.day(d.madeOn) },
        { title: t('won'), className: 'numbers', render: (_, d) => f.day(d.wonOn) },
        { title: t('amount'), align: 'end', className: 'numbers', render: (_, d) => f.money(d.amount) },
      ]}
    />
  );
}
