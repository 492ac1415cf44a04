import { Typography } from 'antd';
import type { Schemas } from '../api/client';
import { useFormats } from '../app/formats';
import { defineTexts } from '../app/texts';
import { Opens } from './Opens';

const texts = defineTexts(
  { of: '{{part}} из {{whole}}', small: '≈ — посчитано меньше чем на 30 случаях: для выводов рано.' },
  { of: '{{part}} of {{whole}}', small: '≈ — counted on fewer than 30 cases: too early to judge.' },
);

/** A share with what it was counted on, and a sign where that is too little to judge by. */
export function ShareOf({ of, onOpen }: { of: Schemas['Share'] | undefined; onOpen?: (() => void) | undefined }) {
  const t = texts.use();
  const f = useFormats();
  if (of?.value === null || of?.value === undefined) return <>{f.none}</>;
  const counted = t('of', { part: f.count(of.part), whole: f.count(of.whole) });
  const text = `${of.isSmall ? '≈ ' : ''}${f.share(of.value)}`;
  return (
    <span className="numbers">
      {onOpen && of.part > 0 ? <Opens onOpen={onOpen} label={`${text}, ${counted}`}>{text}</Opens> : text}{' '}
      <Typography.Text type="secondary" style={{ fontSize: 12 }}>
        {of.part}/{of.whole}
      </Typography.Text>
    </span>
  );
}

/** What the sign of few cases means; once under a table that may hold it. */
export function SmallSharesNote() {
  const t = texts.use();
  return (
    <Typography.Text type="secondary" style={{ fontSize: 13 }}>
      {t('small')}
    </Typography.Text>
  );
}
