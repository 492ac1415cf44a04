import { Skeleton, Table, Typography, type TableColumnsType } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useCrmLinks, useDealMoney } from '../../parts/crm';
import { DealTag } from '../../parts/DealTag';
import type { Step } from '../../parts/Journey';
import { LeadLink } from '../../parts/PersonLinks';
import { usePaged, type Paged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { Credits, NoCredits } from './Credits';

type Deal = Schemas['DealAnswer'];

const texts = defineTexts(
  {
    deal: 'Сделка', made: 'Создана', stage: 'Этап', state: 'Состояние', amount: 'Сумма', responsible: 'Ответственный', lead: 'заявка', isLead: 'лид Битрикс24', empty: 'Здесь появятся сделки этого клиента из CRM.',
    no: 'Лиды Битрикс24 не делятся между касаниями: продажа — это сделка.', far: 'Эта сделка стоит дальше на пути клиента: покажите путь до неё.', list: 'Сделки клиента', parts: 'Доли',
  },
  {
    deal: 'Deal', made: 'Made', stage: 'Stage', state: 'State', amount: 'Amount', responsible: 'Responsible', lead: 'lead', isLead: 'Bitrix24 lead', empty: 'Deals of this client in the CRM will stand here.',
    no: 'Leads of Bitrix24 are not shared among touches: a sale is a deal.', far: 'This deal stands further on the client’s way: show the way up to it.', list: 'Deals of the client', parts: 'Shares',
  },
);

export function ClientDeals({ clientId, journey }: { clientId: string; journey: Paged<Step> }) {
  const t = texts.use();
  const f = useFormats();
  const money = useDealMoney();
  const crm = useCrmLinks();
  const list = usePaged<Deal>('/v1/deals', { clientId, limit: 50 });
  const credits = new Map(journey.items.filter((s) => s.kind === 'deal').map((s) => [s.id, s.credit]));
  const columns: TableColumnsType<Deal> = [
    {
      title: t('deal'),
      render: (_, d) => {
        const url = crm.urlOf(d.connectionId, d.kind === 'lead' ? 'lead' : 'deal', d.remoteId);
        const name = d.name || `№ ${d.remoteId}`;
        return (
          <div className="breakable" style={{ maxWidth: 280 }}>
            {url ? <a href={url} target="_blank" rel="noopener noreferrer">{name}</a> : name}
            <div>
              <Typography.Text type="secondary" style={{ fontSize: 13 }}>
                {d.connectionName} · № {d.remoteId}
                {d.kind === 'lead' && ` · ${t('isLead')}`}
              </Typography.Text>
              {d.leadId && <> · <LeadLink id={d.leadId}>{t('lead')}</LeadLink></>}
            </div>
          </div>
        );
      },
    },
    { title: t('made'), render: (_, d) => <span className="numbers">{f.moment(d.createdAt)}</span> },
    { title: t('stage'), render: (_, d) => <span className="breakable">{[d.pipeline?.name, d.stage.name ?? d.stage.id].filter(Boolean).join(' · ')}</span> },
    {
      title: t('state'),
      render: (_, d) => (
        <>
          <DealTag state={d.state} />
          {' '}
          {d.lostReason && <Typography.Text type="secondary">{d.lostReason.name}</Typography.Text>}
        </>
      ),
    },
    { title: t('responsible'), render: (_, d) => d.responsible?.name ?? d.responsible?.id ?? f.none },
    { title: t('amount'), align: 'right', render: (_, d) => <span className="numbers">{money(d.amount, d.currency)}</span> },
  ];
  return (
    <PagedTable<Deal>
      list={list}
      aria-label={t('list')}
      columns={[...columns.slice(0, 1), Table.EXPAND_COLUMN, ...columns.slice(1)]}
      empty={t('empty')}
      size="small"
      scroll={{ x: 860 }}
      expandable={{
        columnWidth: 64,
        columnTitle: t('parts'),
        expandedRowRender: (d) => {
          const credit = credits.get(d.id);
          return journey.isPending ? <Skeleton active paragraph={{ rows: 2 }} /> : credit ? <Credits of={credit} isWon={d.state === 'won'} /> : <NoCredits why={d.kind === 'lead' ? t('no') : t('far')} />;
        },
        // The newest deal shows at once what there is to see.
        ...(list.items[0] ? { defaultExpandedRowKeys: [list.items[0].id] } : {}),
      }}
    />
  );
}
