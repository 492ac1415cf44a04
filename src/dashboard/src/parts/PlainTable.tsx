import type { ReactNode } from 'react';
import { defineTexts } from '../app/texts';

const texts = defineTexts({ asTable: 'Показать таблицей' }, { asTable: 'Show as a table' });

export interface PlainColumn<T> {
  readonly title: ReactNode;
  readonly of: (row: T) => ReactNode;
  readonly isNumber?: boolean;
}

/** A small table without the library's: for pages that must stay light, and for the figures under a chart. */
export function PlainTable<T>({ label, columns, rows, rowKey }: { label: string; columns: readonly PlainColumn<T>[]; rows: readonly T[]; rowKey: (row: T) => string }) {
  return (
    <div className="sideways" tabIndex={0} role="region" aria-label={label}>
      <table className="plain-table">
        <thead>
          <tr>
            {columns.map((c, i) => (
              <th key={i} scope="col" className={c.isNumber ? 'right' : undefined}>
                {c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((c, i) => (
                <td key={i} className={c.isNumber ? 'right numbers' : 'breakable'}>
                  {c.of(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The figures of the chart above, folded away until they are wanted. */
export function ChartFigures<T>(props: Parameters<typeof PlainTable<T>>[0]) {
  const t = texts.use();
  return (
    <details className="chart-figures">
      <summary>{t('asTable')}</summary>
      <PlainTable {...props} />
    </details>
  );
}
