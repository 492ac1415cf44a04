import { defineTexts } from '../../../app/texts';

export const rejectTexts = defineTexts(
  { open: 'Не разобрано', replayed: 'Стало заявкой', discarded: 'Закрыто', leads: 'Программа (JSON)', forms: 'HTML-форма', builder: 'Конструктор: {{name}}', calls: 'Звонки: {{name}}' },
  { open: 'Not understood', replayed: 'Became a lead', discarded: 'Closed', leads: 'A program (JSON)', forms: 'HTML form', builder: 'Builder: {{name}}', calls: 'Calls: {{name}}' },
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
