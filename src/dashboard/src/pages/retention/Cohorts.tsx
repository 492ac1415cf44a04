import { Card, Flex, Segmented, Typography } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useBehind } from '../../parts/Behind';
import { Files } from '../../parts/Files';
import { GroupPick } from '../../parts/GroupPick';
import { Heat, type HeatCell } from '../../parts/Heat';
import { Pick, useChoice, useNames } from '../../parts/Pick';
import { useAddress, useRange } from '../../parts/range';
import { Shown, useReport } from '../../parts/report';
import { Nothing } from '../../parts/States';
import { usualDays } from './Retention';
import { Unconverted } from './Unconverted';

const texts = defineTexts(
  {
    measure: 'Что в клетке', retention: 'Вернулись', revenue: 'Выручка', cumulative: 'Выручка нарастающим', purchases: 'Покупки', perClient: 'В клетке — на одного клиента когорты.', unit: 'Период', by: 'Начало клиента', firstPayment: 'С первой оплаты', firstLead: 'С первого обращения',
    source: 'Источник', allSources: 'Все источники', cohort: 'Когорта', clients: 'Клиентов', total: 'Все вместе', k: '{{k}}-й период', about: 'Строка — клиенты, пришедшие в период; столбец — сколько периодов прошло. Незавершённых периодов нет: это не ноль. Итог взвешен по клиентам. Клетка открывает своих клиентов.',
    empty: 'Когорт пока нет: нужны клиенты с оплаченными сделками. Они появятся, когда CRM подключена и сделки прочитаны.', label: 'Когорты: {{measure}}', cell: '{{cohort}}, период {{k}}: {{value}}, {{active}} из {{clients}} клиентов', title: 'Клиенты когорты {{cohort}}', titleK: 'Клиенты когорты {{cohort}}, купившие в период {{k}}', quarterOf: '{{q}} кв. {{year}}',
  },
  {
    measure: 'In a cell', retention: 'Came back', revenue: 'Revenue', cumulative: 'Cumulative revenue', purchases: 'Purchases', perClient: 'A cell is per client of the cohort.', unit: 'Period', by: 'A client begins', firstPayment: 'With the first payment', firstLead: 'With the first enquiry', source: 'Source', allSources: 'All sources',
    cohort: 'Cohort', clients: 'Clients', total: 'All together', k: 'period {{k}}', about: 'A row is the clients won in a period, a column how many periods later. Periods that are not over are not there, which is not zero. The total is weighted by clients. A cell opens its clients.', empty: 'No cohorts yet: they take clients with paid deals, and those come once a CRM is connected and its deals are read.',
    label: 'Cohorts: {{measure}}', cell: '{{cohort}}, period {{k}}: {{value}}, {{active}} of {{clients}} clients', title: 'Clients of the cohort {{cohort}}', titleK: 'Clients of the cohort {{cohort}} who bought in period {{k}}', quarterOf: 'Q{{q}} {{year}}',
  },
);

type Column = Schemas['GetCohortReportColumn'];
const measures = ['retention', 'revenue', 'cumulative', 'purchases'] as const;

const units = ['week', 'month', 'quarter'] as const;

/** What clients of each period did later. */
export function Cohorts() {
  const t = texts.use();
  const f = useFormats();
  const [get, set] = useAddress();
  const { from, to } = useRange(usualDays);
  const measure = useChoice('measure', measures, 'retention');
  const unit = useChoice('unit', units, 'month');
  const by = useChoice('by', ['firstPayment', 'firstLead'], 'firstPayment');
  const source = get('source');
  const sources = useNames('source');
  const query = { from, to, by, unit, measure, source };
  const report = useReport<Schemas['GetCohortReportResponse']>('/v1/reports/cohorts', query);
  const [open, drawer] = useBehind();

  const write = (v: number | null | undefined): string => (measure === 'retention' ? f.share(v) : measure === 'purchases' ? f.count(v === null || v === undefined ? v : Math.round(v * 100) / 100) : f.money(v));
  const periodName = (day: string): string =>
    unit === 'month' ? f.month(day) : unit === 'week' ? f.day(day) : t('quarterOf', { q: Math.ceil(Number(day.slice(5, 7)) / 3), year: day.slice(0, 4) });
  const show = (cohort: string, column?: number): void =>
    open({
      kind: 'clients', path: '/v1/reports/cohorts/rows', title: column === undefined ? t('title', { cohort: periodName(cohort) }) : t('titleK', { cohort: periodName(cohort), k: column }), query: { from, to, by, unit, source, cohort, column },
    });

  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between">
        <Flex wrap gap={8} style={{ flex: '1 1 280px', minWidth: 0 }}>
          <Segmented aria-label={t('measure')} value={measure} onChange={(m) => set({ measure: m === 'retention' ? undefined : m })} options={measures.map((m) => ({ value: m, label: t(m) }))} style={{ maxWidth: '100%', overflowX: 'auto' }} />
          <GroupPick name="unit" label={t('unit')} groups={units} first="month" width={140} />
          <Pick name="by" label={t('by')} first="firstPayment" options={(['firstPayment', 'firstLead'] as const).map((b) => ({ value: b, label: t(b) }))} width={200} />
          <Pick name="source" label={t('source')} all={t('allSources')} options={sources} />
        </Flex>
        <Files path="/v1/reports/cohorts" query={query} />
      </Flex>
      <Shown of={report} rows={10}>
        {({ total, unconverted }) => {
          if (total.clients === 0) return <Card><Nothing what={t('empty')} /></Card>;
          const longest = Math.max(...total.cohorts.map((c) => c.columns.length), 1);
          // The first period is everybody's own: it would drown the others.
          const greatest = Math.max(...total.cohorts.flatMap((c) => c.columns.filter((x) => x.k > 0 || measure === 'cumulative').map((x) => x.value ?? 0)), 0.000_001);
          const level = (c: Column): number => (c.k === 0 && measure !== 'cumulative' ? 0.12 : (c.value ?? 0) / greatest);
          const cell = (name: string, c: Column, cohort?: string): HeatCell => ({
            text: write(c.value), level: cohort ? level(c) : 0, label: t('cell', { cohort: name, k: c.k, value: write(c.value), active: c.active, clients: c.clients }),
            onOpen: cohort && c.active > 0 ? () => show(cohort, c.k) : undefined,
          });
          return (
            <Card size="small">
              <div className="stack" style={{ gap: 8 }}>
                <Heat
                  label={t('label', { measure: t(measure).toLowerCase() })}
                  corner={t('cohort')}
                  minCell={measure === 'retention' ? 58 : 76}
                  columns={[{ key: 'clients', head: t('clients') }, ...Array.from({ length: longest }, (_, k) => ({ key: String(k), head: <span aria-label={t('k', { k })}>{k}</span> }))]}
                  rows={[
                    { key: 'total', head: <strong>{t('total')}</strong>, cells: [{ text: f.count(total.clients), level: 0 }, ...total.totals.map((c) => cell(t('total'), c))] },
                    ...total.cohorts.map((c) => ({
                      key: c.period,
                      head: periodName(c.period),
                      cells: [{ text: f.count(c.clients), level: 0, label: `${periodName(c.period)}, ${t('clients').toLowerCase()}: ${c.clients}`, onOpen: c.clients > 0 ? () => show(c.period) : undefined }, ...c.columns.map((x) => cell(periodName(c.period), x, c.period))],
                    })),
                  ]}
                />
                <Typography.Text type="secondary" style={{ fontSize: 13 }}>
                  {measure !== 'retention' && t('perClient')} {t('about')}
                </Typography.Text>
                <Unconverted of={unconverted} />
              </div>
            </Card>
          );
        }}
      </Shown>
      {drawer}
    </div>
  );
}
