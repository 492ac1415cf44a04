import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons';
import { Button, Spin, Table, type TableColumnsType } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Spark } from '../../parts/Spark';
import { Nothing } from '../../parts/States';
import type { Asked } from './asked';
import { Cell } from './Cell';
import { useDimensionName, useValueName } from './dimensions';
import { figures, hintOf, nameOf, useFigureTexts, type Figure, type Trend } from './figures';
import './sources.css';
import { useLabels } from './useLabels';
import type { Line, Node } from './useLines';
import type { TrendValues } from './useTrends';

const texts = defineTexts(
  {
    total: 'Итого', others: 'Остальные', more: 'Показать все', open: 'Раскрыть: {{name}}', close: 'Свернуть: {{name}}', waiting: 'Загружается…', failed: 'Не загрузилось', again: 'Повторить', trendLeads: 'Заявки во времени', trendRevenue: 'Выручка во времени',
    leadsOf: '{{name}}: заявки во времени, всего {{count}}', revenueOf: '{{name}}: выручка во времени, всего {{sum}}', empty: 'За эти дни нет ни визитов, ни заявок, ни расхода. Выберите другие дни или снимите фильтры.', label: 'Отчёт по источникам',
  },
  {
    total: 'Total', others: 'Others', more: 'Show all', open: 'Open: {{name}}', close: 'Close: {{name}}', waiting: 'Loading…', failed: 'Not loaded', again: 'Try again', trendLeads: 'Leads over time', trendRevenue: 'Revenue over time',
    leadsOf: '{{name}}: leads over time, {{count}} in all', revenueOf: '{{name}}: revenue over time, {{sum}} in all', empty: 'No visits, leads or spend on these days. Choose other days or remove filters.', label: 'Report by sources',
  },
);

export interface Opened {
  readonly figure: Figure;
  /** The key of the row; absent: the whole report. */
  readonly parent: string | undefined;
  readonly path: readonly string[];
  readonly figures: Schemas['SourceFigures'];
}

interface Props {
  readonly asked: Asked;
  readonly report: Schemas['GetSourcesResponse'];
  readonly lines: readonly Line[];
  readonly columns: readonly string[];
  readonly trends: ReadonlyMap<string, TrendValues>;
  readonly isStale: boolean;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly onToggle: (key: string) => void;
  readonly onMore: (parent: string) => void;
  readonly onRetry: (parent: string) => void;
  readonly onOpen: (what: Opened) => void;
}

/** As high as what is left of the window, so that the heading and the totals stay in sight while rows pass between them. */
function useHeight(lines: number, lineHeight: number) {
  const place = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(480);
  useEffect(() => {
    const measure = (): void => {
      const top = (place.current?.getBoundingClientRect().top ?? 260) + window.scrollY;
      setRoom(Math.max(320, window.innerHeight - Math.min(top, 420) - 196));
    };
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, [lines > 0]);
  return { place, height: Math.max(120, Math.min(room, lines * lineHeight + 2)) };
}

export function Tree({ asked, report, lines, columns, trends, isStale, sort, onSort, onToggle, onMore, onRetry, onOpen }: Props) {
  const t = texts.use();
  const say = useFigureTexts();
  const f = useFormats();
  const dimensionName = useDimensionName();
  const valueName = useValueName();
  const isCompared = Boolean(report.comparedFrom);
  const { place, height } = useHeight(lines.length, isCompared ? 59 : 41);
  const isNarrow = window.innerWidth < 700;
  const { groups, isFlat, romi } = asked;

  const labelOf = useLabels(asked, lines);
  const pathOf = (node: Node): string[] => {
    const parts = node.key.split('/');
    return (node.values as readonly (string | null)[]).map((v, i) => valueName(groups[i]!, v, i === node.values.length - 1 ? node.label : labelOf(groups[i]!, parts.slice(0, i + 1).join('/'), v)));
  };
  const shown = useMemo(() => figures.filter((x) => columns.includes(x.name)), [columns]);
  const shownTrends: Trend[] = (['trendLeads', 'trendRevenue'] as const).filter((x) => columns.includes(x) && !isFlat && trends.size > 0);
  const by = sort || (groups.length === 1 && (groups[0] === 'day' || groups[0] === 'week' || groups[0] === 'month') ? '' : '-revenue');

  const nameOfLine = (line: Line): React.ReactNode => {
    if (line.kind === 'waiting') return <><Spin size="small" /> {t('waiting')}</>;
    if (line.kind === 'failed') return <>{t('failed')} <Button size="small" type="link" onClick={() => onRetry(line.parent)}>{t('again')}</Button></>;
    if (line.kind === 'others') return <>{t('others')} <Button size="small" type="link" onClick={() => onMore(line.parent)}>{t('more')}</Button></>;
    const path = pathOf(line.node);
    const name = path[path.length - 1] ?? '';
    return (
      <>
        {groups.length > 1 && (
          <Button
            type="text" size="small" className="toggle" aria-expanded={line.isOpen} aria-label={t(line.isOpen ? 'close' : 'open', { name })} onClick={() => onToggle(line.id)}
            icon={line.isOpen ? <CaretDownOutlined /> : <CaretRightOutlined />} style={line.node.hasChildren ? undefined : { visibility: 'hidden' }}
          />
        )}
        <span className="text" title={path.join(' / ')}>{name}</span>
      </>
    );
  };

  // A heading breaks between its words, never within one.
  const headingWidth = (x: Figure): number => Math.max(...nameOf(say, x).split(' ').map((w) => w.length)) * 9.5 + 42;
  const figureWidth = (x: Figure): number => Math.max(headingWidth(x), isCompared ? (x.kind === 'money' ? 206 : 148) : x.kind === 'money' ? 116 : 88);
  const tree: TableColumnsType<Line> = [{
    key: 'name', fixed: 'start', width: isNarrow ? 176 : 288, title: dimensionName(groups[0]!),
    render: (_, line) => <div className="source-name" style={{ paddingInlineStart: line.depth * (isNarrow ? 10 : 20) }}>{nameOfLine(line)}</div>,
  }];
  // A flat list has a column a group. On a telephone the finest one comes first: it is the one that stays in sight.
  const flat: TableColumnsType<Line> = (isNarrow ? groups.map((d, i) => ({ d, i })).reverse() : groups.map((d, i) => ({ d, i }))).map(({ d, i }, at) => ({
    key: `by-${d}`, width: isNarrow ? 150 : groups.length > 3 ? 168 : 200, title: dimensionName(d), ...(at === 0 ? { fixed: 'start' as const } : {}),
    render: (_: unknown, line: Line) => {
      if (line.kind !== 'row') return at === 0 && <div className="source-name">{nameOfLine(line)}</div>;
      const name = pathOf(line.node)[i];
      return <div className="source-name"><span className="text" title={name}>{name}</span></div>;
    },
  }));
  const names = isFlat ? flat : tree;
  const table: TableColumnsType<Line> = [
    ...names,
    ...shownTrends.map((trend) => ({
      key: trend, width: 110, title: t(trend),
      render: (_: unknown, line: Line) => {
        if (line.kind !== 'row' || line.depth > 0) return null;
        const values = trends.get(line.id);
        const name = pathOf(line.node)[0] ?? '';
        return values && <Spark values={trend === 'trendLeads' ? values.leads : values.revenue} label={trend === 'trendLeads' ? t('leadsOf', { name, count: line.node.figures.leads }) : t('revenueOf', { name, sum: f.money(line.node.figures.revenue) })} />;
      },
    })),
    ...shown.map((x) => ({
      key: x.name, width: figureWidth(x), align: 'end' as const, title: nameOf(say, x), sorter: true, sortDirections: ['descend' as const, 'ascend' as const], showSorterTooltip: { title: hintOf(say, x, romi) },
      sortOrder: by === `-${x.sort(romi)}` ? ('descend' as const) : by === x.sort(romi) ? ('ascend' as const) : null,
      render: (_: unknown, line: Line) => {
        if (line.kind === 'waiting' || line.kind === 'failed') return null;
        if (line.kind === 'others') return <Cell figure={x} of={line.figures} previous={null} isCompared={false} romi={romi} whose={t('others')} />;
        const path = pathOf(line.node);
        return (
          <Cell
            figure={x} of={line.node.figures} previous={line.node.previous} isCompared={isCompared} romi={romi} whose={isFlat ? path.join(' / ') : path[path.length - 1] ?? ''}
            onOpen={(figure) => onOpen({ figure, parent: line.id, path, figures: line.node.figures })}
          />
        );
      },
    })),
  ];
  const width = table.reduce((sum, c) => sum + Number(c.width), 0);

  return (
    <div ref={place} className={isStale ? 'is-stale' : undefined} aria-busy={isStale} data-test="sources-table">
      <Table<Line>
        virtual size="small" rowKey="id" columns={table} dataSource={lines as Line[]} pagination={false} scroll={{ x: width, y: height }} aria-label={t('label')} locale={{ emptyText: <Nothing what={t('empty')} /> }}
        onChange={(_, __, sorter) => {
          const one = Array.isArray(sorter) ? sorter[0] : sorter;
          const x = figures.find((c) => c.name === one?.columnKey);
          onSort(x && one?.order ? `${one.order === 'descend' ? '-' : ''}${x.sort(romi)}` : '');
        }}
        summary={() => (
          <Table.Summary fixed>
            <Table.Summary.Row>
              <Table.Summary.Cell index={0}><strong>{t('total')}</strong></Table.Summary.Cell>
              {names.slice(1).map((x, i) => <Table.Summary.Cell key={String(x.key)} index={1 + i} />)}
              {shownTrends.map((x, i) => <Table.Summary.Cell key={x} index={names.length + i} />)}
              {shown.map((x, i) => (
                <Table.Summary.Cell key={x.name} index={names.length + shownTrends.length + i} align="end">
                  <strong>
                    <Cell
                      figure={x} of={report.totals} previous={report.previousTotals} isCompared={isCompared} romi={romi} whose={t('total')}
                      onOpen={(figure) => onOpen({ figure, parent: undefined, path: [t('total')], figures: report.totals })}
                    />
                  </strong>
                </Table.Summary.Cell>
              ))}
            </Table.Summary.Row>
          </Table.Summary>
        )}
      />
    </div>
  );
}
