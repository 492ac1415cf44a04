import { ArrowDownOutlined, ArrowUpOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import { Flex, Tooltip, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useFormats } from '../app/formats';
import { defineTexts } from '../app/texts';

const texts = defineTexts({ before: 'было {{value}}' }, { before: 'was {{value}}' });

interface Props {
  readonly name: ReactNode;
  readonly value: ReactNode;
  /** How it is counted, or which of several meanings is shown. */
  readonly hint?: ReactNode;
  readonly now?: number | null | undefined;
  readonly before?: number | null | undefined;
  /** How `before` is written. */
  readonly write?: (v: number | null | undefined) => string;
  /** Less is better: spend, CPL. Undefined: neither is. */
  readonly isLessBetter?: boolean | undefined;
  readonly onOpen?: (() => void) | undefined;
  readonly extra?: ReactNode;
}

/** One figure with its name, and how it stood before. */
export function Figure({ name, value, hint, now, before, write, isLessBetter, onOpen, extra }: Props) {
  return (
    <div className={onOpen ? 'panel figure opening' : 'panel figure'} onClick={onOpen}>
      <Flex gap={6} align="center">
        <Typography.Text type="secondary">{name}</Typography.Text>
        {hint && <Hint text={hint} />}
      </Flex>
      <div className="numbers figure-value">
        {value}
      </div>
      <Change now={now} before={before} write={write} isLessBetter={isLessBetter} />
      {extra}
    </div>
  );
}

/** A question mark that answers; reached by keyboard too. */
export function Hint({ text }: { text: ReactNode }) {
  return (
    <Tooltip title={text}>
      <QuestionCircleOutlined tabIndex={0} role="img" aria-label={typeof text === 'string' ? text : '?'} style={{ opacity: 0.65 }} />
    </Tooltip>
  );
}

/** By how much a figure changed; nothing when there is nothing to compare with. Its colour says whether that is good, its arrow which way. */
export function Change({ now, before, write, isLessBetter }: Pick<Props, 'now' | 'before' | 'write' | 'isLessBetter'>) {
  const f = useFormats();
  const t = texts.use();
  if (now === null || now === undefined || before === null || before === undefined) return null;
  const share = before === 0 ? null : (now - before) / Math.abs(before);
  const isUp = now > before;
  const type = now === before || isLessBetter === undefined ? 'secondary' : isUp !== isLessBetter ? 'success' : 'danger';
  return (
    <Tooltip title={t('before', { value: (write ?? f.count)(before) })}>
      <Typography.Text type={type} className="numbers" style={{ fontSize: 13 }}>
        {now !== before && (isUp ? <ArrowUpOutlined aria-hidden /> : <ArrowDownOutlined aria-hidden />)} {share === null ? t('before', { value: (write ?? f.count)(before) }) : f.share(share)}
      </Typography.Text>
    </Tooltip>
  );
}
