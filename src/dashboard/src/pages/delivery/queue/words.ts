import { defineTexts } from '../../../app/texts';

export const wordTexts = defineTexts(
  {
    delivered: 'в CRM', deal: 'карточка', note: 'примечание', send: 'отправка', lookup: 'поиск в CRM',
    unknown: 'ответ потерян', not_executed: 'CRM ничего не сделала', dropped: 'не нужна больше', refused: 'отказ', credentials_refused: 'не принят вход', account_blocked: 'аккаунт не обслуживается', found: 'нашлась', absent: 'не нашлась', failed: 'поиск не вышел', redirected: 'пошла другим путём', unreadable: 'нет доступа к данным входа',
  },
  {
    delivered: 'in the CRM', deal: 'card', note: 'note', send: 'sending', lookup: 'look-up in the CRM',
    unknown: 'answer lost', not_executed: 'the CRM did nothing', dropped: 'not needed any more', refused: 'refused', credentials_refused: 'login refused', account_blocked: 'account not served', found: 'found', absent: 'not found', failed: 'look-up failed', redirected: 'went another way', unreadable: 'credentials cannot be read',
  },
);

const known = ['unknown', 'not_executed', 'dropped', 'refused', 'credentials_refused', 'account_blocked', 'found', 'absent', 'failed', 'redirected', 'unreadable', 'delivered', 'send', 'lookup'] as const;

/** Of an attempt: in words where the service's word is known, else as it is. */
export function useAttemptWord(): (word: string) => string {
  const t = wordTexts.use();
  return (word) => {
    const found = known.find((k) => k === word);
    return found ? t(found) : word;
  };
}
