import { theme } from 'antd';
import { useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react';
import { spoken } from './spoken';

export interface HeatCell {
  readonly text: string;
  /** What a screen reader says: the row and the column are its headings already. */
  readonly label?: string;
  /** How strong the colour is, 0 to 1; the text says the same. */
  readonly level: number;
  readonly onOpen?: (() => void) | undefined;
}

interface Props {
  readonly label: string;
  readonly corner?: ReactNode;
  readonly columns: readonly { readonly key: string; readonly head: ReactNode }[];
  readonly rows: readonly { readonly key: string; readonly head: ReactNode; readonly cells: readonly (HeatCell | undefined)[] }[];
  readonly tone?: 'primary' | 'danger';
  readonly minCell?: number;
}

const moves: Record<string, readonly [number, number]> = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** A heat map that is a table: every figure is text, colour only leads the eye. Arrows walk over its cells, Enter opens one. */
export function Heat({ label, corner, columns, rows, tone = 'primary', minCell = 44 }: Props) {
  const { token } = theme.useToken();
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<string>();
  const colour = tone === 'danger' ? token.colorError : token.colorPrimary;
  const opens = rows.flatMap((r, i) => r.cells.map((c, j) => (c?.onOpen ? `${i}:${j}` : ''))).filter(Boolean);
  const stop = at && opens.includes(at) ? at : opens[0];

  /** To the next cell that opens something, in the direction of the arrow. */
  const walk = (e: KeyboardEvent): void => {
    const step = moves[e.key];
    const from = (e.target as HTMLElement).dataset.at?.split(':').map(Number);
    if (!step || !from) return;
    e.preventDefault();
    for (let [i, j] = [from[0]! + step[0], from[1]! + step[1]]; i >= 0 && j >= 0 && i < rows.length && j < columns.length; i += step[0], j += step[1]) {
      const next = table.current?.querySelector<HTMLElement>(`[data-at="${i}:${j}"]`);
      if (!next) continue;
      setAt(`${i}:${j}`);
      next.focus();
      return;
    }
  };

  const paint = (level: number): CSSProperties =>
    level > 0 ? { background: `color-mix(in srgb, ${colour} ${Math.round(6 + Math.min(level, 1) * 42)}%, transparent)` } : {};

  return (
    <div className="sideways">
      <table ref={table} role="grid" className="heat" aria-label={label} onKeyDown={walk}>
        <thead>
          <tr>
            {corner ? <th scope="col">{corner}</th> : <td className="corner" />}
            {columns.map((c) => (
              <th key={c.key} scope="col">
                {c.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={row.key}>
              <th scope="row">{row.head}</th>
              {columns.map((c, j) => {
                const cell = row.cells[j];
                return (
                  <td key={c.key} className="numbers" style={{ minWidth: minCell, ...paint(cell?.level ?? 0) }}>
                    {cell?.onOpen ? (
                      <button type="button" data-at={`${i}:${j}`} tabIndex={stop === `${i}:${j}` ? 0 : -1} aria-label={spoken(cell.text, cell.label)} onFocus={() => setAt(`${i}:${j}`)} onClick={cell.onOpen}>
                        {cell.text}
                      </button>
                    ) : (
                      <span>{cell?.text}</span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
