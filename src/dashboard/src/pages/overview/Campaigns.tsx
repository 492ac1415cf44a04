import { Tag, Typography } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Panel } from '../../parts/Panel';
import { Hint } from '../../parts/Figure';
import { PlainTable } from '../../parts/PlainTable';
import { Shown, useReport } from '../../parts/report';
import { Nothing } from '../../parts/States';
import type { SourcesReport } from './Overview';

const texts = defineTexts(
  {
    best: 'Лучшие кампании', worst: 'Теряют деньги', about: 'Прибыль — выручка минус расход, по кампаниям с известным расходом', campaign: 'Кампания', spend: 'Расход', revenue: 'Выручка', profit: 'Прибыль',
    noBest: 'Здесь встанут кампании, которые принесли больше, чем стоили. Нужны расходы и выигранные сделки.', noWorst: 'Ни одна кампания с известным расходом не в минусе.', noLeads: 'нет заявок', all: 'Все кампании',
  },
  {
    best: 'Best campaigns', worst: 'Losing money', about: 'Profit is revenue less spend, of campaigns whose spend is known', campaign: 'Campaign', spend: 'Spend', revenue: 'Revenue', profit: 'Profit',
    noBest: 'Campaigns that brought more than they cost will stand here. That takes spend and won deals.', noWorst: 'No campaign with a known spend is at a loss.', noLeads: 'no leads', all: 'All campaigns',
  },
);

type Row = Schemas['GetSourcesNode'] & { profit: number };

const shown = 5;
/** The most expensive and the most earning: nothing outside of them can be among the worst or the best five. */
const looked = 200;

function profitable(report: SourcesReport): Row[] {
  return report.rows.flatMap((r) => (r.values[1] && r.figures.spend !== null && r.figures.spend !== undefined ? [{ ...r, profit: r.figures.revenue - r.figures.spend }] : []));
}

/** Where money grows and where it melts. */
export function Campaigns({ from, to }: { from: string; to: string }) {
  const t = texts.use();
  const query = { groupBy: 'source,campaign', flat: true, from, to, limit: looked };
  const earning = useReport<SourcesReport>('/v1/reports/sources', { ...query, sort: '-revenue' });
  const costing = useReport<SourcesReport>('/v1/reports/sources', { ...query, sort: '-spend' });
  return (
    <div className="two-columns">
      <Panel title={t('best')} extra={<Link to={address(from, to)}>{t('all')}</Link>}>
        <Shown of={earning}>{(report) => <List rows={profitable(report).filter((r) => r.profit > 0).sort((a, b) => b.profit - a.profit)} from={from} to={to} label={t('best')} none={t('noBest')} />}</Shown>
      </Panel>
      <Panel title={t('worst')} extra={<Hint text={t('about')} />}>
        <Shown of={costing}>{(report) => <List rows={profitable(report).filter((r) => r.profit < 0).sort((a, b) => a.profit - b.profit)} from={from} to={to} label={t('worst')} none={t('noWorst')} />}</Shown>
      </Panel>
    </div>
  );
}

const address = (from: string, to: string, more: Record<string, string> = {}): string => `../sources?${new URLSearchParams({ from, to, by: 'source,campaign,keyword', ...more })}`;

function List({ rows, from, to, label, none }: { rows: readonly Row[]; from: string; to: string; label: string; none: string }) {
  const t = texts.use();
  const f = useFormats();
  if (rows.length === 0) return <Nothing what={none} />;
  return (
    <PlainTable
      label={label}
      rows={rows.slice(0, shown)}
      rowKey={(r) => r.key}
      columns={[
        {
          title: t('campaign'),
          of: (r) => (
            <>
              <Link to={address(from, to, { source: r.values[0] ?? '', campaign: r.values[1] ?? '' })}>{r.label ?? r.values[1]}</Link>
              <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13 }}>
                {r.values[0]} {r.figures.leads === 0 && <Tag>{t('noLeads')}</Tag>}
              </Typography.Text>
            </>
          ),
        },
        { title: t('spend'), isNumber: true, of: (r) => f.money(r.figures.spend) },
        { title: t('revenue'), isNumber: true, of: (r) => f.money(r.figures.revenue) },
        { title: t('profit'), isNumber: true, of: (r) => <Typography.Text type={r.profit < 0 ? 'danger' : 'success'}>{f.money(r.profit)}</Typography.Text> },
      ]}
    />
  );
}
