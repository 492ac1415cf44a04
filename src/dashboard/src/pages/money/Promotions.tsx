import { PlusOutlined } from '@ant-design/icons';
import { Button, Card, Drawer, Flex, Progress, Table, Tag, Typography } from 'antd';
import { useState } from 'react';
import { api, queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Files } from '../../parts/Files';
import { Hint } from '../../parts/Figure';
import { opening } from '../../parts/PagedTable';
import { RangeBar, useAddress } from '../../parts/range';
import { Answer, Nothing } from '../../parts/States';
import { useChange } from '../../parts/change';
import { ActsTitle, EditButton, RemoveButton } from '../../parts/forms';
import { PromotionBehind } from './PromotionBehind';
import { PromotionForm } from './PromotionForm';

type Row = Schemas['GetPromotionReportRow'];

const texts = defineTexts(
  {
    add: 'Новая акция', name: 'Акция', days: 'Дни', goal: 'Цель', spend: 'Расход / бюджет', leads: 'Заявки', clients: 'Клиенты', revenue: 'Выручка', sales: 'Продажи', romi: 'ROMI', yes: 'окупилась', no: 'не окупилась', unknown: 'расход неизвестен', total: 'Итого без повторов',
    payback: 'выручка / расход, 100 % — окупились.', net: '(Выручка − расход) / расход, 0 % — окупились.', plan: 'план {{value}}', own: 'свой расход', partial: 'часть расхода — в валюте без курса', open: 'Нажмите на акцию, чтобы увидеть её заявки и сделки.',
    g_leads: 'заявки', g_clients: 'клиенты', g_deals: 'сделки', g_revenue: 'выручка', g_checks: 'средний чек', g_frequency: 'покупок на клиента', g_reach: 'охват', done: '{{name}}: выполнено {{share}}',
    empty: 'Здесь будут акции: план и факт по заявкам, клиентам, выручке и расходу. Добавьте акцию и метку, по которой узнаются её заявки.',
  },
  {
    add: 'New promotion', name: 'Promotion', days: 'Days', goal: 'Goal', spend: 'Spend / budget', leads: 'Leads', clients: 'Clients', revenue: 'Revenue', sales: 'Sales', romi: 'ROMI', yes: 'paid back', no: 'not paid back', unknown: 'spend is unknown', total: 'Total, each counted once',
    payback: 'revenue / spend, 100 % is break-even.', net: '(Revenue − spend) / spend, 0 % is break-even.', plan: 'plan {{value}}', own: 'its own spend', partial: 'a part of the spend is in a currency without a rate', open: 'Click a promotion to see its leads and deals.',
    g_leads: 'leads', g_clients: 'clients', g_deals: 'deals', g_revenue: 'revenue', g_checks: 'average check', g_frequency: 'purchases a client', g_reach: 'reach', done: '{{name}}: {{share}} is done',
    empty: 'Promotions will stand here: plan and fact of leads, clients, revenue and spend. Add one with the tag that its leads are known by.',
  },
);

/** What was planned for each promotion, and what came of it. */
export default function Promotions() {
  const t = texts.use();
  const f = useFormats();
  const project = useProject();
  const [change] = useChange({ touches: 'all' });
  const [get] = useAddress();
  const [form, setForm] = useState<string>();
  const [opened, setOpened] = useState<Row>();
  // Without days in the address: the service's own twelve months.
  const query = get('from') && get('to') ? { from: get('from'), to: get('to') } : {};
  const answer = queries.useQuery('get', '/v1/reports/promotions', { params: { query } });
  const isNet = project?.romi === 'net';

  const against = (actual: string, plan: string | undefined, done: number | null | undefined, name: string) => (
    <div className="numbers">
      {actual}
      {plan !== undefined && <div><Typography.Text type="secondary" style={{ fontSize: 12 }}>{t('plan', { value: plan })}</Typography.Text></div>}
      {typeof done === 'number' && <Progress percent={Math.round(done * 100)} size="small" status="normal" style={{ width: 110 }} aria-label={t('done', { name, share: f.share(done) })} />}
    </div>
  );
  const planned = (v: number | null | undefined, write: (v: number) => string): string | undefined => (typeof v === 'number' ? write(v) : undefined);

  return (
    <div className="stack">
      <Flex wrap gap={8}>
        <RangeBar days={365} />
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setForm('new')}>{t('add')}</Button>
        <Files path="/v1/reports/promotions" query={query} />
      </Flex>
      <Card size="small">
        <Answer of={answer}>
          {(data) => (
            <>
              <Table<Row>
                size="small" rowKey="promotionId" dataSource={data.rows as Row[]} pagination={data.rows.length > 50 && { pageSize: 50, showSizeChanger: false }} scroll={{ x: 'max-content' }} locale={{ emptyText: <Nothing what={t('empty')} /> }} onRow={(r) => opening(() => setOpened(r))}
                columns={[
                  { title: t('name'), render: (_, r) => <div className="breakable" style={{ maxWidth: 260 }}><strong style={{ fontWeight: 500 }}>{r.name}</strong><div><Typography.Text type="secondary" style={{ fontSize: 13 }}>{r.tagKind} = {r.tag}{r.responsible && ` · ${r.responsible}`}</Typography.Text></div></div> },
                  { title: t('days'), className: 'numbers', render: (_, r) => <>{f.shortDay(r.from)} –<br />{f.day(r.to)}</> },
                  { title: t('goal'), render: (_, r) => <>{t(`g_${r.goal as 'leads'}`)}<br />{typeof r.done.goal === 'number' && <span className="numbers">{f.share(r.done.goal)}</span>}</> },
                  { title: t('spend'), align: 'end', render: (_, r) => <>{against(f.money(r.actual.spend), planned(r.plan.budget, f.money), r.done.budget, t('spend'))}{r.spendIsOwn && <Tag>{t('own')}</Tag>}{r.actual.spendIsPartial && <Hint text={t('partial')} />}</> },
                  { title: t('leads'), align: 'end', render: (_, r) => against(f.count(r.actual.leads), planned(r.plan.leads, f.count), r.done.leads, t('leads')) },
                  { title: t('clients'), align: 'end', render: (_, r) => against(f.count(r.actual.clients), planned(r.plan.clients, f.count), r.done.clients, t('clients')) },
                  { title: t('sales'), align: 'end', className: 'numbers', render: (_, r) => f.count(r.actual.sales) },
                  { title: t('revenue'), align: 'end', render: (_, r) => against(f.money(r.actual.revenue), planned(r.plan.revenue, f.money), r.done.revenue, t('revenue')) },
                  {
                    title: t('romi'), align: 'end',
                    render: (_, r) => <><span className="numbers">{f.share(isNet ? r.actual.romiNet : r.actual.romiPayback)}</span><div>{typeof r.actual.isPaidBack === 'boolean' ? <Tag color={r.actual.isPaidBack ? 'green' : 'red'} style={{ margin: 0 }}>{t(r.actual.isPaidBack ? 'yes' : 'no')}</Tag> : <Typography.Text type="secondary" style={{ fontSize: 12 }}>{t('unknown')}</Typography.Text>}</div></>,
                  },
                  {
                    key: 'acts', title: <ActsTitle />, width: 80,
                    render: (_, r) => (
                      <span onClick={(e) => e.stopPropagation()} role="presentation"><Flex>
                        <EditButton name={r.name} onEdit={() => setForm(r.promotionId)} />
                        <RemoveButton name={r.name} onRemove={() => void change(api.DELETE('/v1/promotions/{id}', { params: { path: { id: r.promotionId } } }))} />
                      </Flex></span>
                    ),
                  },
                ]}
                summary={() =>
                  data.rows.length > 0 && (
                    <Table.Summary.Row>
                      <Table.Summary.Cell index={0} colSpan={3}><strong>{t('total')}</strong></Table.Summary.Cell>
                      {[f.money(data.total.spend), f.count(data.total.leads), f.count(data.total.clients), f.count(data.total.sales), f.money(data.total.revenue), f.share(isNet ? data.total.romiNet : data.total.romiPayback)].map((v, i) => (
                        <Table.Summary.Cell key={i} index={i + 3} align="end" className="numbers"><strong>{v}</strong></Table.Summary.Cell>
                      ))}
                      <Table.Summary.Cell index={9} />
                    </Table.Summary.Row>
                  )
                }
              />
              {data.rows.length > 0 && <Typography.Text type="secondary">ROMI: {t(isNet ? 'net' : 'payback')} {t('open')}</Typography.Text>}
            </>
          )}
        </Answer>
      </Card>
      {form && <PromotionForm id={form === 'new' ? undefined : form} onClose={() => setForm(undefined)} />}
      <Drawer open={Boolean(opened)} onClose={() => setOpened(undefined)} size={Math.min(1000, window.innerWidth)} title={opened?.name} destroyOnHidden>
        {opened && <PromotionBehind id={opened.promotionId} />}
      </Drawer>
    </div>
  );
}
