import { Typography } from 'antd';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { formulaOf, nameOf, useFigureTexts, writeFigure, type Figure, type Figures, type Romi } from './figures';

const texts = defineTexts({ before: 'было', partly: 'известна только часть' }, { before: 'was', partly: 'only a part is known' });

interface Props {
  readonly figure: Figure;
  readonly of: Figures;
  readonly previous: Figures | null | undefined;
  readonly isCompared: boolean;
  readonly romi: Romi;
  /** Whose figure it is, for who hears rather than sees. */
  readonly whose: string;
  readonly onOpen?: (figure: Figure) => void;
}

/** One figure: how it is counted on hovering, what is behind it on a click. */
export function Cell({ figure, of, previous, isCompared, romi, whose, onOpen }: Props) {
  const t = useFigureTexts();
  const say = texts.use();
  const f = useFormats();
  const value = figure.value(of, romi);
  const isPartial = figure.name === 'spend' && of.spendIsPartial && value !== null;
  const written = `${isPartial ? '≥ ' : ''}${writeFigure(f, figure, value)}`;
  const title = [formulaOf(t, f, figure, of, romi), isPartial && say('partly')].filter(Boolean).join('; ') || undefined;
  const shown =
    onOpen && figure.what && value !== null ? (
      <button type="button" className="figure-cell" title={title} aria-label={`${whose}: ${nameOf(t, figure)}, ${written}`} onClick={() => onOpen(figure)}>
        {written}
      </button>
    ) : (
      <span className="numbers" title={title}>
        {written}
      </span>
    );
  if (!isCompared) return shown;
  const before = previous ? figure.value(previous, romi) : null;
  // Nothing then and nothing now is not worth a line.
  if ((before ?? 0) === 0 && (value ?? 0) === 0) return shown;
  return (
    <div>
      {shown}
      <span className="figure-before numbers">
        {say('before')} {writeFigure(f, figure, before)} <Moved now={value} before={before} isLessBetter={figure.isLessBetter} />
      </span>
    </div>
  );
}

/** By how much, with a sign; the colour only repeats whether that is good. */
function Moved({ now, before, isLessBetter }: { now: number | null; before: number | null; isLessBetter: boolean | undefined }) {
  const f = useFormats();
  if (now === null || before === null || before === 0 || now === before) return null;
  const share = (now - before) / Math.abs(before);
  const type = isLessBetter === undefined ? 'secondary' : share > 0 !== isLessBetter ? 'success' : 'danger';
  return (
    <Typography.Text type={type} style={{ fontSize: 12 }}>
      {share > 0 ? '↑' : '↓'} {f.share(Math.abs(share))}
    </Typography.Text>
  );
}
