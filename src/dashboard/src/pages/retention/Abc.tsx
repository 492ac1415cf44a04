import { Card, Flex, Segmented, Tag, Typography } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Caution } from '../../parts/Caution';
import { useBehind } from '../../parts/Behind';
import { Files } from '../../parts/Files';
import { Heat } from '../../parts/Heat';
import { Opens } from '../../parts/Opens';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { Pick, useChoice } from '../../parts/Pick';
import { useAddress, useRange } from '../../parts/range';
import { Shown, useReport } from '../../parts/report';
import { Nothing } from '../../parts/States';
import { usualDays } from './Retention';
import { Unconverted } from './Unconverted';

const texts = defineTexts(
  {
    of: 'Что делим', client: 'Клиенты', product: 'Товары', by: 'По чему', revenue: 'По выручке', quantityClient: 'По числу покупок', quantityProduct: 'По количеству', unit: 'Период XYZ', week: 'Ровность по неделям', month: 'Ровность по месяцам', quarter: 'Ровность по кварталам', matrix: 'ABC × XYZ', name: 'Название', sum: 'Выручка', quantity: 'Количество', purchases: 'Покупок', share: 'Доля',
    cumulative: 'Нарастающая', abc: 'ABC', xyz: 'XYZ', variation: 'Разброс', variationHint: 'коэффициент вариации: X — до 10 %, Y — до 25 %, Z — больше. Меньше трёх периодов — класса нет.', about: 'A — первые 80 % целого, B — следующие 15 %, C — остальное. X продаётся ровно, Z — рывками.', all: 'Всего', cell: '{{abc}}{{xyz}}: {{items}} позиций, {{revenue}}', title: 'Сделки · {{what}}', noName: 'Без имени',
    empty: 'За эти дни выигранных сделок нет.', emptyProducts: 'В выигранных сделках этих дней нет товаров. Они читаются из CRM, если сделки их содержат.', leftOut: 'Сделок без товаров: {{deals}}, на {{revenue}}; они сюда не вошли.', leftOutClient: 'Сделок без клиента: {{deals}}, на {{revenue}}; они сюда не вошли.', items: 'позиций: {{count}}',
  },
  {
    of: 'What is divided', client: 'Clients', product: 'Products', by: 'By what', revenue: 'By revenue', quantityClient: 'By purchases', quantityProduct: 'By quantity', unit: 'Period of XYZ', week: 'Evenness by week', month: 'Evenness by month', quarter: 'Evenness by quarter', matrix: 'ABC × XYZ', name: 'Name', sum: 'Revenue', quantity: 'Quantity', purchases: 'Purchases', share: 'Share', cumulative: 'Cumulative',
    abc: 'ABC', xyz: 'XYZ', variation: 'Variation', variationHint: 'the coefficient of variation: X up to 10 %, Y up to 25 %, Z more. Fewer than three periods give no class.', about: 'A makes the first 80 % of the whole, B the next 15 %, C the rest. X sells evenly, Z by fits and starts.', all: 'All', cell: '{{abc}}{{xyz}}: {{items}} items, {{revenue}}', title: 'Deals · {{what}}', noName: 'No name',
    empty: 'No deals were won on these days.', emptyProducts: 'Deals won on these days hold no products. They are read from the CRM where deals have them.', leftOut: 'Deals without products: {{deals}}, {{revenue}}; they are not in here.', leftOutClient: 'Deals without a client: {{deals}}, {{revenue}}; they are not in here.', items: '{{count}} items',
  },
);

type Item = Schemas['GetAbcReportItem'];
const number = { align: 'right', className: 'numbers' } as const;
const colours: Record<string, string> = { A: 'green', B: 'blue', C: 'default', X: 'green', Y: 'blue', Z: 'orange' };

/** Who and what makes most of the money, and how evenly. */
export function Abc() {
  const t = texts.use();
  const f = useFormats();
  const project = useOpenProject();
  const [, set] = useAddress();
  const { from, to } = useRange(usualDays);
  const of = useChoice('of', ['client', 'product'], 'client');
  const by = useChoice('by', ['revenue', 'quantity'], 'revenue');
  const unit = useChoice('unit', ['week', 'month', 'quarter'], 'month');
  const query = { from, to, of, by, unit };
  // Classes and matrix come with every page of items: one item is enough for them.
  const report = useReport<Schemas['GetAbcReportResponse']>('/v1/reports/abc', { ...query, limit: 1 });
  const list = usePaged<Item>('/v1/reports/abc', query);
  const [open, drawer] = useBehind();
  const show = (what: string, more: Record<string, string | undefined>): void => open({ kind: 'deals', path: '/v1/reports/abc/rows', title: t('title', { what }), query: { ...query, ...more } });
  const isClients = of === 'client';

  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between">
        <Flex wrap gap={8} style={{ flex: '1 1 280px', minWidth: 0 }}>
          <Segmented aria-label={t('of')} value={of} onChange={(v) => set({ of: v === 'client' ? undefined : v })} options={[{ value: 'client', label: t('client') }, { value: 'product', label: t('product') }]} />
          <Pick name="by" label={t('by')} first="revenue" options={[{ value: 'revenue', label: t('revenue') }, { value: 'quantity', label: t(isClients ? 'quantityClient' : 'quantityProduct') }]} />
          <Pick name="unit" label={t('unit')} first="month" options={(['week', 'month', 'quarter'] as const).map((u) => ({ value: u, label: t(u) }))} width={200} />
        </Flex>
        <Files path="/v1/reports/abc" query={query} />
      </Flex>
      <Shown of={report}>
        {(data) => {
          if (data.total.items === 0) return <Card><Nothing what={t(isClients ? 'empty' : 'emptyProducts')} /></Card>;
          const most = Math.max(...data.matrix.map((c) => c.revenue), 1);
          const letters = ['X', 'Y', 'Z'].filter((x) => data.matrix.some((c) => c.xyz === x));
          return (
            <Card size="small" title={t('matrix')}>
              <div className="stack" style={{ gap: 8 }}>
                <Heat
                  label={t('matrix')}
                  minCell={130}
                  columns={[{ key: 'all', head: t('all') }, ...letters.map((x) => ({ key: x, head: x }))]}
                  rows={data.classes.map((c) => ({
                    key: c.class,
                    head: <strong>{c.class}</strong>,
                    cells: [
                      { text: `${f.count(c.items)} · ${f.share(c.share)}`, level: (c.share ?? 0) * 0.4, label: `${c.class}: ${t('items', { count: c.items })}, ${f.money(c.revenue)}`, onOpen: c.items > 0 ? () => show(c.class, { abc: c.class }) : undefined },
                      ...letters.map((x) => {
                        const cell = data.matrix.find((m) => m.abc === c.class && m.xyz === x);
                        return cell && cell.items > 0
                          ? { text: `${f.count(cell.items)} · ${f.money(cell.revenue)}`, level: cell.revenue / most, label: t('cell', { abc: c.class, xyz: x, items: cell.items, revenue: f.money(cell.revenue) }), onOpen: () => show(`${c.class}${x}`, { abc: c.class, xyz: x }) }
                          : undefined;
                      }),
                    ],
                  }))}
                />
                <Typography.Text type="secondary" style={{ fontSize: 13 }}>{t('about')} {t('variation')}: {t('variationHint')}</Typography.Text>
                {data.leftOut.deals > 0 && <Caution>{t(isClients ? 'leftOutClient' : 'leftOut', { deals: data.leftOut.deals, revenue: f.money(data.leftOut.revenue) })}</Caution>}
                <Unconverted of={data.unconverted} />
              </div>
            </Card>
          );
        }}
      </Shown>
      {report.data?.total.items !== 0 && (
        <Card size="small">
          <PagedTable<Item>
            list={list}
            empty={t(isClients ? 'empty' : 'emptyProducts')}
            size="small"
            rowKey="key"
            columns={[
              { title: t('name'), render: (_, i) => (isClients ? <Link to={`/p/${project.id}/clients/${i.key}`}>{i.name || t('noName')}</Link> : <span className="breakable">{i.name ?? i.key}</span>) },
              { title: t('sum'), ...number, render: (_, i) => <Opens onOpen={() => show(i.name ?? t('noName'), { item: i.key })}>{f.money(i.revenue)}</Opens> },
              { title: t(isClients ? 'purchases' : 'quantity'), dataIndex: 'quantity', ...number, render: f.count },
              { title: t('share'), dataIndex: 'share', ...number, render: f.share },
              { title: t('cumulative'), ...number, render: (_, i) => f.share((i.shareBefore ?? 0) + (i.share ?? 0)) },
              { title: t('abc'), dataIndex: 'abc', render: (c: string) => <Tag color={colours[c]}>{c}</Tag> },
              { title: t('xyz'), dataIndex: 'xyz', render: (c: string | null) => (c ? <Tag color={colours[c]}>{c}</Tag> : f.none) },
              { title: t('variation'), dataIndex: 'variation', ...number, render: f.share },
            ]}
          />
        </Card>
      )}
      {drawer}
    </div>
  );
}
