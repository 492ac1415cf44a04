import { Card, Flex, Typography } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useBehind } from '../../parts/Behind';
import { Files } from '../../parts/Files';
import { GroupPick } from '../../parts/GroupPick';
import { filterOf, useGroupName } from '../../parts/groups';
import { Heat, type HeatCell } from '../../parts/Heat';
import { useChoice } from '../../parts/Pick';
import { useRange } from '../../parts/range';
import { Shown, useReport } from '../../parts/report';
import { SmallSharesNote } from '../../parts/Share';
import { Nothing } from '../../parts/States';
import { checks, useCheckWords, type Check } from './checks';
import { HygieneTrend } from './HygieneTrend';

const texts = defineTexts(
  {
    about: 'Сделки, заведённые в эти дни, как они стоят сейчас. В клетке — доля нарушений и сколько их из скольких; клетка открывает сделки.', trendBy: 'Тренд', total: 'Все вместе', deals: 'Сделок',
    empty: 'За эти дни сделок не заведено.', matrix: 'Что не в порядке', cell: '{{row}}, {{check}}: {{share}}, {{part}} из {{whole}}', title: '{{check}} · {{row}}', trend: 'Как это меняется',
  },
  {
    about: 'Deals made on these days as they stand now. A cell says the share that is wrong and how many of how many; it opens them.', trendBy: 'Trend', total: 'All together', deals: 'Deals', empty: 'No deals were made on these days.', matrix: 'What is not in order',
    cell: '{{row}}, {{check}}: {{share}}, {{part}} of {{whole}}', title: '{{check}} · {{row}}', trend: 'How it changes',
  },
);

const groups = ['manager', 'source', 'pipeline', 'site'] as const;

/** Whether the CRM is kept in order, and who keeps it. */
export function Hygiene() {
  const t = texts.use();
  const f = useFormats();
  const words = useCheckWords();
  const { from, to } = useRange();
  const by = useChoice('by', groups, 'manager');
  const trend = useChoice('trend', ['week', 'month', 'day'], 'week');
  const query = { from, to, groupBy: by, trend };
  const report = useReport<Schemas['GetHygieneResponse']>('/v1/reports/hygiene', query);
  const groupName = useGroupName();
  const [open, drawer] = useBehind();

  const nameOf = ({ group }: Schemas['GetHygieneItem']): string => groupName(by, group);
  const row = (key: string, name: string, figures: Schemas['GetHygieneFigures'], filter: Record<string, string>, all: readonly Check[]) => ({
    key,
    head: key === 'total' ? <strong>{name}</strong> : name,
    cells: [
      { text: f.count(figures.deals), level: 0 },
      ...all.map((check): HeatCell | undefined => {
        const share = figures.shares[check];
        if (share?.value === null || share?.value === undefined) return undefined;
        const text = f.share(share.value);
        return {
          text: share.part === 0 ? '0' : `${share.isSmall ? '≈ ' : ''}${text} · ${share.part}/${share.whole}`,
          level: share.part === 0 || share.isSmall ? Math.min(share.value, 0.15) : share.value,
          label: t('cell', { row: name, check: words(check).short, share: text, part: share.part, whole: share.whole }),
          onOpen: share.part > 0 ? () => open({ kind: 'teamDeals', path: '/v1/reports/hygiene/rows', title: t('title', { check: words(check).short, row: name }), about: words(check).long, query: { from, to, check, ...filter } }) : undefined,
        };
      }),
    ],
  });

  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary" style={{ flex: '1 1 320px' }}>{t('about')}</Typography.Text>
        <Flex gap={8}>
          <GroupPick groups={groups} first="manager" />
          <Files path="/v1/reports/hygiene" query={query} />
        </Flex>
      </Flex>
      <Shown of={report} rows={10}>
        {(data) => {
          if (data.total.deals === 0) return <Card><Nothing what={t('empty')} /></Card>;
          const all = data.checks.map((c) => c.name).filter((n): n is Check => checks.some((c) => c === n));
          return (
            <>
              <Card size="small" title={t('matrix')}>
                <Heat
                  label={t('matrix')}
                  tone="danger"
                  minCell={92}
                  columns={[{ key: 'deals', head: t('deals') }, ...all.map((c) => ({ key: c, head: <span title={words(c).long} style={{ whiteSpace: 'normal', display: 'inline-block', maxWidth: 110 }}>{words(c).short}</span> }))]}
                  rows={[row('total', t('total'), data.total, {}, all), ...data.items.map((i) => row(`${i.group.connectionId ?? ''} ${i.group.key}`, nameOf(i), i.figures, filterOf(by, i.group.key), all))]}
                />
                <SmallSharesNote />
              </Card>
              <Card size="small" title={t('trend')} extra={<GroupPick name="trend" label={t('trendBy')} groups={['day', 'week', 'month']} first="week" width={130} />}>
                <HygieneTrend of={data.trend} by={trend} checks={all} />
              </Card>
            </>
          );
        }}
      </Shown>
      {drawer}
    </div>
  );
}
