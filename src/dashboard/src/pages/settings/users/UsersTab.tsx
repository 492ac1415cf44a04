import { PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Tag, Typography } from 'antd';
import { useState } from 'react';
import { queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { useSession } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';
import { useRoleName } from '../../../parts/roles';
import { EditUser } from './EditUser';
import { InviteUser } from './InviteUser';

const texts = defineTexts(
  {
    about: 'Кто видит этот проект и что ему можно.', invite: 'Пригласить', name: 'Имя', email: 'Почта', role: 'Роль', contacts: 'Контакты', sees: 'видит', hidden: 'закрыты', crm: 'В CRM', state: 'Состояние', invited: 'приглашён', active: 'активен', disabled: 'отключён', seen: 'Последний раз', totp: 'Двухфакторный вход', yes: 'включён', no: 'нет', you: 'это вы',
    empty: 'Здесь будут люди проекта. Пригласите коллегу: он получит ссылку.',
  },
  {
    about: 'Who sees this project, and what they may do.', invite: 'Invite', name: 'Name', email: 'E-mail', role: 'Role', contacts: 'Contacts', sees: 'seen', hidden: 'hidden', crm: 'In the CRM', state: 'State', invited: 'invited', active: 'active', disabled: 'disabled', seen: 'Last seen', totp: 'Two-factor', yes: 'on', no: 'no', you: 'you',
    empty: 'People of the project will stand here. Invite a colleague: they get a link.',
  },
);

type User = Schemas['UserAnswer'];
const colors = { invited: 'blue', active: 'green', disabled: 'default' } as const;

export default function UsersTab() {
  const t = texts.use();
  const role = useRoleName();
  const f = useFormats();
  const session = useSession();
  const list = usePaged<User>('/v1/users');
  const people = queries.useQuery('get', '/v1/users/crm');
  const [isInviting, setInviting] = useState(false);
  const [edited, edit] = useState<string>();
  const crmNames = (u: User): string => u.crmUsers.map((r) => people.data?.items.find((p) => p.connectionId === r.connectionId && p.userId === r.userId)?.name ?? r.userId).join(', ') || f.none;
  const opened = list.items.find((u) => u.id === edited);
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary">{t('about')}</Typography.Text>
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setInviting(true)}>
          {t('invite')}
        </Button>
      </Flex>
      <PagedTable
        list={list}
        empty={t('empty')}
        onOpen={(u) => edit(u.id)}
        columns={[
          {
            title: t('name'),
            render: (_, u) => (
              <>
                {u.name} {u.id === session?.user?.id && <Tag>{t('you')}</Tag>}
              </>
            ),
          },
          { title: t('email'), dataIndex: 'email' },
          { title: t('role'), render: (_, u) => role(u.role as 'owner') },
          { title: t('contacts'), render: (_, u) => t(u.seesContacts ? 'sees' : 'hidden') },
          { title: t('crm'), render: (_, u) => crmNames(u) },
          { title: t('state'), render: (_, u) => <Tag color={colors[u.state as 'active']}>{t(u.state as 'active')}</Tag> },
          { title: t('totp'), render: (_, u) => t(u.hasTotp ? 'yes' : 'no') },
          { title: t('seen'), render: (_, u) => (u.lastSeenAt ? f.ago(u.lastSeenAt) : f.none) },
        ]}
      />
      {isInviting && <InviteUser onClose={() => setInviting(false)} />}
      {opened && <EditUser key={opened.id} of={opened} onClose={() => edit(undefined)} />}
    </div>
  );
}
