import { Alert, Card, Drawer, Flex, Table, Typography } from 'antd';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Chart } from '../../parts/Chart';
import { daysOf } from '../../parts/groups';
import { GroupPick, useGroupingName } from '../../parts/GroupPick';
import { useChoice } from '../../parts/Pick';
import { usePaged } from '../../parts/paged';
import { opening, PagedTable } from '../../parts/PagedTable';
import { RangeBar, useRange } from '../../parts/range';
import { Answer, Nothing } from '../../parts/States';

type Group = Schemas['SummarizeSpendGroup'];
type Row = Schemas['ListSpendSpendAnswer'];

const texts = defineTexts(
  {
    name: 'Название', money: 'Расход', clicks: 'Клики', shown: 'Показы', cpc: 'Цена клика', share: 'Доля', total: 'Итого', gross: 'Суммы с НДС', net: 'Суммы без НДС', manual: 'Внесено вручную', nameless: 'Без названия', sum: '{{what}}, всего {{sum}}',
    empty: 'Здесь появится расход, когда вы подключите рекламный кабинет, загрузите файл или внесёте суммы вручную.', connect: 'Подключить кабинет', load: 'Загрузить файл', unconverted: 'Нет курса, поэтому не учтено: {{sums}}.', rates: 'Загрузить курсы',
    date: 'День', told: 'Как в кабинете', rowsEmpty: 'В импортированном расходе таких строк нет: сумма внесена вручную.', open: 'Нажмите на строку, чтобы увидеть расход по дням.', withVat: 'с НДС', withoutVat: 'без НДС',
  },
  {
    name: 'Name', money: 'Spend', clicks: 'Clicks', shown: 'Impressions', cpc: 'Cost of a click', share: 'Share', total: 'Total', gross: 'Amounts with VAT', net: 'Amounts without VAT', manual: 'Entered by hand', nameless: 'Without a name', sum: '{{what}}, {{sum}} in all',
    empty: 'Spend will stand here once you connect an advertising cabinet, import a file or enter amounts by hand.', connect: 'Connect a cabinet', load: 'Import a file', unconverted: 'No rate is known, so this is not counted: {{sums}}.', rates: 'Load rates',
    date: 'Day', told: 'As the cabinet tells', rowsEmpty: 'Imported spend has no such rows: the amount was entered by hand.', open: 'Click a row to see spend by day.', withVat: 'with VAT', withoutVat: 'without VAT',
  },
);

const ways = ['day', 'week', 'month', 'quarter', 'account', 'source', 'campaign', 'group', 'ad', 'keyword'] as const;
type Way = (typeof ways)[number];
const periods: readonly Way[] = ['day', 'week', 'month', 'quarter'];

/** What was spent, by days or by anything else. */
export default function Spend() {
  const t = texts.use();
  const f = useFormats();
  const { id } = useOpenProject();
  const range = useRange();
  const groupingName = useGroupingName();
  const [opened, setOpened] = useState<Group>();
  const way = useChoice('by', ways, 'day');
  const isPeriod = periods.includes(way);
  const answer = queries.useQuery('get', '/v1/spend/summary', { params: { query: { groupBy: way, from: range.from, to: range.to } } });

  const nameOf = (g: Group): string => {
    if (!isPeriod) return g.name ?? g.key ?? (way === 'account' ? t('manual') : t('nameless'));
    return way === 'month' ? f.month(g.key) : way === 'week' ? f.week(g.key) : f.day(g.key);
  };
  const behind = opened && asRows(way, opened, range);

  return (
    <div className="stack">
      <Flex wrap gap={8}>
        <RangeBar />
        <GroupPick groups={ways} first="day" width={210} />
      </Flex>
      <Answer of={answer}>
        {(data) =>
          data.items.length === 0 ? (
            <Card size="small">
              <Nothing what={t('empty')}>
                <Flex gap={16}>
                  <Link to={`/p/${id}/money/cabinets`}>{t('connect')}</Link>
                  <Link to={`/p/${id}/money/import`}>{t('load')}</Link>
                </Flex>
              </Nothing>
            </Card>
          ) : (
            <>
              {Object.keys(data.total.unconverted).length > 0 && (
                <Alert type="warning" showIcon title={<>{t('unconverted', { sums: Object.entries(data.total.unconverted).map(([c, v]) => `${f.count(v)} ${c}`).join(', ') })} <Link to={`/p/${id}/money/rates`}>{t('rates')}</Link></>} />
              )}
              <Card size="small" title={t('sum', { what: groupingName(way), sum: f.money(data.total.money) })}>
                <SpendChart items={data.items} isPeriod={isPeriod} nameOf={way === 'day' || way === 'week' ? (g) => f.shortDay(g.key) : nameOf} label={t('sum', { what: groupingName(way), sum: f.money(data.total.money) })} />
              </Card>
              <Card size="small">
                <Table<Group>
                  size="small" rowKey={(g) => g.key ?? ''} dataSource={data.items as Group[]} pagination={data.items.length > 100 ? { pageSize: 100, showSizeChanger: false } : false} scroll={{ x: 'max-content' }} onRow={(g) => opening(() => setOpened(g))}
                  columns={[
                    { title: t('name'), render: (_, g) => <span className="breakable">{nameOf(g)}</span> },
                    { title: t('money'), align: 'end', className: 'numbers', render: (_, g) => f.exact(g.money), sorter: (a, b) => (a.money ?? 0) - (b.money ?? 0) },
                    { title: t('share'), align: 'end', className: 'numbers', render: (_, g) => f.share(data.total.money && typeof g.money === 'number' ? g.money / data.total.money : null) },
                    { title: t('shown'), align: 'end', className: 'numbers', render: (_, g) => f.count(g.impressions), sorter: (a, b) => a.impressions - b.impressions },
                    { title: t('clicks'), align: 'end', className: 'numbers', render: (_, g) => f.count(g.clicks), sorter: (a, b) => a.clicks - b.clicks },
                    { title: t('cpc'), align: 'end', className: 'numbers', render: (_, g) => f.exact(g.clicks > 0 && typeof g.money === 'number' ? g.money / g.clicks : null) },
                  ]}
                  summary={() => (
                    <Table.Summary.Row>
                      <Table.Summary.Cell index={0}><strong>{t('total')}</strong></Table.Summary.Cell>
                      {[f.exact(data.total.money), data.total.money ? f.share(1) : f.none, f.count(data.total.impressions), f.count(data.total.clicks), f.exact(data.total.clicks > 0 && typeof data.total.money === 'number' ? data.total.money / data.total.clicks : null)].map((v, i) => (
                        <Table.Summary.Cell key={i} index={i + 1} align="end" className="numbers"><strong>{v}</strong></Table.Summary.Cell>
                      ))}
                    </Table.Summary.Row>
                  )}
                />
                <Typography.Text type="secondary">{t(data.vat === 'net' ? 'net' : 'gross')}. {t('open')}</Typography.Text>
              </Card>
            </>
          )
        }
      </Answer>
      <Drawer open={Boolean(opened)} onClose={() => setOpened(undefined)} size={Math.min(1000, window.innerWidth)} title={opened && nameOf(opened)} destroyOnHidden>
        {behind && <Rows query={behind} />}
      </Drawer>
    </div>
  );
}

/** How the rows of a group are asked for. Groups of ads and the like have no filter of their own: their days are shown. */
function asRows(way: Way, group: Group, range: { from: string; to: string }): Record<string, string> {
  const key = group.key ?? '';
  const days = daysOf(way, key, range);
  if (days) return { ...days };
  const filter: Record<string, string> = way === 'account' ? { accountId: key } : way === 'source' ? { source: key } : way === 'campaign' && key.startsWith('id:') ? { campaignId: key.slice(3) } : {};
  return { from: range.from, to: range.to, ...filter };
}

function Rows({ query }: { query: Record<string, string> }) {
  const t = texts.use();
  const f = useFormats();
  const list = usePaged<Row>('/v1/spend', query);
  return (
    <PagedTable<Row>
      list={list} size="small" empty={t('rowsEmpty')}
      columns={[
        { title: t('date'), className: 'numbers', render: (_, r) => f.day(r.day) },
        { title: t('name'), render: (_, r) => <div className="breakable"><div>{r.campaignName ?? r.campaignId ?? r.source ?? f.none}</div><Typography.Text type="secondary">{[r.groupName, r.adName, r.keyword && `«${r.keyword}»`].filter(Boolean).join(' · ')}</Typography.Text></div> },
        { title: t('clicks'), align: 'end', className: 'numbers', render: (_, r) => f.count(r.clicks) },
        { title: t('told'), align: 'end', className: 'numbers', render: (_, r) => `${f.count(r.amount)} ${r.currency} ${t(r.vatIncluded ? 'withVat' : 'withoutVat')}` },
        { title: t('money'), align: 'end', className: 'numbers', render: (_, r) => f.exact(r.money) },
      ]}
    />
  );
}

function SpendChart({ items, isPeriod, nameOf, label }: { items: readonly Group[]; isPeriod: boolean; nameOf: (g: Group) => string; label: string }) {
  const f = useFormats();
  const option = useMemo(() => {
    const shown = isPeriod ? items : items.slice(0, 12);
    const names = shown.map(nameOf);
    const category = { type: 'category', data: isPeriod ? names : [...names].reverse(), axisLabel: isPeriod ? {} : { width: 190, overflow: 'truncate' } };
    const value = { type: 'value', axisLabel: { formatter: (v: number) => f.compact(v) } };
    const values = shown.map((g) => g.money ?? null);
    return {
      grid: { left: isPeriod ? 56 : 210, right: 16, top: 12, bottom: 28 }, tooltip: { trigger: 'axis', valueFormatter: (v: unknown) => f.money(typeof v === 'number' ? v : null) },
      xAxis: isPeriod ? category : value, yAxis: isPeriod ? value : category, series: [{ type: 'bar', data: isPeriod ? values : values.reverse(), barMaxWidth: 28 }],
    };
  }, [items, isPeriod, f]);
  return <Chart label={label} option={option} height={isPeriod ? 220 : Math.max(120, Math.min(items.length, 12) * 28 + 50)} />;
}
