import { PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Select, Tag, Typography } from 'antd';
import { queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';
import { useAddress } from '../../../parts/range';
import { useOpened } from '../../../parts/RoomTabs';
import { useSaid } from '../../../parts/Said';
import { AddSender } from './AddSender';
import { SenderPage } from './SenderPage';

const texts = defineTexts(
  {
    about: 'Кто приносит заявки и звонки, кроме вашего сайта: конструкторы форм, лид-формы, коллтрекинг, АТС.', add: 'Подключить отправителя', name: 'Название', provider: 'Система', kind: 'Что', form: 'заявки', call: 'звонки', all: 'Все', site: 'Сайт', seen: 'Последний раз', never: 'ещё ничего', state: 'Состояние', on: 'включён', off: 'выключен', silent: 'ждём первого',
    empty: 'Здесь будут системы, которые присылают заявки и звонки. Подключите Tilda, Calltouch или АТС: получите адрес и шаги, куда его вставить.',
  },
  {
    about: 'Who brings leads and calls beside your site: form builders, lead forms, call tracking, PBXs.', add: 'Connect a sender', name: 'Name', provider: 'System', kind: 'What', form: 'leads', call: 'calls', all: 'All', site: 'Site', seen: 'Last time', never: 'nothing yet', state: 'State', on: 'on', off: 'off', silent: 'waiting for the first',
    empty: 'Systems that send leads and calls will stand here. Connect Tilda, Calltouch or a PBX: you get an address and the steps where to put it.',
  },
);

export default function SendersTab() {
  const t = texts.use();
  const said = useSaid();
  const f = useFormats();
  const [get, set] = useAddress();
  const list = usePaged<Schemas['SenderAnswer']>('/v1/senders', { kind: get('kind') });
  const providers = queries.useQuery('get', '/v1/senders/providers', {}, { staleTime: 3_600_000 });
  const sites = queries.useQuery('get', '/v1/sites', { params: { query: { limit: 200 } } });
  const [opened, open] = useOpened('settings', 'senders');
  if (opened === 'new') return <AddSender providers={providers.data?.items ?? []} sites={sites.data?.items ?? []} onBack={() => open()} onMade={open} />;
  if (opened) return <SenderPage key={opened} id={opened} providers={providers.data?.items ?? []} onBack={() => open()} />;
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary" style={{ flex: '1 1 300px' }}>
          {t('about')}
        </Typography.Text>
        <Flex wrap gap={8}>
          <Select aria-label={t('kind')} value={get('kind')} onChange={(v) => set({ kind: v })} style={{ minWidth: 110 }} options={[{ value: '', label: t('all') }, ...(['form', 'call'] as const).map((value) => ({ value, label: t(value) }))]} />
          <Button type="primary" icon={<PlusOutlined />} onClick={() => open('new')}>
            {t('add')}
          </Button>
        </Flex>
      </Flex>
      <PagedTable
        list={list}
        empty={t('empty')}
        onOpen={(s) => open(s.id)}
        columns={[
          { title: t('name'), dataIndex: 'name' },
          { title: t('provider'), render: (_, s) => said(providers.data?.items.find((p) => p.kind === s.kind && p.provider === s.provider)?.title ?? s.provider) },
          { title: t('kind'), render: (_, s) => t(s.kind as 'form') },
          { title: t('site'), render: (_, s) => s.siteName },
          { title: t('state'), render: (_, s) => (!s.isActive ? <Tag>{t('off')}</Tag> : s.lastSeenAt ? <Tag color="green">{t('on')}</Tag> : <Tag color="blue">{t('silent')}</Tag>) },
          { title: t('seen'), render: (_, s) => (s.lastSeenAt ? f.moment(s.lastSeenAt) : t('never')) },
        ]}
      />
    </div>
  );
}
