import { defineTexts } from '../../../app/texts';

export const rejectTexts = defineTexts(
  { open: 'Не разобрано', replayed: 'Стало заявкой', discarded: 'Закрыто', leads: 'Программа (JSON)', forms: 'HTML-форма', builder: 'Конструктор: {{name}}', calls: 'Звонки: {{name}}',
    invalid_input: 'Данные с ошибкой', no_contact: 'Нет контакта', not_storable: 'База не принимает эти значения', forbidden: 'Отправитель не подтвердил себя', unreadable: 'Прочитать не удалось' },
  { open: 'Not understood', replayed: 'Became a lead', discarded: 'Closed', leads: 'A program (JSON)', forms: 'HTML form', builder: 'Builder: {{name}}', calls: 'Calls: {{name}}',
    invalid_input: 'Faulty data', no_contact: 'No contact', not_storable: 'The database refuses these values', forbidden: 'The sender did not prove itself', unreadable: 'Could not be read' },
);

export function useRouteName(): (route: string) => string {
  const t = rejectTexts.use();
  return (route) => {
    const [kind, ...rest] = route.split('/');
    const name = rest.join('/');
    if (kind === 'leads') return t('leads');
    if (kind === 'forms') return name ? t('builder', { name }) : t('forms');
    return kind === 'calls' && name ? t('calls', { name }) : route;
  };
}

const reasons = ['invalid_input', 'no_contact', 'not_storable', 'forbidden', 'unreadable'] as const;

export function useReason(): (reason: string) => string {
  const t = rejectTexts.use();
  return (reason) => {
    const known = reasons.find((r) => r === reason);
    return known ? t(known) : reason;
  };
}
