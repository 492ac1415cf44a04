import { Tag } from 'antd';
import { defineTexts } from '../app/texts';

const texts = defineTexts(
  {
    in: 'Входящий', out: 'Исходящий', internal: 'Внутренний', unknown: 'Неизвестно', answered: 'отвечен', missed: 'пропущен', unanswered: 'без ответа', rejected: 'отклонён', unknownOutcome: 'исход неизвестен',
  },
  {
    in: 'Incoming', out: 'Outgoing', internal: 'Internal', unknown: 'Unknown', answered: 'answered', missed: 'missed', unanswered: 'not answered', rejected: 'rejected', unknownOutcome: 'outcome unknown',
  },
);

export const callDirections = ['in', 'out', 'internal', 'unknown'] as const;
export const callOutcomes = ['answered', 'missed', 'unanswered', 'rejected', 'unknown'] as const;

/** The words for what a call was: «Входящий», «пропущен». A code that is not known here is shown as it is. */
export function useCallWords(): { direction: (code: string) => string; outcome: (code: string) => string } {
  const t = texts.use();
  return { direction: (code) => t(code as 'in'), outcome: (code) => t(code === 'unknown' ? 'unknownOutcome' : (code as 'missed')) };
}

const colours: Record<string, string> = { answered: 'green', missed: 'red', unanswered: 'orange', rejected: 'orange' };

export function OutcomeTag({ of }: { of: string }) {
  const { outcome } = useCallWords();
  return <Tag color={colours[of]}>{outcome(of)}</Tag>;
}
