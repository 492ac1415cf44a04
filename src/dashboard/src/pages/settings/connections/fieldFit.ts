import type { Field } from './directories';

/** Why what a template comes out as will not do for a field; null: it will, as far as can be told without a lead. */
export type Misfit = 'number' | 'flag' | 'date' | 'moment' | 'link' | 'choice' | 'mayFail' | 'other' | null;

const placeholder = /\{([^{}]*)\}/g;
const namesIn = (template: string): string[] => [...template.matchAll(placeholder)].map((m) => (m[1] ?? '').toLowerCase());
/** Of the placeholders, those that are addresses or digits whatever the lead. */
const links = ['page', 'referrer'];
const digits = ['ym_client_id'];

const plain: Readonly<Record<string, RegExp>> = {
  number: /^-?\d+([.,]\d+)?$/,
  flag: /^(true|false|1|0|y|n)$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  moment: /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/,
  link: /^https?:\/\/\S+$/i,
};

/** Looks at a template by the type of the field that it fills. Nothing is forbidden by it: the CRM decides, and a card goes in without a field that it refuses. */
export function misfitOf(field: Field, template: string): Misfit {
  const text = template.trim();
  if (text === '' || field.type === 'text') return null;
  const names = namesIn(text);
  if (field.type === 'choice') {
    if (names.length === 0) return field.choices.some((c) => c.value === text) ? null : 'choice';
    return 'mayFail';
  }
  if (field.type === 'other') return 'other';
  const isAlone = names.length === 1 && text === `{${text.slice(1, -1)}}`;
  if (isAlone && ((field.type === 'link' && links.includes(names[0]!)) || (field.type === 'number' && digits.includes(names[0]!)))) return null;
  // What begins as an address stays one, whatever follows.
  if (field.type === 'link' && /^https?:\/\/\S+$/i.test(text)) return null;
  return names.length === 0 && plain[field.type]?.test(text) ? null : (field.type as Exclude<Misfit, null>);
}
