import { Form, Select, Switch } from 'antd';
import { queries, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { roles, useRoleAbout, useRoleName } from '../../../parts/roles';
import { Explained } from '../Explained';

const texts = defineTexts(
  {
    role: 'Роль', contacts: 'Видит телефоны и почту', contactsHint: 'Выключено: контакты клиентов закрыты звёздочками. Удобно для агентства.', crm: 'Кто это в CRM', crmHint: 'Менеджер увидит только заявки и клиентов, за которых отвечает в CRM. Если никто не выбран, не увидит ни одной заявки.', noCrm: 'Пользователи появятся, когда CRM подключена.',
  },
  {
    role: 'Role', contacts: 'Sees phones and e-mails', contactsHint: 'Off: contacts of clients are starred out. Handy for an agency.', crm: 'Who they are in the CRM', crmHint: 'A manager sees only leads and clients that they answer for in the CRM. With nobody chosen they see no leads at all.', noCrm: 'Users appear once a CRM is connected.',
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
  const people = queries.useQuery('get', '/v1/users/crm');
  return (
    <>
      <Form.Item name="role" label={t('role')} rules={[{ required: true }]}>
        <Explained label={t('role')} choices={roles.map((value) => ({ value, name: roleName(value), about: roleAbout(value) }))} />
      </Form.Item>
      <Form.Item name="seesContacts" label={t('contacts')} extra={t('contactsHint')} valuePropName="checked">
        <Switch />
      </Form.Item>
      {role === 'manager' && (
        <Form.Item name="crm" label={t('crm')} extra={t('crmHint')}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            loading={people.isPending}
            notFoundContent={t('noCrm')}
            options={(people.data?.items ?? []).map((u) => ({ value: `${u.connectionId}/${u.userId}`, label: `${u.name} · ${u.connectionName}` }))}
          />
        </Form.Item>
      )}
    </>
  );
}
