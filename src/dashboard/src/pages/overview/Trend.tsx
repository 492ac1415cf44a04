import { Typography, theme } from 'antd';
import { useMemo } from 'react';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Chart } from '../../parts/Chart';
import { periodsOf, useToday, type Unit } from '../../parts/days';
import { Panel } from '../../parts/Panel';
import { ChartFigures } from '../../parts/PlainTable';
import type { SourcesReport } from './Overview';

const texts = defineTexts(
  {
    money: 'Выручка и расход', leads: 'Заявки', revenue: 'Выручка', spend: 'Расход', before: '{{name}}, раньше', day: 'по дням', week: 'по неделям', month: 'по месяцам', period: 'Период',
    moneyLabel: 'График выручки и расхода {{unit}}: выручка {{revenue}}, расход {{spend}}', leadsLabel: 'График заявок {{unit}}: всего {{leads}}', dashed: 'пунктир — {{from}} – {{to}}',
  },
  {
    money: 'Revenue and spend', leads: 'Leads', revenue: 'Revenue', spend: 'Spend', before: '{{name}}, before', day: 'by day', week: 'by week', month: 'by month', period: 'Period',
    moneyLabel: 'Chart of revenue and spend {{unit}}: revenue {{revenue}}, spend {{spend}}', leadsLabel: 'Chart of leads {{unit}}: {{leads}} in all', dashed: 'dashed: {{from}} – {{to}}',
  },
);

interface Point {
  readonly at: string;
  readonly name: string;
  readonly revenue: number | null;
  readonly spend: number | null;
  readonly leads: number | null;
  readonly revenueBefore: number | null;
  readonly spendBefore: number | null;
  readonly leadsBefore: number | null;
}

/** Money and leads over time; what they are compared with lies under them, dashed, day by day from the first. */
export function Trend({ of, unit }: { of: SourcesReport; unit: Unit }) {
  const t = texts.use();
  const f = useFormats();
  const { token } = theme.useToken();
  const today = useToday();
  const points = useMemo<Point[]>(() => {
    const name = (at: string): string => (unit === 'month' ? f.month(at) : unit === 'week' ? f.shortWeek(at) : f.shortDay(at));
    const rows = new Map(of.rows.map((r) => [r.key, r]));
    // Rows are only there where something happened. Days of the comparison have rows of their own, and answer those of the period by their place.
    const before = of.comparedFrom && of.comparedTo ? periodsOf(of.comparedFrom, of.comparedTo, unit) : [];
    return periodsOf(of.from, of.to, unit).map((at, i) => {
      const now = rows.get(at)?.figures;
      const past = before[i];
      const previous = past === undefined ? undefined : rows.get(past)?.previous;
      const none = at > today ? null : 0;
      const noneBefore = past === undefined ? null : 0;
      return {
        at, name: name(at), revenue: now?.revenue ?? none, spend: now?.spend ?? null, leads: now?.leads ?? none,
        revenueBefore: previous?.revenue ?? noneBefore, spendBefore: previous?.spend ?? null, leadsBefore: previous?.leads ?? noneBefore,
      };
    });
  }, [of, unit, today, f, t]);
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
      <Panel title={`${t('money')} ${unitName}`}>
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
      </Panel>
      <Panel title={`${t('leads')} ${unitName}`}>
        <Chart label={t('leadsLabel', { unit: unitName, leads: f.count(of.totals.leads) })} option={leads} height={260} />
        {dashed}
        <ChartFigures
          label={t('leads')}
          rows={points}
          rowKey={(p) => p.at}
          columns={[...columns, column(t('leads'), (p) => f.count(p.leads)), ...(isCompared ? [column(t('before', { name: t('leads').toLowerCase() }), (p) => f.count(p.leadsBefore))] : [])]}
        />
      </Panel>
    </div>
  );
}
