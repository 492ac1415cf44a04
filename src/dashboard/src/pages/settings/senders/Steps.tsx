import { useLanguage } from '../../../app/texts';
import { guides } from './guides';

/** What to do at the provider, in order. */
export function Steps({ kind, provider }: { kind: string; provider: string }) {
  const at = useLanguage() === 'en' ? 1 : 0;
  return (
    <ol style={{ margin: 0, paddingInlineStart: 20, display: 'grid', gap: 8 }}>
      {(guides[`${kind}/${provider}`] ?? guides[`${kind}/generic`] ?? []).map((step) => (
        <li key={step[1]} className="breakable">
          {step[at]}
        </li>
      ))}
    </ol>
  );
}
