import { TableOutlined } from '@ant-design/icons';
import { Button, Checkbox, Popover } from 'antd';
import { useState } from 'react';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { figures, nameOf, trends, useFigureTexts, usualColumns } from './figures';

const texts = defineTexts(
  { columns: 'Столбцы', usual: 'Вернуть обычные', trendLeads: 'Заявки во времени', trendRevenue: 'Выручка во времени' },
  { columns: 'Columns', usual: 'Back to the usual', trendLeads: 'Leads over time', trendRevenue: 'Revenue over time' },
);

const all: readonly string[] = [...trends, ...figures.map((x) => x.name)];
const keyOf = (project: string): string => `leadingest.sources.columns.${project}`;

export const knownColumns = (names: unknown): string[] => (Array.isArray(names) ? all.filter((n) => names.includes(n)) : []);

function read(project: string): string[] {
  try {
    return knownColumns(JSON.parse(localStorage.getItem(keyOf(project)) ?? 'null'));
  } catch {
    return [];
  }
}

/** Which columns are shown: remembered by this browser, for each project. */
export function useColumns(): [readonly string[], (to: readonly string[]) => void] {
  const { id } = useOpenProject();
  const [columns, setColumns] = useState<readonly string[]>(() => read(id));
  return [
    columns.length > 0 ? columns : usualColumns,
    (to) => {
      localStorage.setItem(keyOf(id), JSON.stringify(to));
      setColumns(to);
    },
  ];
}

export function ColumnsChooser({ value, onChange }: { value: readonly string[]; onChange: (to: readonly string[]) => void }) {
  const t = texts.use();
  const say = useFigureTexts();
  return (
    <Popover
      trigger="click" placement="bottomRight"
      content={
        <div className="stack" style={{ gap: 10 }}>
          <Checkbox.Group
            value={[...value]} onChange={(v) => onChange(all.filter((n) => v.includes(n)))} style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(200px, 1fr))', gap: '4px 12px', width: 'min(440px, calc(100vw - 64px))' }}
            options={[...trends.map((x) => ({ value: x as string, label: t(x) })), ...figures.map((x) => ({ value: x.name, label: nameOf(say, x) }))]}
          />
          <Button size="small" onClick={() => onChange(usualColumns)}>{t('usual')}</Button>
        </div>
      }
    >
      <Button icon={<TableOutlined />}>{t('columns')}</Button>
    </Popover>
  );
}
