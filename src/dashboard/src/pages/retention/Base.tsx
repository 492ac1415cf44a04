import { Card, Flex, Table, Typography } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useBehind } from '../../parts/Behind';
import { Figure } from '../../parts/Figure';
import { Files } from '../../parts/Files';
import { GroupPick } from '../../parts/GroupPick';
import { rowsOf, useGroupName } from '../../parts/groups';
import { Opens } from '../../parts/Opens';
import { Pick, useChoice } from '../../parts/Pick';
import { useRange } from '../../parts/range';
import { Shown, useReport } from '../../parts/report';
import { Nothing } from '../../parts/States';
import { BaseChart } from './BaseChart';
import { usualDays } from './Retention';

const texts = defineTexts(
  {
    churnDays: 'Когда клиент ушёл', days: 'Ушёл через {{count}} дней без покупки', baseStart: 'База в начале', new: 'Новые', reactivated: 'Вернулись', churned: 'Ушли', baseEnd: 'База в конце', active: 'Покупали', churn: 'Отток', name: 'Разрез', total: 'Итого',
    about: 'База в конце = база в начале + новые + вернувшиеся − ушедшие, в каждой строке.', churnHint: 'Ушедшие, делённые на базу в начале с новыми и вернувшимися.', newHint: 'Купили впервые.', reactivatedHint: 'Уже считались ушедшими и купили снова.', churnedHint: 'В конце их в базе уже нет.', empty: 'Клиентов с покупками пока нет: они появятся вместе со сделками CRM.', title: '{{what}} · {{name}}', flow: 'Движение базы по месяцам',
  },
  {
    churnDays: 'When a client is gone', days: 'Gone after {{count}} days without a purchase', baseStart: 'Base at the start', new: 'New', reactivated: 'Came back', churned: 'Gone', baseEnd: 'Base at the end', active: 'Bought', churn: 'Churn', name: 'Split', total: 'Total',
    about: 'Base at the end = base at the start + new + came back − gone, in every row.', churnHint: 'Gone, divided by the base at the start with new ones and those who came back.', newHint: 'Bought for the first time.', reactivatedHint: 'Had counted as gone, and bought again.', churnedHint: 'Not in the base any more at the end.', empty: 'No clients with purchases yet: they come with the deals of the CRM.', title: '{{what}} · {{name}}', flow: 'Flow of the base by month',
  },
);

type Row = Schemas['GetClientBaseReportRow'];
type Kind = 'baseStart' | 'new' | 'reactivated' | 'churned' | 'baseEnd' | 'active';
const groups = ['month', 'source', 'channel', 'campaign', 'manager'] as const;
const kinds = ['baseStart', 'new', 'reactivated', 'churned', 'baseEnd', 'active'] as const;
const number = { align: 'right', className: 'numbers' } as const;

/** How the base of clients does: who came, who came back, who left. */
export function Base() {
  const t = texts.use();
  const f = useFormats();
  const { from, to, compare } = useRange(usualDays);
  const groupBy = useChoice('by', groups, 'month');
  const churnDays = useChoice('churnDays', ['60', '90', '180', '365'], '180');
  const query = { from, to, compare, groupBy, churnDays };
  const report = useReport<Schemas['GetClientBaseReportResponse']>('/v1/reports/clients', query);
  const groupName = useGroupName();
  const [open, drawer] = useBehind();
  const nameOf = (r: Row): string => (r.group ? groupName(groupBy, r.group) : t('total'));
  const show = (r: Row, kind: Kind): void =>
    open({ kind: 'clients', path: '/v1/reports/clients/rows', title: t('title', { what: t(kind), name: nameOf(r) }), query: { from, to, churnDays, kind, ...(r.group && rowsOf(groupBy, r.group.key, { from, to })) } });
  const count = (r: Row, kind: Kind) => (r.flow[kind] > 0 ? <Opens onOpen={() => show(r, kind)} label={`${nameOf(r)}, ${t(kind).toLowerCase()}: ${r.flow[kind]}`}>{f.count(r.flow[kind])}</Opens> : '0');

  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between">
        <Flex wrap gap={8} style={{ flex: '1 1 280px', minWidth: 0 }}>
          <GroupPick groups={groups} first="month" />
          <Pick name="churnDays" label={t('churnDays')} first="180" options={['60', '90', '180', '365'].map((d) => ({ value: d, label: t('days', { count: d }) }))} width={300} />
        </Flex>
        <Files path="/v1/reports/clients" query={query} />
      </Flex>
      <Shown of={report} rows={10}>
        {(data) => {
          const { total } = data;
          if (total.flow.baseStart + total.flow.baseEnd + total.flow.active === 0) return <Card><Nothing what={t('empty')} /></Card>;
          const before = total.previous ?? undefined;
          const hints: Partial<Record<Kind, string>> = { new: t('newHint'), reactivated: t('reactivatedHint'), churned: t('churnedHint') };
          return (
            <>
              <div className="figure-grid">
                {kinds.map((k) => (
                  <Figure key={k} name={t(k)} hint={hints[k]} value={count(total, k)} now={total.flow[k]} before={before?.[k]} isLessBetter={k === 'churned'} />
                ))}
                <Figure name={t('churn')} hint={t('churnHint')} value={f.share(total.flow.churnRate)} now={total.flow.churnRate} before={before?.churnRate} write={f.share} isLessBetter />
              </div>
              {groupBy === 'month' && data.rows.length > 1 && (
                <Card size="small" title={t('flow')}>
                  <BaseChart rows={data.rows} label={t('flow')} names={{ new: t('new'), reactivated: t('reactivated'), churned: t('churned'), baseEnd: t('baseEnd') }} />
                </Card>
              )}
              <Card size="small">
                <Table<Row>
                  size="small"
                  scroll={{ x: 'max-content' }}
                  pagination={data.rows.length > 25 ? { pageSize: 25, showSizeChanger: false } : false}
                  rowKey={(r) => `${r.group?.connectionId ?? ''} ${r.group?.key ?? ''}`}
                  dataSource={[...data.rows]}
                  columns={[
                    { title: t('name'), render: (_, r) => <span className="breakable">{nameOf(r)}</span> },
                    ...kinds.map((k) => ({ title: t(k), ...number, render: (_: unknown, r: Row) => count(r, k) })),
                    { title: t('churn'), ...number, render: (_, r) => f.share(r.flow.churnRate) },
                  ]}
                />
                <Typography.Text type="secondary" style={{ fontSize: 13 }}>{t('about')}</Typography.Text>
              </Card>
            </>
          );
        }}
      </Shown>
      {drawer}
    </div>
  );
}
