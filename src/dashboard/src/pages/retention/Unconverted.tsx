import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Caution } from '../../parts/Caution';

const texts = defineTexts({ without: 'Без курса валюты, в суммы не вошли: {{what}}.' }, { without: 'Without an exchange rate, in no sum: {{what}}.' });

/** Deals whose money is in no sum of the report. */
export function Unconverted({ of }: { of: readonly Schemas['UnconvertedDeals'][] }) {
  const t = texts.use();
  const f = useFormats();
  if (of.length === 0) return null;
  return <Caution>{t('without', { what: of.map((u) => `${f.count(u.deals)} × ${u.currency} (${f.count(u.amount)})`).join(', ') })}</Caution>;
}
