import { PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Typography } from 'antd';
import type { Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { useCrmName } from '../../../parts/crm';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';
import { ConnectionTag } from '../../delivery/connectionState';
import { useOpened } from '../../../parts/RoomTabs';
import { Connect } from './Connect';
import { ConnectionPage } from './ConnectionPage';

const texts = defineTexts(
  {
    about: 'Каждая заявка проекта идёт и в подключённые CRM, а их клиенты и сделки видны здесь.', add: 'Подключить CRM', name: 'Название', crm: 'CRM', host: 'Аккаунт', state: 'Состояние', created: 'Подключено', way: 'Вход',
    oauth: 'вход в аккаунт', token: 'долгосрочный токен', webhook: 'входящий вебхук', empty: 'Здесь будут подключённые CRM. Подключите amoCRM или Битрикс24: заявки пойдут туда, а сделки вернутся в отчёты.',
  },
  {
    about: 'Every lead of the project goes to the connected CRMs too, and their clients and deals are seen here.', add: 'Connect a CRM', name: 'Name', crm: 'CRM', host: 'Account', state: 'State', created: 'Connected', way: 'Login',
    oauth: 'login to the account', token: 'long-lived token', webhook: 'inbound webhook', empty: 'Connected CRMs will stand here. Connect amoCRM or Bitrix24: leads go there, and deals come back into the reports.',
  },
);

export default function ConnectionsTab() {
  const t = texts.use();
  const f = useFormats();
  const crm = useCrmName();
  const list = usePaged<Schemas['ConnectionAnswer']>('/v1/connections');
  const [opened, open] = useOpened('settings', 'connections');
  if (opened === 'new') return <Connect onBack={() => open()} onMade={open} />;
  if (opened) return <ConnectionPage key={opened} id={opened} onBack={() => open()} />;
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary" style={{ flex: '1 1 300px' }}>
          {t('about')}
        </Typography.Text>
        <Button type="primary" icon={<PlusOutlined />} onClick={() => open('new')}>
          {t('add')}
        </Button>
      </Flex>
      <PagedTable
        list={list}
        empty={t('empty')}
        onOpen={(c) => open(c.id)}
        columns={[
          { title: t('name'), dataIndex: 'name' },
          { title: t('crm'), render: (_, c) => crm(c.crm) },
          { title: t('host'), dataIndex: 'host' },
          {
            title: t('state'),
            render: (_, c) => (
              <>
                <ConnectionTag state={c.state} /> <Typography.Text type="secondary">{c.stateReason}</Typography.Text>
              </>
            ),
          },
          { title: t('way'), render: (_, c) => t(c.auth === 'oauth' ? 'oauth' : c.crm === 'amocrm' ? 'token' : 'webhook') },
          { title: t('created'), render: (_, c) => f.moment(c.createdAt) },
        ]}
      />
    </div>
  );
}
