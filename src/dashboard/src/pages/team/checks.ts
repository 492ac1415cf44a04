import { defineTexts } from '../../app/texts';

/** What is asked of the deals of a CRM, as the service names it. */
export const checks = ['noSource', 'noContact', 'noTask', 'overdueTask', 'lostWithoutReason', 'jumpedStages', 'unassigned', 'notTaken', 'madeByHand', 'duplicateContact'] as const;
export type Check = (typeof checks)[number];

const texts = defineTexts(
  {
    noSource: 'Без источника', noContact: 'Без контакта', noTask: 'Без задачи', overdueTask: 'Задача просрочена', lostWithoutReason: 'Отказ без причины', jumpedStages: 'Перескок этапа', unassigned: 'Без ответственного', notTaken: 'Не взята в работу', madeByHand: 'Заведена руками', duplicateContact: 'Двойной контакт',
    noSource_: 'Нет ни заявки, ни визита, ни известного источника клиента.', noContact_: 'Нет ни контакта, ни компании.', noTask_: 'Открытая сделка без задачи.', overdueTask_: 'Открытая сделка с просроченной задачей.', lostWithoutReason_: 'Проиграна, а причина не указана.', jumpedStages_: 'Между первым этапом и самым дальним побывала не на всех.',
    unassigned_: 'Открытая сделка без ответственного.', notTaken_: 'Дольше суток никто не двигал, не звонил и не писал.', madeByHand_: 'Заведена человеком, хотя незадолго до неё была заявка этого клиента: источник потерян или вписан вручную.', duplicateContact_: 'У клиента несколько карточек в CRM с одним телефоном или почтой.',
  },
  {
    noSource: 'No source', noContact: 'No contact', noTask: 'No task', overdueTask: 'Task overdue', lostWithoutReason: 'Lost, no reason', jumpedStages: 'Stage jumped', unassigned: 'Nobody responsible', notTaken: 'Not taken up', madeByHand: 'Made by hand', duplicateContact: 'Contact twice', noSource_: 'No lead, no visit and no known source of the client.', noContact_: 'Neither a contact nor a company.', noTask_: 'An open deal without a task.',
    overdueTask_: 'An open deal with an overdue task.', lostWithoutReason_: 'Lost, and no reason is given.', jumpedStages_: 'Between its first stage and the furthest it did not stand in all of them.', unassigned_: 'An open deal for which nobody is responsible.', notTaken_: 'For over a day nobody moved it, called or wrote.', madeByHand_: 'Made by a person although this client had sent a lead shortly before: its source is lost or was typed in.',
    duplicateContact_: 'The client has several cards in the CRM with one phone or e-mail.',
  },
);

export function useCheckWords(): (check: Check) => { short: string; long: string } {
  const t = texts.use();
  return (check) => ({ short: t(check), long: t(`${check}_`) });
}
