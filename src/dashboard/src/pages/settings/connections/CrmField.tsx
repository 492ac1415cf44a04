import { Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { defineTexts } from '../../../app/texts';
import type { Known } from './directories';

const texts = defineTexts(
  { gone: '{{id}} — нет в CRM', none: 'Ничего не нашлось', typeId: 'id из CRM' },
  { gone: '{{id}} — not in the CRM', none: 'Nothing found', typeId: 'id from the CRM' },
);

export interface Option {
  readonly value: string;
  readonly label: string;
  /** Shown, and cannot be chosen. */
  readonly disabled?: boolean;
  /** A dot before the name, as the CRM shows it. */
  readonly color?: string | null;
  /** Behind the name. */
  readonly about?: string;
}

interface Props {
  readonly known: Known;
  /** Null: these credentials may not see the list, ids are typed in. */
  readonly options: readonly Option[] | null;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly id?: string;
  readonly 'aria-label'?: string;
}

const shown = (o: Option): ReactNode => (
  <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, maxWidth: '100%' }}>
    {o.color && <span aria-hidden style={{ width: 10, height: 10, borderRadius: 5, background: o.color, border: '1px solid rgb(0 0 0 / 25%)', flex: 'none' }} />}
    <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{o.label}</span>
    {o.about && <span style={{ opacity: 0.65, flex: 'none' }}>{o.about}</span>}
  </span>
);

/** A number says nothing by itself; a code says what it is. */
const idOf = (value: string): string => (/^\d+$/.test(value) ? `id ${value}` : value);

/** Adds what is chosen and not in the list, said to be gone; while the list is on its way nobody knows that. */
function useWithGone(known: Known, options: readonly Option[] | null, values: readonly string[]): readonly Option[] {
  const t = texts.use();
  const there = options ?? [];
  const missing = values.filter((v) => !there.some((o) => o.value === v));
  return [...missing.map((v) => ({ value: v, label: known.state === 'loading' ? idOf(v) : t('gone', { id: idOf(v) }) })), ...there];
}

const search = { optionFilterProp: ['label', 'value'] };
const isTyped = (known: Known, options: readonly Option[] | null): boolean => known.state === 'failed' || (known.state === 'read' && options === null);

/** One thing of the CRM by its name, kept by its id. Where the CRM cannot be asked, the id is typed in. Stands in a Form.Item. */
export function CrmChoice({ known, options, placeholder, value, onChange, ...field }: Props & { value?: string | null; onChange?: (v: string | undefined) => void }) {
  const t = texts.use();
  const all = useWithGone(known, options, value ? [value] : []);
  if (isTyped(known, options)) return <Input {...field} allowClear value={value ?? ''} placeholder={placeholder ?? t('typeId')} onChange={(e) => onChange?.(e.target.value.trim() || undefined)} />;
  const isGone = known.state === 'read' && Boolean(value) && !options?.some((o) => o.value === value);
  return (
    <Select
      {...field}
      value={value ?? undefined}
      allowClear
      loading={known.state === 'loading'}
      {...(isGone ? { status: 'warning' as const } : {})}
      {...(placeholder ? { placeholder } : {})}
      showSearch={search}
      notFoundContent={t('none')}
      options={[...all]}
      optionRender={(o) => shown(o.data)}
      labelRender={(o) => shown(all.find((x) => x.value === o.value) ?? { value: String(o.value), label: String(o.value) })}
      onChange={(v: string | undefined) => onChange?.(v)}
    />
  );
}

/** The same for ids that the settings keep as numbers. */
export function CrmNumber({ value, onChange, ...rest }: Props & { value?: number | null; onChange?: (v: number | null) => void }) {
  const t = texts.use();
  if (!isTyped(rest.known, rest.options)) return <CrmChoice {...rest} value={value === null || value === undefined ? null : String(value)} onChange={(v) => onChange?.(v === undefined ? null : Number(v))} />;
  const { known: _, options: __, placeholder, ...field } = rest;
  return <InputNumber {...field} value={value ?? null} placeholder={placeholder ?? t('typeId')} min={0} precision={0} style={{ width: '100%' }} onChange={(v) => onChange?.(v)} />;
}

/** Several of them, in the order chosen. */
export function CrmChoices({ known, options, placeholder, value, onChange, ...field }: Props & { value?: string[]; onChange?: (v: string[]) => void }) {
  const t = texts.use();
  const all = useWithGone(known, options, value ?? []);
  const typed = isTyped(known, options);
  return (
    <Select
      {...field}
      mode={typed ? 'tags' : 'multiple'}
      value={value ?? []}
      loading={known.state === 'loading'}
      placeholder={placeholder}
      tokenSeparators={[',', ' ']}
      showSearch={search}
      notFoundContent={typed ? null : t('none')}
      options={typed ? [] : [...all]}
      optionRender={(o) => shown(o.data as Option)}
      onChange={(v: string[]) => onChange?.(v)}
    />
  );
}
