import type { Role } from '../../../app/session';
import { defineTexts } from '../../../app/texts';

export const roles = ['owner', 'marketer', 'manager', 'operator'] as const satisfies readonly Role[];

export const roleTexts = defineTexts(
  {
    owner: 'Владелец', ownerAbout: 'Всё: отчёты и деньги, заявки, настройки, люди, ключи API, журнал.', marketer: 'Маркетолог', marketerAbout: 'Отчёты и деньги, заявки и клиенты, расходы и акции, выгрузка файлов. Настройки не меняет.',
    manager: 'Менеджер', managerAbout: 'Заявки и клиенты — свои, если указан пользователь CRM. Отметить спам, отправить снова, забытые клиенты. Денег не видит.', operator: 'Оператор', operatorAbout: 'Заявки, доставка, «Не разобрано», сверка и настройки проекта. Отчётов с деньгами и людей не видит.',
  },
  {
    owner: 'Owner', ownerAbout: 'Everything: reports and money, leads, settings, people, API keys, the audit log.', marketer: 'Marketer', marketerAbout: 'Reports and money, leads and clients, spend and promotions, files. Changes no settings.',
    manager: 'Manager', managerAbout: 'Leads and clients: their own, if a user of the CRM is set. Marks spam, sends again, sees forgotten clients. Sees no money.', operator: 'Operator', operatorAbout: 'Leads, delivery, what could not be read, reconciliation and the project’s settings. Sees no reports with money and no people.',
  },
);
