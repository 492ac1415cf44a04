import { Alert, Button, Card, Flex, Select, Table, Tag, Typography } from 'antd';
import { useState } from 'react';
import { api, queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { RangeBar, useRange } from '../../parts/range';
import { Answer, Nothing } from '../../parts/States';
import { useChange } from '../../parts/change';
import { ActsTitle, RemoveButton } from '../../parts/forms';

type Spend = Schemas['ListUnmatchedSpendSpendPart'];
type Leads = Schemas['ListUnmatchedSpendLeadPart'];
type Mapping = Schemas['ListSpendMappingsMappingAnswer'];
type Double = Schemas['ListSpendDoublesDouble'];

const texts = defineTexts(
  {
    leads: 'Заявки есть, расхода нет', leadsAbout: 'Рекламные кампании из меток заявок, для которых не нашлось расхода. Укажите, какой кампании в расходе они соответствуют.', spend: 'Расход есть, заявок нет', spendAbout: 'Кампании, которые стоили денег и не привели ни одной заявки: метка в ссылках другая или реклама не работает.',
    campaign: 'Кампания', count: 'Заявок', money: 'Расход', clicks: 'Клики', map: 'Кампания в расходе', save: 'Связать', choose: 'Выберите кампанию для «{{name}}»', mappings: 'Связано вручную', leadCampaign: 'utm_campaign заявок', at: 'Когда', whole: 'Источник целиком',
    noLeads: 'У всех рекламных заявок за эти дни расход известен.', noSpend: 'Все кампании с расходом за эти дни привели заявки.', noMappings: 'Здесь будут кампании, которые вы связали вручную.', doubles: 'Посчитано дважды', doublesAbout: 'Одна кампания за одни и те же дни есть в двух местах: считаются оба, пока вы не уберёте одно. Лишнего: {{money}}.',
    days: 'Дни', inBoth: 'Где', twice: 'Дважды', noDoubles: 'Ни одна кампания не посчитана дважды.',
  },
  {
    leads: 'Leads without spend', leadsAbout: 'Advertised campaigns in the tags of leads that have no spend. Say which campaign of the spend they are.', spend: 'Spend without leads', spendAbout: 'Campaigns that cost and brought no lead: their links are tagged otherwise, or the advertising does not work.',
    campaign: 'Campaign', count: 'Leads', money: 'Spend', clicks: 'Clicks', map: 'Campaign of the spend', save: 'Match', choose: 'Choose a campaign for “{{name}}”', mappings: 'Matched by hand', leadCampaign: 'utm_campaign of leads', at: 'When', whole: 'The source as a whole',
    noLeads: 'The spend of all advertised leads of these days is known.', noSpend: 'All campaigns with spend on these days brought leads.', noMappings: 'Campaigns that you matched by hand will stand here.', doubles: 'Counted twice', doublesAbout: 'One campaign stands in two places on the same days: both count until you take one away. Too much: {{money}}.',
    days: 'Days', inBoth: 'Where', twice: 'Twice', noDoubles: 'No campaign is counted twice.',
  },
);

/** What does not meet between spend and leads, what was matched by hand, and what counts twice. */
export default function Unmatched() {
  const t = texts.use();
  const f = useFormats();
  const [change] = useChange({ touches: 'all' });
  const { from, to } = useRange();
  const days = { params: { query: { from, to } } };
  const answer = queries.useQuery('get', '/v1/spend/unmatched', days);
  const campaigns = queries.useQuery('get', '/v1/spend/summary', { params: { query: { groupBy: 'campaign', from, to } } });
  const doubles = queries.useQuery('get', '/v1/spend/doubles', days);
  const mappings = usePaged<Mapping>('/v1/spend/mappings');
  const options = (campaigns.data?.items ?? []).filter((c) => c.key).map((c) => ({ value: c.key!, label: `${c.name ?? c.key} · ${f.money(c.money)}` }));
  const match = (leadCampaign: string, key: string): void => {
    const name = campaigns.data?.items.find((c) => c.key === key)?.name ?? key.slice(5);
    void change(api.POST('/v1/spend/mappings', { body: { leadCampaign, ...(key.startsWith('id:') ? { campaignId: key.slice(3) } : {}), campaign: name } }));
  };

  return (
    <div className="stack">
      <Flex><RangeBar /></Flex>
      <Answer of={answer}>
        {(data) => (
          <div className="two-columns">
            <Card size="small" title={t('leads')}>
              <Typography.Paragraph type="secondary">{t('leadsAbout')}</Typography.Paragraph>
              <Table<Leads>
                size="small" rowKey={(l) => `${l.source} ${l.campaign}`} dataSource={data.leadsWithoutSpend as Leads[]} pagination={data.leadsWithoutSpend.length > 20 && { pageSize: 20, showSizeChanger: false }} scroll={{ x: 'max-content' }} locale={{ emptyText: <Nothing what={t('noLeads')} /> }}
                columns={[
                  { title: t('campaign'), render: (_, l) => <div className="breakable">{l.campaign ?? t('whole')}<div><Typography.Text type="secondary">{l.source}</Typography.Text></div></div> },
                  { title: t('count'), align: 'end', className: 'numbers', render: (_, l) => f.count(l.leads) },
                  { title: t('map'), render: (_, l) => (l.campaign ? <Match campaign={l.campaign} options={options} onMatch={match} /> : f.none) },
                ]}
              />
            </Card>
            <Card size="small" title={t('spend')}>
              <Typography.Paragraph type="secondary">{t('spendAbout')}</Typography.Paragraph>
              <Table<Spend>
                size="small" rowKey={(s) => `${s.source} ${s.key}`} dataSource={data.spendWithoutLeads as Spend[]} pagination={data.spendWithoutLeads.length > 20 && { pageSize: 20, showSizeChanger: false }} scroll={{ x: 'max-content' }} locale={{ emptyText: <Nothing what={t('noSpend')} /> }}
                columns={[
                  { title: t('campaign'), render: (_, s) => <div className="breakable">{s.campaign ?? s.campaignId ?? t('whole')}<div><Typography.Text type="secondary">{s.source}</Typography.Text></div></div> },
                  { title: t('clicks'), align: 'end', className: 'numbers', render: (_, s) => f.count(s.clicks) },
                  { title: t('money'), align: 'end', className: 'numbers', render: (_, s) => f.money(s.money) },
                ]}
              />
            </Card>
          </div>
        )}
      </Answer>
      <Card size="small" title={t('doubles')}>
        <Answer of={doubles} rows={2}>
          {(data) => (
            <div className="stack">
              {data.items.length > 0 && <Alert type="warning" showIcon title={t('doublesAbout', { money: f.money(data.money) })} />}
              <Table<Double>
                size="small" rowKey={(d) => `${d.key} ${d.accounts.map((a) => a.id).join()}`} dataSource={data.items as Double[]} pagination={false} scroll={{ x: 'max-content' }} locale={{ emptyText: <Nothing what={t('noDoubles')} /> }}
                columns={[
                  { title: t('campaign'), render: (_, d) => <span className="breakable">{d.campaign ?? d.campaignId}</span> },
                  { title: t('days'), className: 'numbers', render: (_, d) => `${f.day(d.firstDay)} – ${f.day(d.lastDay)} (${d.days})` },
                  { title: t('inBoth'), render: (_, d) => d.accounts.map((a) => <div key={a.id}><Tag>{a.name}</Tag> <span className="numbers">{f.money(a.money)}</span></div>) },
                  { title: t('twice'), align: 'end', className: 'numbers', render: (_, d) => f.money(d.money) },
                ]}
              />
            </div>
          )}
        </Answer>
      </Card>
      <Card size="small" title={t('mappings')}>
        <PagedTable<Mapping>
          list={mappings} size="small" empty={t('noMappings')}
          columns={[
            { title: t('leadCampaign'), render: (_, m) => <span className="breakable">{m.leadCampaign}</span> },
            { title: t('map'), render: (_, m) => <span className="breakable">{m.campaign ?? m.campaignId}</span> },
            { title: t('at'), className: 'numbers', render: (_, m) => f.moment(m.createdAt) },
            { key: 'acts', title: <ActsTitle />, width: 56, render: (_, m) => <RemoveButton name={m.leadCampaign} onRemove={() => void change(api.DELETE('/v1/spend/mappings/{id}', { params: { path: { id: m.id } } }))} /> },
          ]}
        />
      </Card>
    </div>
  );
}

function Match({ campaign, options, onMatch }: { campaign: string; options: { value: string; label: string }[]; onMatch: (campaign: string, key: string) => void }) {
  const t = texts.use();
  const [key, setKey] = useState<string>();
  return (
    <Flex gap={6}>
      <Select size="small" aria-label={t('choose', { name: campaign })} value={key} onChange={setKey} options={options} showSearch={{ optionFilterProp: 'label' }} style={{ width: 220 }} popupMatchSelectWidth={false} />
      <Button size="small" type="primary" disabled={!key} onClick={() => key && onMatch(campaign, key)}>{t('save')}</Button>
    </Flex>
  );
}
