import { PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Form, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { useOpenProject } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';
import { useOpened } from '../../../parts/RoomTabs';
import { SitePage } from './SitePage';

const texts = defineTexts(
  {
    about: 'Сайт — это страницы, с которых приходят визиты и заявки. Вставьте его код, и заявки начнут собираться.', add: 'Добавить сайт', name: 'Название', origins: 'С каких адресов', any: 'с любых', created: 'Создан', key: 'Ключ',
    empty: 'Здесь будут сайты проекта. Добавьте первый: получите строку кода для его страниц и адрес для форм.', address: 'Адрес сайта', addressHint: 'Например https://okna.example. Можно оставить пустым: тогда заявки принимаются с любых страниц.',
    nameHint: 'Для людей: как вы его зовёте.', create: 'Добавить', playground: 'Попробовать на готовой странице',
  },
  {
    about: 'A site is the pages that visits and leads come from. Put its code there, and leads begin to come in.', add: 'Add a site', name: 'Name', origins: 'From which addresses', any: 'any', created: 'Made', key: 'Key',
    empty: 'The sites of the project will stand here. Add the first one: you get a line of code for its pages and an address for its forms.', address: 'The site’s address', addressHint: 'For example https://okna.example. May be left empty: then leads are taken from any page.',
    nameHint: 'For people: what you call it.', create: 'Add', playground: 'Try it on a ready page',
  },
);

export default function SitesTab() {
  const t = texts.use();
  const f = useFormats();
  const project = useOpenProject();
  const list = usePaged<Schemas['SiteAnswer']>('/v1/sites');
  const [opened, open] = useOpened('settings', 'sites');
  const [isAdding, setAdding] = useState(false);
  if (opened) return <SitePage id={opened} onBack={() => open()} />;
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary">{t('about')}</Typography.Text>
        <Flex wrap gap={8}>
          {project.isDemo && (
            <Button href="/playground/" target="_blank" rel="noopener">
              {t('playground')}
            </Button>
          )}
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t('add')}
          </Button>
        </Flex>
      </Flex>
      <PagedTable
        list={list}
        empty={t('empty')}
        onOpen={(site) => open(site.id)}
        columns={[
          { title: t('name'), dataIndex: 'name' },
          { title: t('origins'), render: (_, site) => (site.allowedOrigins.length > 0 ? site.allowedOrigins.join(', ') : t('any')) },
          { title: t('key'), render: (_, site) => <code>{site.siteKey}</code> },
          { title: t('created'), render: (_, site) => f.moment(site.createdAt) },
        ]}
      />
      {isAdding && (
        <AddSite
          onClose={(id) => {
            setAdding(false);
            if (id) open(id);
          }}
        />
      )}
    </div>
  );
}

function AddSite({ onClose }: { onClose: (id?: string) => void }) {
  const t = texts.use();
  const [form] = Form.useForm<{ name: string; origin?: string }>();
  const [act, isBusy] = useChange();
  const send = async ({ name, origin }: { name: string; origin?: string }): Promise<void> => {
    const body = { name, allowedOrigins: originsOf(origin) };
    const made = await act(api.POST('/v1/sites', { body }), { touches: ['/v1/sites'], form });
    if (made?.data) onClose(made.data.id);
  };
  return (
    <Modal title={t('add')} open okText={t('create')} confirmLoading={isBusy} onOk={() => form.submit()} onCancel={() => onClose()}>
      <Form form={form} layout="vertical" onFinish={(v) => void send(v)}>
        <Form.Item name="name" label={t('name')} extra={t('nameHint')} rules={[{ required: true, whitespace: true, max: 200 }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="origin" label={t('address')} extra={t('addressHint')}>
          <Input inputMode="url" placeholder="https://" />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** People paste the address of a page; the origin of it is what counts. */
const originsOf = (text: string | undefined): string[] => {
  const trimmed = text?.trim();
  if (!trimmed) return [];
  const address = /^https?:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  return URL.canParse(address) ? [new URL(address).origin] : [trimmed];
};
