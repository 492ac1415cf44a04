import { Card, Typography, theme } from 'antd';
import { useMemo } from 'react';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Chart } from '../../parts/Chart';
import { ChartFigures } from '../../parts/PlainTable';
import type { SourcesReport, Unit } from './Overview';

const texts = defineTexts(
  {
    money: 'Выручка и расход', leads: 'Заявки', revenue: 'Выручка', spend: 'Расход', before: '{{name}}, раньше', day: 'по дням', week: 'по неделям', month: 'по месяцам', period: 'Период',
    moneyLabel: 'График выручки и расхода {{unit}}: выручка {{revenue}}, расход {{spend}}', leadsLabel: 'График заявок {{unit}}: всего {{leads}}', weekOf: 'неделя с {{day}}', dashed: 'пунктир — {{from}} – {{to}}',
  },
  {
    money: 'Revenue and spend', leads: 'Leads', revenue: 'Revenue', spend: 'Spend', before: '{{name}}, before', day: 'by day', week: 'by week', month: 'by month', period: 'Period',
    moneyLabel: 'Chart of revenue and spend {{unit}}: revenue {{revenue}}, spend {{spend}}', leadsLabel: 'Chart of leads {{unit}}: {{leads}} in all', weekOf: 'week of {{day}}', dashed: 'dashed: {{from}} – {{to}}',
  },
);

interface Point {
  readonly at: string;
  readonly name: string;
  readonly revenue: number;
  readonly spend: number | null;
  readonly leads: number;
  readonly revenueBefore: number | null;
  readonly spendBefore: number | null;
  readonly leadsBefore: number | null;
}

/** Money and leads over time; what they are compared with lies under them, dashed, day by day from the first. */
export function Trend({ of, unit }: { of: SourcesReport; unit: Unit }) {
  const t = texts.use();
  const f = useFormats();
  const { token } = theme.useToken();
  const points = useMemo<Point[]>(() => {
    const name = (at: string): string => (unit === 'month' ? f.month(at) : unit === 'week' ? t('weekOf', { day: f.shortDay(at) }) : f.shortDay(at));
    // Days of the comparison are rows of their own, before those of the period.
    const beforeRows = of.rows.filter((r) => r.previous && of.comparedTo && r.key <= of.comparedTo && r.key >= startOf(of.comparedFrom, unit));
    const rows = of.rows.filter((r) => r.key >= startOf(of.from, unit) && r.key <= of.to);
    return rows.map((r, i) => {
      const before = beforeRows[i]?.previous;
      return {
        at: r.key, name: name(r.key), revenue: r.figures.revenue, spend: r.figures.spend ?? null, leads: r.figures.leads, revenueBefore: before?.revenue ?? null, spendBefore: before?.spend ?? null, leadsBefore: before?.leads ?? null,
      };
    });
  }, [of, unit, f, t]);
  const isCompared = Boolean(of.comparedFrom);

  const [money, leads] = useMemo(() => {
    const base = (names: string[], write: (v: number) => string) => ({
      grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
      legend: { top: 0, data: names, icon: 'roundRect', itemWidth: 14, itemHeight: 4, textStyle: { color: token.colorTextSecondary } },
      tooltip: { trigger: 'axis', valueFormatter: (v: unknown) => (typeof v === 'number' ? write(v) : f.none) },
      xAxis: { type: 'category', data: points.map((p) => p.name), axisTick: { show: false }, axisLabel: { hideOverlap: true, color: token.colorTextSecondary } },
      yAxis: { type: 'value', axisLabel: { formatter: f.compact, color: token.colorTextSecondary }, splitLine: { lineStyle: { color: token.colorSplit } } },
    });
    const line = (name: string, color: string, data: readonly (number | null)[], dashed = false) => ({
      type: 'line', name, data, color, showSymbol: points.length < 3, symbolSize: 6, z: dashed ? 1 : 2, lineStyle: { width: dashed ? 1.5 : 2.5, type: dashed ? 'dashed' : 'solid', opacity: dashed ? 0.6 : 1 },
    });
    const [blue, orange] = [token.colorPrimary, '#d46b08'];
    const [revenueName, spendName, leadsName] = [t('revenue'), t('spend'), t('leads')];
    const name = (of: string): string => t('before', { name: of.toLowerCase() });
    return [
      {
        ...base([revenueName, spendName], f.money),
        series: [
          line(revenueName, blue, points.map((p) => p.revenue)),
          line(spendName, orange, points.map((p) => p.spend)),
          ...(isCompared ? [line(name(revenueName), blue, points.map((p) => p.revenueBefore), true), line(name(spendName), orange, points.map((p) => p.spendBefore), true)] : []),
        ],
      },
      {
        ...base([leadsName], f.count),
        series: [
          { type: 'bar', name: leadsName, data: points.map((p) => p.leads), color: blue, barMaxWidth: 26, itemStyle: { borderRadius: [3, 3, 0, 0], opacity: 0.85 } },
          ...(isCompared ? [line(name(leadsName), token.colorTextSecondary, points.map((p) => p.leadsBefore), true)] : []),
        ],
      },
    ] as const;
  }, [points, token, f, t, isCompared]);

  const unitName = t(unit);
  const columns = [{ title: t('period'), of: (p: Point) => p.name }];
  const column = (title: string, write: (p: Point) => string) => ({ title, of: write, isNumber: true });
  const dashed = isCompared && (
    <Typography.Text type="secondary" style={{ fontSize: 13, display: 'block' }}>
      {t('dashed', { from: f.day(of.comparedFrom), to: f.day(of.comparedTo) })}
    </Typography.Text>
  );
  return (
    <div className="two-columns">
      <Card size="small" title={`${t('money')} ${unitName}`}>
        <Chart label={t('moneyLabel', { unit: unitName, revenue: f.money(of.totals.revenue), spend: f.money(of.totals.spend) })} option={money} height={260} />
        {dashed}
        <ChartFigures
          label={t('money')}
          rows={points}
          rowKey={(p) => p.at}
          columns={[
            ...columns, column(t('revenue'), (p) => f.money(p.revenue)), column(t('spend'), (p) => f.money(p.spend)),
            ...(isCompared ? [column(t('before', { name: t('revenue').toLowerCase() }), (p) => f.money(p.revenueBefore)), column(t('before', { name: t('spend').toLowerCase() }), (p) => f.money(p.spendBefore))] : []),
          ]}
        />
      </Card>
      <Card size="small" title={`${t('leads')} ${unitName}`}>
        <Chart label={t('leadsLabel', { unit: unitName, leads: f.count(of.totals.leads) })} option={leads} height={260} />
        {dashed}
        <ChartFigures
          label={t('leads')}
          rows={points}
          rowKey={(p) => p.at}
          columns={[...columns, column(t('leads'), (p) => f.count(p.leads)), ...(isCompared ? [column(t('before', { name: t('leads').toLowerCase() }), (p) => f.count(p.leadsBefore))] : [])]}
        />
      </Card>
    </div>
  );
}

/** The first row of a range: its week's Monday, its month's first. */
function startOf(day: string | null | undefined, unit: Unit): string {
  if (!day) return '9999';
  if (unit === 'month') return `${day.slice(0, 7)}-01`;
  if (unit === 'day') return day;
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return at.toISOString().slice(0, 10);
}
