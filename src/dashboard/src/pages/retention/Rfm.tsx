import { Card, Flex, Table, Typography } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Caution } from '../../parts/Caution';
import { useBehind } from '../../parts/Behind';
import { Files } from '../../parts/Files';
import { Heat } from '../../parts/Heat';
import { Opens } from '../../parts/Opens';
import { Pick, useChoice, useNames } from '../../parts/Pick';
import { useAddress } from '../../parts/range';
import { Shown, useReport } from '../../parts/report';
import { Nothing } from '../../parts/States';
import { Unconverted } from './Unconverted';

const texts = defineTexts(
  {
    method: 'Как делить', quintiles: 'На пятые части по значениям', ranks: 'На пятые части по месту', monetary: 'Деньги', sum: 'Деньги: сумма покупок', average: 'Деньги: средний чек', source: 'Источник', allSources: 'Все источники', segments: 'Сегменты', segment: 'Сегмент', clients: 'Клиентов', revenue: 'Выручка',
    matrix: 'Давность × частота', corner: 'Дней с покупки ↓ · покупок →', cell: 'Давность {{r}}, частота {{f}}: {{clients}} клиентов, {{revenue}}', title: 'Клиенты · {{name}}', titleCell: 'Клиенты · давность {{r}}, частота {{f}}',
    about: '5 — лучшее. Давность: чем недавнее покупка, тем выше оценка. Частота: чем больше покупок, тем выше. В скобках границы оценок, посчитано на {{at}}', fixed: 'Разных значений мало для пятых частей: оценки даны по постоянным границам.', empty: 'RFM считается по клиентам с оплаченными сделками; их пока нет.',
    champions: 'Чемпионы', cannot_lose: 'Нельзя потерять', loyal: 'Лояльные', new: 'Новички', potential: 'Могут стать лояльными', need_attention: 'Требуют внимания', at_risk: 'Под угрозой', about_to_sleep: 'Засыпают', lost: 'Потерянные', others: 'Остальные',
    champions_: 'Беречь: первыми звать на новое, просить рекомендации', cannot_lose_: 'Звонить лично: много принесли и перестали покупать', loyal_: 'Предлагать больше и дороже', new_: 'Помочь со вторым заказом', potential_: 'Программа лояльности, сопутствующие товары', need_attention_: 'Предложение с ограниченным сроком', at_risk_: 'Напомнить о себе, узнать причину',
    about_to_sleep_: 'Вернуть поводом: новинка, скидка', lost_: 'Одна попытка вернуть, дальше не тратить', others_: 'Общие рассылки',
  },
  {
    method: 'How to divide', quintiles: 'In fifths by values', ranks: 'In fifths by place', monetary: 'Money', sum: 'Money: sum of purchases', average: 'Money: average deal', source: 'Source', allSources: 'All sources', segments: 'Segments', segment: 'Segment', clients: 'Clients', revenue: 'Revenue',
    matrix: 'Recency × frequency', corner: 'Days since ↓ · purchases →', cell: 'Recency {{r}}, frequency {{f}}: {{clients}} clients, {{revenue}}', title: 'Clients · {{name}}', titleCell: 'Clients · recency {{r}}, frequency {{f}}',
    about: '5 is best. Recency: the later the last purchase, the higher. Frequency: the more purchases, the higher. Limits of scores stand in brackets; as of {{at}}', fixed: 'Too few different values for fifths: scores are by fixed limits.', empty: 'RFM takes clients with paid deals; there are none yet.',
    champions: 'Champions', cannot_lose: 'Cannot lose them', loyal: 'Loyal', new: 'New', potential: 'May become loyal', need_attention: 'Need attention', at_risk: 'At risk', about_to_sleep: 'About to sleep', lost: 'Lost', others: 'Others', champions_: 'Cherish: show them news first, ask for references', cannot_lose_: 'Call in person: they brought much and stopped',
    loyal_: 'Offer more and better', new_: 'Help with a second order', potential_: 'A loyalty programme, related goods', need_attention_: 'An offer that ends soon', at_risk_: 'Remind them, ask for the reason', about_to_sleep_: 'Give a reason: something new, a discount', lost_: 'One attempt, then spend no more', others_: 'General mailings',
  },
);

type Segment = Schemas['GetRfmReportSegment'];
const scores = [5, 4, 3, 2, 1] as const;
const known = ['champions', 'cannot_lose', 'loyal', 'new', 'potential', 'need_attention', 'at_risk', 'about_to_sleep', 'lost', 'others'] as const;
const number = { align: 'right', className: 'numbers' } as const;

const WithShare = ({ text, share }: { text: string; share: string }) => (
  <>
    {text}
    <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13 }}>
      {share}
    </Typography.Text>
  </>
);

/** The whole numbers of a band between four limits, counted from 1: «2–4», «5+». Limits may coincide; a band between them is empty. */
function bandOf(limits: readonly number[], band: number, least: number): string {
  const from = band === 1 ? least : Math.ceil(limits[band - 2] ?? least);
  if (band === 5) return `${from}+`;
  const to = Math.ceil(limits[band - 1] ?? from) - 1;
  return to < from ? '—' : to === from ? String(from) : `${from}–${to}`;
}

/** Who bought lately, often and much, as segments with names and as a matrix. */
export function Rfm() {
  const t = texts.use();
  const f = useFormats();
  const [get] = useAddress();
  const method = useChoice('method', ['quintiles', 'ranks'], 'quintiles');
  const monetary = useChoice('monetary', ['sum', 'average'], 'sum');
  const source = get('source');
  const sources = useNames('source');
  const query = { method, monetary, source };
  const report = useReport<Schemas['GetRfmReportResponse']>('/v1/reports/rfm', query);
  const [open, drawer] = useBehind();
  const show = (title: string, more: Record<string, string | number>): void => open({ kind: 'clients', path: '/v1/reports/rfm/rows', title, query: { ...query, ...more } });
  const keyOf = (key: string): (typeof known)[number] | undefined => known.find((k) => k === key);
  const nameOf = (s: Segment): string => {
    const key = keyOf(s.key);
    return key ? t(key) : s.name;
  };
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between">
        <Flex wrap gap={8} style={{ flex: '1 1 280px', minWidth: 0 }}>
          <Pick name="method" label={t('method')} first="quintiles" options={[{ value: 'quintiles', label: t('quintiles') }, { value: 'ranks', label: t('ranks') }]} width={230} />
          <Pick name="monetary" label={t('monetary')} first="sum" options={[{ value: 'sum', label: t('sum') }, { value: 'average', label: t('average') }]} width={210} />
          <Pick name="source" label={t('source')} all={t('allSources')} options={sources} />
        </Flex>
        <Files path="/v1/reports/rfm" query={query} />
      </Flex>
      <Shown of={report} rows={10}>
        {(data) => {
          const { limits } = data;
          if (data.clients === 0 || !limits) return <Card><Nothing what={t('empty')} /></Card>;
          const cells = new Map(data.matrix.map((c) => [`${c.r} ${c.f}`, c]));
          const most = Math.max(...data.matrix.map((c) => c.clients), 1);
          return (
            <>
              {data.method === 'fixed' && <Caution>{t('fixed')}</Caution>}
              <div className="two-columns" style={{ alignItems: 'start' }}>
                <Card size="small" title={t('segments')}>
                  <Table<Segment>
                    size="small"
                    pagination={false}
                    scroll={{ x: 'max-content' }}
                    rowKey="key"
                    dataSource={[...data.segments]}
                    columns={[
                      {
                        title: t('segment'),
                        render: (_, s) => {
                          const key = keyOf(s.key);
                          return (
                            <>
                              {s.clients > 0 ? <Opens onOpen={() => show(t('title', { name: nameOf(s) }), { segment: s.key })}>{nameOf(s)}</Opens> : nameOf(s)}
                              {key && <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13, maxWidth: 260, whiteSpace: 'normal' }}>{t(`${key}_`)}</Typography.Text>}
                            </>
                          );
                        },
                      },
                      { title: t('clients'), ...number, sorter: (a, b) => a.clients - b.clients, render: (_, s) => <WithShare text={f.count(s.clients)} share={f.share(s.share)} /> },
                      { title: t('revenue'), ...number, sorter: (a, b) => a.revenue - b.revenue, render: (_, s) => <WithShare text={f.money(s.revenue)} share={f.share(s.revenueShare)} /> },
                    ]}
                  />
                </Card>
                <Card size="small" title={t('matrix')}>
                  <div className="stack" style={{ gap: 8 }}>
                    <Heat
                      label={t('matrix')}
                      corner={t('corner')}
                      minCell={62}
                      columns={[...scores].reverse().map((s) => ({ key: String(s), head: `${s} (${bandOf(limits.frequency, s, 1)})` }))}
                      rows={scores.map((r) => ({
                        key: String(r),
                        head: `${r} (${bandOf(limits.recencyDays, 6 - r, 0)})`,
                        cells: [...scores].reverse().map((s) => {
                          const c = cells.get(`${r} ${s}`);
                          if (!c || c.clients === 0) return undefined;
                          return { text: f.count(c.clients), level: c.clients / most, label: t('cell', { r, f: s, clients: c.clients, revenue: f.money(c.revenue) }), onOpen: () => show(t('titleCell', { r, f: s }), { r, f: s }) };
                        }),
                      }))}
                    />
                    <Typography.Text type="secondary" style={{ fontSize: 13 }}>{t('about', { at: f.day(data.at) })}</Typography.Text>
                  </div>
                </Card>
              </div>
              <Unconverted of={data.unconverted} />
            </>
          );
        }}
      </Shown>
      {drawer}
    </div>
  );
}
