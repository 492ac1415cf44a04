import { Typography } from 'antd';
import type { ReactNode } from 'react';
import faultTable from '../../../LeadIngest.Core/Metrics/Data/tag-faults.csv?raw';
import passports from '../../../words/passports.json';
import { defineTexts, useLanguage } from '../app/texts';
import { russianOf } from './sentences';
import { Translated } from './Translated';

const texts = defineTexts({ evidence: 'Почему так', warnings: 'Ошибки разметки' }, { evidence: 'Why', warnings: 'Faults of tags' });

const say = russianOf(passports);

/** What is wrong, by the fault's name: the same table by which the service counts faults. */
const faults = new Map(
  faultTable
    .trim()
    .split('\n')
    .map((line) => line.split(';'))
    .map(([name = '', , , , , ru = '', en = '']) => [name, { ru, en }] as const),
);

/** «utm_source=yandex in the page URL» in the reader's language. */
export const useEvidenceWords = (): ((line: string) => string) => {
  const isRussian = useLanguage() === 'ru';
  return (line) => (isRussian ? (say(line) ?? line) : line);
};

/** «macro_unsubstituted: utm_term»: what is wrong, and with what. */
export function useFaultWords(): (warning: string) => string {
  const lang = useLanguage();
  return (warning) => {
    const [name = '', ...rest] = warning.split(': ');
    const fault = faults.get(name);
    const about = rest.join(': ');
    return fault ? `${fault[lang]}${about && ` (${lang === 'ru' ? (say(about) ?? about) : about})`}` : warning;
  };
}

/** What the source of a lead or a visit rests on, and what was wrong with its tags. */
export function Evidence({ of }: { of: { readonly evidence: readonly string[]; readonly warnings: readonly string[] } }) {
  const t = texts.use();
  const evidence = useEvidenceWords();
  const fault = useFaultWords();
  return (
    <>
      <Lines title={<Typography.Text type="secondary">{t('evidence')}</Typography.Text>} of={of.evidence} say={evidence} />
      <Lines title={<Typography.Text type="warning">{t('warnings')}</Typography.Text>} of={of.warnings} say={fault} />
    </>
  );
}

function Lines({ title, of, say: inWords }: { title: ReactNode; of: readonly string[]; say: (line: string) => string }) {
  if (of.length === 0) return null;
  return (
    <div>
      {title}
      <ul style={{ margin: '4px 0', paddingInlineStart: 20 }}>
        {of.map((line) => (
          <li key={line}>
            <Translated of={line} as={inWords(line)} />
          </li>
        ))}
      </ul>
    </div>
  );
}
