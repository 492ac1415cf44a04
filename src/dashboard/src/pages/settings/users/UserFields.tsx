import { Form, Select, Switch } from 'antd';
import type { Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { roles, useRoleAbout, useRoleName } from '../../../parts/roles';
import { Explained } from '../Explained';
import { useCrmPeople } from './crmPeople';

const texts = defineTexts(
  {
    role: 'Роль', contacts: 'Видит телефоны и почту', contactsHint: 'Выключено: контакты клиентов закрыты звёздочками. Удобно для агентства.', crm: 'Кто это в CRM', crmHint: 'Менеджер увидит только заявки и клиентов, за которых отвечает в CRM. Если никто не выбран, не увидит ни одной заявки.', noCrm: 'Пользователи появятся, когда CRM подключена.', gone: 'id {{id}} — нет в CRM', unread: '{{names}}: CRM сейчас не ответила, показаны те, кого сервис уже видел в сделках.',
  },
  {
    role: 'Role', contacts: 'Sees phones and e-mails', contactsHint: 'Off: contacts of clients are starred out. Handy for an agency.', crm: 'Who they are in the CRM', crmHint: 'A manager sees only leads and clients that they answer for in the CRM. With nobody chosen they see no leads at all.', noCrm: 'Users appear once a CRM is connected.', gone: 'id {{id}} — not in the CRM', unread: '{{names}}: the CRM does not answer now, shown are those whom the service has seen in deals.',
  },
);

export interface RightsValues {
  role: Schemas['UserAnswer']['role'];
  seesContacts: boolean;
  /** `connectionId/userId`. */
  crm?: string[];
}

export const crmUsersOf = (crm: readonly string[] | undefined): Schemas['CrmUserRef'][] =>
  (crm ?? []).map((c) => {
    const [connectionId = '', ...rest] = c.split('/');
    return { connectionId, userId: rest.join('/') };
  });

/** What somebody may do: of an invitation and of a user. */
export function UserFields() {
  const t = texts.use();
  const [roleName, roleAbout] = [useRoleName(), useRoleAbout()];
  const role = Form.useWatch<RightsValues['role'] | undefined>('role');
  const chosen = Form.useWatch<string[] | undefined>('crm');
  const people = useCrmPeople(role === 'manager');
  const gone = people.isPending ? [] : (chosen ?? []).filter((c) => !people.all.some((o) => o.value === c));
  return (
    <>
      <Form.Item name="role" label={t('role')} rules={[{ required: true }]}>
        <Explained label={t('role')} choices={roles.map((value) => ({ value, name: roleName(value), about: roleAbout(value) }))} />
      </Form.Item>
      <Form.Item name="seesContacts" label={t('contacts')} extra={t('contactsHint')} valuePropName="checked">
        <Switch />
      </Form.Item>
      {role === 'manager' && (
        <Form.Item
          name="crm"
          label={t('crm')}
          extra={
            <>
              {t('crmHint')} {people.unread.length > 0 && t('unread', { names: people.unread.join(', ') })}
            </>
          }
        >
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: ['label', 'value'] }}
            loading={people.isPending}
            notFoundContent={t('noCrm')}
            options={[...gone.map((value) => ({ value, label: t('gone', { id: value.split('/').slice(1).join('/') }) })), ...people.all]}
          />
        </Form.Item>
      )}
    </>
  );
}
