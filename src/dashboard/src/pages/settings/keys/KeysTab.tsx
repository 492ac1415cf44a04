import { PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Form, Input, Modal, Popconfirm, Tag, Typography } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { useOpenProject } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { ShownOnce } from '../../../parts/Copyable';
import { DayPicker } from '../../../parts/DayPicker';
import { dayEnd, useToday, type Day } from '../../../parts/days';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';

const texts = defineTexts(
  {
    about: 'Для своих программ: полный доступ к проекту по API, как у владельца. Описание — в Swagger.', docs: 'Описание API', add: 'Новый ключ', name: 'Для чего', nameHint: 'Например «Выгрузка в таблицу»: потом видно, какой отозвать.', until: 'Действует до', untilHint: 'Пусто — бессрочно.', make: 'Создать', close: 'Готово', keyLabel: 'Ключ API', usage: 'Отправляйте в заголовке: Authorization: Bearer …',
    prefix: 'Начало', created: 'Создан', expires: 'До', used: 'Последний раз', never: 'не использовался', forever: 'бессрочно', state: 'Состояние', active: 'действует', revoked: 'отозван {{at}}', expired: 'истёк', revoke: 'Отозвать', sure: 'Отозвать ключ?', sureWhy: 'Программы с ним перестанут работать за секунды. Вернуть нельзя.', keep: 'Отмена', done: 'Ключ отозван',
    empty: 'Здесь будут ключи для ваших программ. Странице и сайтам ключ не нужен.', actions: 'Действия',
  },
  {
    about: 'For your own programs: full access to the project by the API, as an owner’s. It is described in Swagger.', docs: 'The API described', add: 'New key', name: 'What for', nameHint: 'For example “Export to a sheet”: it shows which one to revoke.', until: 'Works until', untilHint: 'Empty: for ever.', make: 'Make', close: 'Done', keyLabel: 'API key', usage: 'Send it in the header: Authorization: Bearer …',
    prefix: 'Begins with', created: 'Made', expires: 'Until', used: 'Last used', never: 'never used', forever: 'for ever', state: 'State', active: 'works', revoked: 'revoked {{at}}', expired: 'ran out', revoke: 'Revoke', sure: 'Revoke the key?', sureWhy: 'Programs that use it stop working within seconds. It cannot be undone.', keep: 'Cancel', done: 'The key is revoked',
    empty: 'Keys for your programs will stand here. This page and the sites need none.', actions: 'Actions',
  },
);

type Key = Schemas['ApiKeyAnswer'];

export default function KeysTab() {
  const t = texts.use();
  const f = useFormats();
  const list = usePaged<Key>('/v1/api-keys');
  const [act] = useChange();
  const [isAdding, setAdding] = useState(false);
  const stateOf = (k: Key) => {
    if (k.revokedAt) return <Tag>{t('revoked', { at: f.moment(k.revokedAt) })}</Tag>;
    if (k.expiresAt && new Date(k.expiresAt).getTime() < Date.now()) return <Tag>{t('expired')}</Tag>;
    return <Tag color="green">{t('active')}</Tag>;
  };
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary" style={{ flex: '1 1 300px' }}>
          {t('about')}{' '}
          <a href="/swagger" target="_blank" rel="noopener" style={{ textDecoration: 'underline' }}>
            {t('docs')}
          </a>
        </Typography.Text>
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
          {t('add')}
        </Button>
      </Flex>
      <PagedTable
        list={list}
        empty={t('empty')}
        columns={[
          { title: t('name'), dataIndex: 'name' },
          { title: t('prefix'), render: (_, k) => <code>{k.prefix}…</code> },
          { title: t('state'), render: (_, k) => stateOf(k) },
          { title: t('used'), render: (_, k) => (k.lastUsedAt ? f.ago(k.lastUsedAt) : t('never')) },
          { title: t('created'), render: (_, k) => f.moment(k.createdAt) },
          { title: t('expires'), render: (_, k) => (k.expiresAt ? f.moment(k.expiresAt) : t('forever')) },
          {
            title: <span className="visually-hidden">{t('actions')}</span>,
            render: (_, k) =>
              !k.revokedAt && (
                <Popconfirm
                  title={t('sure')}
                  description={<div style={{ maxWidth: 280 }}>{t('sureWhy')}</div>}
                  okText={t('revoke')}
                  cancelText={t('keep')}
                  okButtonProps={{ danger: true }}
                  onConfirm={() => act(api.DELETE('/v1/api-keys/{id}', { params: { path: { id: k.id } } }), { done: t('done'), touches: ['/v1/api-keys'] })}
                >
                  <Button size="small" danger aria-label={`${t('revoke')}: ${k.name}`}>
                    {t('revoke')}
                  </Button>
                </Popconfirm>
              ),
          },
        ]}
      />
      {isAdding && <AddKey onClose={() => setAdding(false)} />}
    </div>
  );
}

function AddKey({ onClose }: { onClose: () => void }) {
  const t = texts.use();
  const { timeZone } = useOpenProject();
  const today = useToday();
  const [form] = Form.useForm<{ name: string; until?: Day | null }>();
  const [act, isBusy] = useChange();
  const [key, setKey] = useState<string>();
  const send = async ({ name, until }: { name: string; until?: Day | null }): Promise<void> => {
    const made = await act(api.POST('/v1/api-keys', { body: { name, ...(until ? { expiresAt: dayEnd(until, timeZone) } : {}) } }), { touches: ['/v1/api-keys'], form });
    if (made?.data) setKey(made.data.key);
  };
  return (
    <Modal
      open
      title={t('add')}
      okText={t(key ? 'close' : 'make')}
      confirmLoading={isBusy}
      onOk={() => (key ? onClose() : form.submit())}
      onCancel={onClose}
      mask={{ closable: !key }}
      {...(key ? { cancelButtonProps: { hidden: true } } : {})}
    >
      {key ? (
        <ShownOnce text={key} label={t('keyLabel')}>
          {t('usage')}
        </ShownOnce>
      ) : (
        <Form form={form} layout="vertical" onFinish={(v) => void send(v)}>
          <Form.Item name="name" label={t('name')} extra={t('nameHint')} rules={[{ required: true, whitespace: true, max: 200 }]}>
            <Input autoFocus />
          </Form.Item>
          <Form.Item name="until" label={t('until')} extra={t('untilHint')}>
            <DayPicker isOff={(day) => day < today} />
          </Form.Item>
        </Form>
      )}
    </Modal>
  );
}
