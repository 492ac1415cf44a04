import { Card, Flex, Table, Typography } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useBehind } from '../../parts/Behind';
import { Files } from '../../parts/Files';
import { GroupPick } from '../../parts/GroupPick';
import { rowsOf, useGroupName } from '../../parts/groups';
import { Opens } from '../../parts/Opens';
import { Pick, useChoice } from '../../parts/Pick';
import { useRange } from '../../parts/range';
import { Shown, useReport } from '../../parts/report';
import { Nothing } from '../../parts/States';
import { LtvChart } from './LtvChart';
import { usualDays } from './Retention';
import { Unconverted } from './Unconverted';

const texts = defineTexts(
  {
    by: 'Начало клиента', firstPayment: 'С первой оплаты', firstLead: 'С первого обращения', margin: 'Маржа', ofRevenue: 'LTV по выручке', marginOf: 'Маржа {{share}}', curve: 'LTV по месяцам жизни клиента',
    name: 'Откуда клиент', clients: 'Клиентов', buyers: 'Купили', ltv: 'LTV', check: 'Средний чек', purchases: 'Покупок на клиента', lifetime: 'Срок жизни', lifetimeHint: 'от первой до последней покупки, среднее по купившим.', days: '{{count}} дн.', spend: 'Расход', cac: 'CAC', cacHint: 'расход на одного купившего.', ratio: 'LTV / CAC', payback: 'Окупается', paybackMonth: 'на {{month}}-й месяц', paybackFirst: 'в первый месяц',
    total: 'Все вместе', about: 'Клиенты, пришедшие в эти дни, и всё, что они принесли до сегодня, вместе с теми, кто не вернулся. Источник — по первому касанию.', empty: 'За эти дни новых клиентов нет. LTV считается по клиентам с оплаченными сделками.', title: 'Клиенты · {{name}}', partial: 'часть расхода неизвестна',
  },
  {
    by: 'A client begins', firstPayment: 'With the first payment', firstLead: 'With the first enquiry', margin: 'Margin', ofRevenue: 'LTV of revenue', marginOf: 'Margin {{share}}', curve: 'LTV by months since a client was won', name: 'Where clients come from', clients: 'Clients',
    buyers: 'Bought', ltv: 'LTV', check: 'Average deal', purchases: 'Purchases per client', lifetime: 'Lifetime', lifetimeHint: 'from the first purchase to the last, the mean over buyers.', days: '{{count}} days', spend: 'Spend', cac: 'CAC', cacHint: 'spend per buyer.', ratio: 'LTV / CAC', payback: 'Pays back', paybackMonth: 'in month {{month}}', paybackFirst: 'in the first month', total: 'All together',
    about: 'Clients won on these days and all that they have brought up to today, with those who never came back. Their source is that of the first touch.', empty: 'No clients were won on these days. LTV takes clients with paid deals.', title: 'Clients · {{name}}', partial: 'part of the spend is unknown',
  },
);

type Row = Schemas['GetLtvReportRow'];
const groups = ['source', 'channel', 'campaign', 'manager', 'month'] as const;
const margins = ['1', '0.7', '0.5', '0.4', '0.3', '0.2'] as const;
const number = { align: 'right', className: 'numbers' } as const;

/** What clients bring over time, by where they were won. */
export function Ltv() {
  const t = texts.use();
  const f = useFormats();
  const { from, to } = useRange(usualDays);
  const groupBy = useChoice('groupBy', groups, 'source');
  const by = useChoice('by', ['firstPayment', 'firstLead'], 'firstPayment');
  const margin = useChoice('margin', margins, '1');
  const query = { from, to, groupBy, by, margin: margin === '1' ? undefined : margin };
  const report = useReport<Schemas['GetLtvReportResponse']>('/v1/reports/ltv', query);
  const groupName = useGroupName();
  const [open, drawer] = useBehind();
  const nameOf = (r: Row): string => (r.group ? groupName(groupBy, r.group) : t('total'));
  const show = (r: Row, buyers: boolean): void =>
    open({ kind: 'clients', path: '/v1/reports/ltv/rows', title: t('title', { name: nameOf(r) }), query: { from, to, by, buyers: buyers || undefined, ...(r.group && rowsOf(groupBy, r.group.key, { from, to })) } });
  const payback = (month: number | null | undefined): string => (month === null || month === undefined ? f.none : month === 0 ? t('paybackFirst') : t('paybackMonth', { month: month + 1 }));

  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between">
        <Flex wrap gap={8} style={{ flex: '1 1 280px', minWidth: 0 }}>
          <GroupPick name="groupBy" groups={groups} first="source" />
          <Pick name="by" label={t('by')} first="firstPayment" options={(['firstPayment', 'firstLead'] as const).map((b) => ({ value: b, label: t(b) }))} width={200} />
          <Pick name="margin" label={t('margin')} first="1" options={margins.map((m) => ({ value: m, label: m === '1' ? t('ofRevenue') : t('marginOf', { share: f.share(Number(m)) }) }))} />
        </Flex>
        <Files path="/v1/reports/ltv" query={query} />
      </Flex>
      <Typography.Text type="secondary">{t('about')}</Typography.Text>
      <Shown of={report} rows={10}>
        {(data) =>
          data.total.figures.clients === 0 ? (
            <Card><Nothing what={t('empty')} /></Card>
          ) : (
            <>
              <Card size="small" title={t('curve')}>
                <LtvChart rows={[{ ...data.total, name: t('total') }, ...data.rows.map((r) => ({ ...r, name: nameOf(r) }))]} label={t('curve')} />
              </Card>
              <Card size="small">
                <Table<Row>
                  size="small"
                  scroll={{ x: 'max-content' }}
                  pagination={data.rows.length > 25 ? { pageSize: 25, showSizeChanger: false } : false}
                  rowKey={(r) => (r.group ? `${r.group.connectionId ?? ''} ${r.group.key}` : 'total')}
                  dataSource={[data.total, ...data.rows]}
                  columns={[
                    { title: t('name'), fixed: 'start', render: (_, r) => (r.group ? <span className="breakable">{nameOf(r)}</span> : <strong>{t('total')}</strong>) },
                    { title: t('clients'), ...number, render: (_, r) => <Opens onOpen={() => show(r, false)} label={`${nameOf(r)}, ${t('clients').toLowerCase()}: ${r.figures.clients}`}>{f.count(r.figures.clients)}</Opens> },
                    ...(by === 'firstLead' ? [{ title: t('buyers'), ...number, render: (_: unknown, r: Row) => (r.figures.buyers > 0 ? <Opens onOpen={() => show(r, true)}>{f.count(r.figures.buyers)}</Opens> : '0') }] : []),
                    { title: t('ltv'), ...number, render: (_, r) => f.money(r.figures.ltv) },
                    { title: t('check'), ...number, render: (_, r) => f.money(r.figures.averageCheck) },
                    { title: t('purchases'), ...number, render: (_, r) => f.count(two(r.figures.purchasesPerClient)) },
                    { title: t('lifetime'), ...number, render: (_, r) => (r.figures.lifetimeDays === null || r.figures.lifetimeDays === undefined ? f.none : t('days', { count: Math.round(r.figures.lifetimeDays) })) },
                    { title: t('spend'), ...number, render: (_, r) => <span title={r.figures.spendIsPartial ? t('partial') : undefined}>{f.money(r.figures.spend)}{r.figures.spendIsPartial && r.figures.spend !== null && ' *'}</span> },
                    { title: t('cac'), ...number, render: (_, r) => f.money(r.figures.cac) },
                    { title: t('ratio'), ...number, render: (_, r) => f.count(two(r.figures.ltvToCac)) },
                    { title: t('payback'), ...number, render: (_, r) => payback(r.paybackMonth) },
                  ]}
                />
                <Typography.Text type="secondary" style={{ fontSize: 13, display: 'block' }}>
                  {(['lifetime', 'cac'] as const).map((k) => `${t(k)}: ${t(`${k}Hint`)}`).join(' ')}
                </Typography.Text>
                {[data.total, ...data.rows].some((r) => r.figures.spendIsPartial) && <Typography.Text type="secondary" style={{ fontSize: 13 }}>* {t('partial')}</Typography.Text>}
              </Card>
              <Unconverted of={data.unconverted} />
            </>
          )
        }
      </Shown>
      {drawer}
    </div>
  );
}

const two = (v: number | null | undefined): number | null => (v === null || v === undefined ? null : Math.round(v * 100) / 100);
