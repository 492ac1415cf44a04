import type { Role } from '../app/session';
import { defineTexts } from '../app/texts';

const texts = defineTexts(
  {
    owner: 'Владелец', marketer: 'Маркетолог', manager: 'Менеджер', operator: 'Оператор',
    ownerMay: 'Видит и меняет всё: отчёты, заявки, настройки, людей.', marketerMay: 'Отчёты, расходы, разметка, заявки; телефоны и почта скрыты, если не разрешить.', managerMay: 'Только свои заявки, клиенты и звонки, и свой список забытых.',
    operatorMay: 'Подключения, доставка, сайты, номера; без денег и людей.',
  },
  {
    owner: 'Owner', marketer: 'Marketer', manager: 'Manager', operator: 'Operator',
    ownerMay: 'Sees and changes everything: reports, leads, settings, people.', marketerMay: 'Reports, spend, tags, leads; phones and e-mails are masked unless allowed.', managerMay: 'Only their own leads, clients and calls, and their own list of the forgotten.',
    operatorMay: 'Connections, delivery, sites, numbers; no money, no people.',
  },
);

export const roles: readonly Role[] = ['owner', 'marketer', 'manager', 'operator'];

export function useRoleName(): (role: Role) => string {
  const t = texts.use();
  return (role) => t(role);
}

/** What the role may do, in a sentence. */
export function useRoleRights(): (role: Role) => string {
  const t = texts.use();
  return (role) => t(`${role}May`);
}
