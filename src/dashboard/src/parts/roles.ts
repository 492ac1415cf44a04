import type { Role } from '../app/session';
import { defineTexts } from '../app/texts';

const texts = defineTexts(
  {
    owner: 'Владелец', ownerAbout: 'Всё: отчёты и деньги, заявки, настройки, люди, ключи API, журнал.', marketer: 'Маркетолог', marketerAbout: 'Отчёты и деньги, заявки и клиенты, расходы и акции, выгрузка файлов. Настройки не меняет.',
    manager: 'Менеджер', managerAbout: 'Только свои заявки, клиенты, звонки и забытые: те, за которые отвечает в CRM. Отмечает спам и отправляет снова. Денег не видит.', operator: 'Оператор', operatorAbout: 'Заявки, доставка, «Не разобрано», сверка и настройки проекта. Отчётов с деньгами и людей не видит.',
  },
  {
    owner: 'Owner', ownerAbout: 'Everything: reports and money, leads, settings, people, API keys, the audit log.', marketer: 'Marketer', marketerAbout: 'Reports and money, leads and clients, spend and promotions, files. Changes no settings.',
    manager: 'Manager', managerAbout: 'Only their own leads, clients, calls and the forgotten: those they answer for in the CRM. Marks spam, sends again. Sees no money.', operator: 'Operator', operatorAbout: 'Leads, delivery, what could not be read, reconciliation and the project’s settings. Sees no reports with money and no people.',
  },
);

export const roles: readonly Role[] = ['owner', 'marketer', 'manager', 'operator'];

export function useRoleName(): (role: Role) => string {
  const t = texts.use();
  return (role) => t(role);
}

/** What a role may do, in a sentence or two. */
export function useRoleAbout(): (role: Role) => string {
  const t = texts.use();
  return (role) => t(`${role}About`);
}
