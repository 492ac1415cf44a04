import crm from '../../../words/crm.json';
import senders from '../../../words/senders.json';
import spend from '../../../words/spend.json';
import { useLanguage } from '../app/texts';
import { russianOf } from './sentences';
import { Translated } from './Translated';

const say = russianOf(crm, senders, spend);

/** What the service said of a CRM, a sender or an advertising cabinet, in the reader's language; as it was said where the page knows no better. */
export function useSaid(): (english: string) => string {
  const isRussian = useLanguage() === 'ru';
  return (english) => (isRussian ? (say(english) ?? english) : english);
}

/** One sentence of the service. */
export const Said = ({ of }: { of: string }) => <Translated of={of} as={useSaid()(of)} />;
