import { Card, Flex, Typography } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useBehind } from '../../parts/Behind';
import { Files } from '../../parts/Files';
import { daysOf, filterOf, useGroupName } from '../../parts/groups';
import { Heat } from '../../parts/Heat';
import { Opens } from '../../parts/Opens';
import { Pick, useChoice } from '../../parts/Pick';
import { Shown, useReport } from '../../parts/report';
import { Nothing } from '../../parts/States';
import { useFunnelQuery } from './asked';

const texts = defineTexts(
  {
    rows: 'Строки', columns: 'Столбцы', by: 'Какие сделки', lost: 'Проигранные в эти дни', made: 'Заведённые в эти дни и проигранные', source: 'Источник', reason: 'Причина отказа', stage: 'Этап', manager: 'Менеджер', month: 'Месяц', channel: 'Канал', campaign: 'Кампания', pipeline: 'Воронка',
    all: 'Всего', others: 'Остальные', total_one: 'Проиграна {{count}} сделка на {{amount}}', total_few: 'Проиграны {{count}} сделки на {{amount}}', total_many: 'Проиграно {{count}} сделок на {{amount}}', total_other: 'Проиграно {{count}} сделки на {{amount}}',
    withoutReason: 'без причины — {{share}}', withoutAmount: 'у {{count}} сумма не указана', insight: '«{{row}}»: {{share}} потерь — «{{column}}» ({{part}} из {{whole}})', insights: 'Главное', empty: 'За эти дни проигранных сделок нет.', cell: '{{row}}, {{column}}: {{count}} сделок, {{share}} строки',
    matrix: 'Потери: {{rows}} × {{columns}}', about: 'В клетке — доля от потерь строки, рядом — число сделок. Клетка открывает свои сделки. Сделка считается один раз, по последнему проигрышу; открытая заново не проиграна.', title: 'Проигранные сделки · {{what}}', same: 'Строки и столбцы совпадают: выберите разные разрезы.',
  },
  {
    rows: 'Rows', columns: 'Columns', by: 'Which deals', lost: 'Lost on these days', made: 'Made on these days and lost', source: 'Source', reason: 'Reason', stage: 'Stage', manager: 'Manager', month: 'Month', channel: 'Channel', campaign: 'Campaign', pipeline: 'Pipeline', all: 'All', others: 'Others',
    total_one: '{{count}} deal lost, {{amount}}', total_other: '{{count}} deals lost, {{amount}}', withoutReason: 'without a reason: {{share}}', withoutAmount: '{{count}} have no amount', insight: '“{{row}}”: {{share}} of losses are “{{column}}” ({{part}} of {{whole}})', insights: 'What stands out', empty: 'No deals were lost on these days.',
    cell: '{{row}}, {{column}}: {{count}} deals, {{share}} of the row', matrix: 'Losses: {{rows}} × {{columns}}', about: 'A cell says its share of the row’s losses and how many deals that is; it opens them. A deal counts once, at its last loss; one that was opened again is not lost.', title: 'Lost deals · {{what}}',
    same: 'Rows and columns are the same: choose different ones.',
  },
);

const words = ['source', 'reason', 'stage', 'manager', 'month', 'channel', 'campaign', 'pipeline'] as const;
type Word = (typeof words)[number];
type Line = Schemas['GetLossesLine'];

/** An insight takes at least so many losses in the row and so great a part of them. */
const [fewest, most] = [10, 0.5];

/** Why deals are lost: any two properties against each other. */
export function Losses() {
  const t = texts.use();
  const f = useFormats();
  const query = useFunnelQuery();
  const rows = useChoice<Word>('rows', words, 'source');
  const columns = useChoice<Word>('columns', words, 'reason');
  const by = useChoice('of', ['lost', 'made'], 'lost');
  const asked = { ...query, compare: undefined, rows, columns, by };
  const report = useReport<Schemas['GetLossesResponse']>('/v1/reports/losses', asked, rows !== columns);
  const groupName = useGroupName();
  const [open, drawer] = useBehind();
  const nameOf = (word: Word, line: Line): string => (line.group.key === '(others)' ? t('others') : groupName(word, line.group));
  const options = words.map((w) => ({ value: w, label: t(w) }));

  const matrix = (data: Schemas['GetLossesResponse']) => {
    const filter = (word: Word, key: string): Record<string, string> | undefined => (key === '(others)' ? undefined : { ...(daysOf(word, key, data.days) ?? filterOf(word, key)) });
    const show = (row: Line | undefined, column: Line | undefined) => {
      const [one, other] = [row ? filter(rows, row.group.key) : {}, column ? filter(columns, column.group.key) : {}];
      if (!one || !other) return undefined;
      const what = [row && nameOf(rows, row), column && nameOf(columns, column)].filter(Boolean).join(' · ');
      return () => open({ kind: 'teamDeals', path: '/v1/reports/losses/rows', title: t('title', { what: what || t('all').toLowerCase() }), query: { from: data.days.from, to: data.days.to, source: query.source, manager: query.manager, by, ...one, ...other } });
    };
    const insights = data.items
      .flatMap((row) => row.cells.map((cell) => ({ row, cell, column: data.columns.find((c) => c.group.key === cell.column) })))
      .filter(({ row, cell, column }) => column && !['(none)', '(others)'].includes(cell.column) && !['(none)', '(others)'].includes(row.group.key) && cell.ofRow.whole >= fewest && (cell.ofRow.value ?? 0) >= most)
      .sort((a, b) => b.cell.ofRow.part - a.cell.ofRow.part)
      .slice(0, 3);
    const greatest = Math.max(...data.items.map((r) => r.total.deals), 1);
    return (
      <>
        <Card size="small">
          <Flex vertical gap={6}>
            <span>
              <Opens onOpen={show(undefined, undefined)!}>{t('total', { count: data.total.deals, amount: f.money(data.total.amount) })}</Opens>
              <Typography.Text type="secondary">
                {' '}
                · {t('withoutReason', { share: f.share(data.withoutReason.value) })}
                {data.total.withoutAmount > 0 && ` · ${t('withoutAmount', { count: data.total.withoutAmount })}`}
              </Typography.Text>
            </span>
            {insights.length > 0 && (
              <ul aria-label={t('insights')} style={{ margin: 0, paddingInlineStart: 20 }}>
                {insights.map(({ row, cell, column }) => (
                  <li key={`${row.group.key} ${cell.column}`}>
                    <Opens onOpen={show(row, column)!}>
                      {t('insight', { row: nameOf(rows, row), column: column ? nameOf(columns, column) : '', share: f.share(cell.ofRow.value), part: cell.ofRow.part, whole: cell.ofRow.whole })}
                    </Opens>
                  </li>
                ))}
              </ul>
            )}
          </Flex>
        </Card>
        <Card size="small" title={t('matrix', { rows: t(rows), columns: t(columns) })}>
          <Heat
            label={t('matrix', { rows: t(rows), columns: t(columns) })}
            tone="danger"
            minCell={78}
            columns={[{ key: '(all)', head: t('all') }, ...data.columns.map((c) => ({ key: `${c.group.connectionId ?? ''}${c.group.key}`, head: <span style={{ whiteSpace: 'normal', display: 'inline-block', minWidth: 64, maxWidth: 130 }}>{nameOf(columns, c)}</span> }))]}
            rows={data.items.map((row) => ({
              key: `${row.group.connectionId ?? ''}${row.group.key}`,
              head: <span style={{ display: 'inline-block', minWidth: 110, maxWidth: 200, whiteSpace: 'normal', overflowWrap: 'break-word' }}>{nameOf(rows, row)}</span>,
              cells: [
                { text: f.count(row.total.deals), level: (row.total.deals / greatest) * 0.35, onOpen: show(row, undefined), label: `${nameOf(rows, row)}, ${t('all')}: ${row.total.deals}` },
                ...data.columns.map((column) => {
                  const cell = row.cells.find((c) => c.column === column.group.key && (c.connectionId ?? null) === (column.group.connectionId ?? null));
                  if (!cell) return undefined;
                  const share = f.share(cell.ofRow.value);
                  return {
                    text: `${share} · ${cell.losses.deals}`, level: cell.ofRow.value ?? 0, onOpen: show(row, column),
                    label: t('cell', { row: nameOf(rows, row), column: nameOf(columns, column), count: cell.losses.deals, share }),
                  };
                }),
              ],
            }))}
          />
          <Typography.Paragraph type="secondary" style={{ margin: '8px 0 0', fontSize: 13 }}>
            {t('about')}
          </Typography.Paragraph>
        </Card>
      </>
    );
  };

  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between">
        <Flex wrap gap={8} style={{ flex: '1 1 280px', minWidth: 0 }}>
          <Pick name="rows" label={t('rows')} first="source" options={options} />
          <Pick name="columns" label={t('columns')} first="reason" options={options} />
          <Pick name="of" label={t('by')} first="lost" options={[{ value: 'lost', label: t('lost') }, { value: 'made', label: t('made') }]} width={240} />
        </Flex>
        <Files path="/v1/reports/losses" query={asked} />
      </Flex>
      {rows === columns ? <Card><Nothing what={t('same')} /></Card> : <Shown of={report}>{(data) => (data.total.deals === 0 ? <Card><Nothing what={t('empty')} /></Card> : matrix(data))}</Shown>}
      {drawer}
    </div>
  );
}
