import { Button, Card, Flex, Segmented, Typography } from 'antd';
import { useState } from 'react';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Files } from '../../parts/Files';
import { isModel } from '../../parts/models';
import { RangeBar, useAddress } from '../../parts/range';
import { Room } from '../../parts/Room';
import { Answer } from '../../parts/States';
import { Views } from '../../parts/Views';
import { kept, useAsked } from './asked';
import { BehindFigure } from './BehindFigure';
import { ColumnsChooser, knownColumns, useColumns } from './Columns';
import { Counting } from './Counting';
import { FilterChips, Filters } from './Filters';
import { Levels } from './Levels';
import { ModelSelect } from './Model';
import { Tree, type Opened } from './Tree';
import { mostRows, useLines } from './useLines';
import { useTrends } from './useTrends';
import { Warnings } from './Warnings';

const texts = defineTexts(
  {
    title: 'Источники', shape: 'Вид таблицы', tree: 'Дерево', flat: 'Список', cash: 'Возвраты — в день возврата',
    gross: 'Расход с НДС', netVat: 'Расход без НДС', breakPayback: 'ROMI = выручка / расход, 100 % — окупились', breakNet: 'ROMI = (выручка − расход) / расход, 0 % — окупились', compared: 'сравнение с {{from}} – {{to}}', open: 'Нажмите на цифру, чтобы увидеть, что за ней стоит.', close: 'Свернуть всё',
  },
  {
    title: 'Sources', shape: 'Shape of the table', tree: 'Tree', flat: 'List', cash: 'Refunds on their own day',
    gross: 'Spend with VAT', netVat: 'Spend without VAT', breakPayback: 'ROMI = revenue / spend, 100 % is break-even', breakNet: 'ROMI = (revenue − spend) / spend, 0 % is break-even', compared: 'compared with {{from}} – {{to}}', open: 'Click a figure to see what is behind it.', close: 'Close all',
  },
);

/** What each source cost and brought, down to the keyword. */
export default function Sources() {
  const t = texts.use();
  const f = useFormats();
  const [get, set] = useAddress();
  const asked = useAsked();
  const [columns, setColumns] = useColumns();
  const [opened, setOpened] = useState<Opened>();
  const { first, lines, hasOpen, toggle, closeAll, more, retry } = useLines(asked);
  const trends = useTrends(asked, first.data?.rows.length ?? 0, columns.some((c) => c.startsWith('trend')));
  const takeColumns = (settings: Readonly<Record<string, unknown>>): void => {
    const known = knownColumns(settings.columns);
    if (known.length > 0) setColumns(known);
  };
  const model = get('basis') === 'client' ? 'clientFirst' : get('model') || first.data?.model;

  return (
    <Room
      title={t('title')}
      tools={
        <>
          <RangeBar comparable />
          <ColumnsChooser value={columns} onChange={setColumns} />
          <Views page="sources" names={kept} hasDays more={{ keep: { columns }, take: takeColumns }} />
          <Files path="/v1/reports/sources" query={{ ...asked.query, flat: true }} limit={mostRows} />
        </>
      }
    >
      <Card size="small">
        <div className="stack" style={{ gap: 10 }}>
          <Flex wrap gap={8} align="center">
            <Levels value={asked.groups} onChange={(to) => set({ by: to.join(',') })} />
            {asked.groups.length > 1 && (
              <Segmented aria-label={t('shape')} value={asked.isFlat ? 'flat' : 'tree'} onChange={(v) => set({ flat: v === 'flat' ? '1' : undefined })} options={[{ value: 'tree', label: t('tree') }, { value: 'flat', label: t('flat') }]} />
            )}
            <ModelSelect value={isModel(model) ? model : 'lastNonDirect'} onChange={(m) => set(m === 'clientFirst' ? { basis: 'client', model: undefined } : { basis: undefined, model: m })} />
            <Counting romi={asked.romi} />
            <Filters asked={asked} />
            {hasOpen && <Button type="text" onClick={closeAll}>{t('close')}</Button>}
          </Flex>
          <FilterChips asked={asked} />
          <Answer of={first} rows={12}>
            {(report) => (
              <>
                <Warnings report={report} />
                <Tree
                  asked={asked} report={report} lines={lines} columns={columns} trends={trends} isStale={first.isPlaceholderData} sort={get('sort')} onSort={(sort) => set({ sort })} onToggle={toggle} onMore={more} onRetry={retry} onOpen={setOpened}
                />
                <Typography.Text type="secondary" style={{ fontSize: 13 }}>
                  {[
                    t(report.spendVat === 'net' ? 'netVat' : 'gross'), t(asked.romi === 'net' ? 'breakNet' : 'breakPayback'), report.refunds === 'cash' && t('cash'), report.comparedFrom && report.comparedTo && t('compared', { from: f.day(report.comparedFrom), to: f.day(report.comparedTo) }),
                  ].filter(Boolean).join(' · ')}
                  {'. '}
                  {t('open')}
                </Typography.Text>
              </>
            )}
          </Answer>
        </div>
      </Card>
      <BehindFigure opened={opened} asked={asked} onClose={() => setOpened(undefined)} />
    </Room>
  );
}
