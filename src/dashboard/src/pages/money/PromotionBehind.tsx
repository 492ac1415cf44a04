import { Flex, Segmented } from 'antd';
import { useState } from 'react';
import { defineTexts } from '../../app/texts';
import { BehindRows } from '../../parts/Behind';
import { Files } from '../../parts/Files';

const texts = defineTexts({ what: 'Что показать', leads: 'Заявки', deals: 'Сделки' }, { what: 'What to show', leads: 'Leads', deals: 'Deals' });

/** The leads and deals behind a promotion. */
export const PromotionBehind = ({ id }: { id: string }) => <LeadsAndDeals leads="/v1/reports/promotions/leads" deals="/v1/reports/promotions/rows" query={{ promotionId: id }} />;

/** Two lists behind one figure: leads, and deals. */
export function LeadsAndDeals({ leads, deals, query, first = 'leads' }: { leads: string; deals: string; query: Record<string, string>; first?: 'leads' | 'deals' }) {
  const t = texts.use();
  const [what, setWhat] = useState(first);
  return (
    <div className="stack">
      <Flex gap={8} justify="space-between" wrap>
        <Segmented aria-label={t('what')} value={what} onChange={setWhat} options={[{ value: 'leads', label: t('leads') }, { value: 'deals', label: t('deals') }]} />
        <Files path={what === 'leads' ? leads : deals} query={query} />
      </Flex>
      {what === 'leads' ? <BehindRows kind="reportLeads" path={leads} query={query} /> : <BehindRows kind="deals" path={deals} query={query} />}
    </div>
  );
}
