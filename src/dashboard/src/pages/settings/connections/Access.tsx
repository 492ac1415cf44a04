import { Button, Card, Descriptions, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { defined } from './Connect';
import { Login } from './Login';
import type { Crm } from './ways';

const texts = defineTexts(
  {
    title: 'Доступ к CRM', account: 'Аккаунт', address: 'Адрес', token: 'Токен', has: 'сохранён, обратно не показывается', hasNot: 'нет', way: 'Вход', oauth: 'вход в аккаунт, продлевается сам', fixed: 'постоянный доступ', name: 'Название', save: 'Сохранить', saved: 'Сохранено', renew: 'Новый доступ',
    renewHint: 'Того же аккаунта: сделки и контакты помнятся по их номерам там. Пустое останется прежним. Для другого аккаунта сделайте новое подключение.', newToken: 'Новый токен', newWebhook: 'Новый адрес вебхука', newAddress: 'Адрес аккаунта', login: 'Войти заново', loginHint: 'Заявки, которые ждали, уйдут первыми.',
    keys: 'Ключи приложения', keysHint: 'Если секрет сменили или приложение только что установлено.', clientId: 'client_id', clientSecret: 'client_secret', nothing: 'Введите новый токен или адрес.', lost: 'не читается: введите доступ заново',
  },
  {
    title: 'Access to the CRM', account: 'Account', address: 'Address', token: 'Token', has: 'kept, never shown again', hasNot: 'none', way: 'Login', oauth: 'login to the account, renews itself', fixed: 'fixed credentials', name: 'Name', save: 'Save', saved: 'Saved', renew: 'New credentials',
    renewHint: 'Of the same account: deals and contacts are remembered by their ids there. What is empty stays. For another account make a new connection.', newToken: 'New token', newWebhook: 'New address of the webhook', newAddress: 'Address of the account', login: 'Log in anew', loginHint: 'Leads that waited go first.',
    keys: 'Keys of the application', keysHint: 'If the secret was changed, or the application has just been installed.', clientId: 'client_id', clientSecret: 'client_secret', nothing: 'Enter a new token or address.', lost: 'cannot be read: enter the credentials anew',
  },
);

type Connection = Schemas['ConnectionAnswer'];

/** The connection's name and what it logs in with. Secrets go in and never come back. */
export function Access({ of }: { of: Connection }) {
  const t = texts.use();
  const [act, isBusy] = useChange();
  const path = { params: { path: { id: of.id } } };
  const send = (body: Schemas['UpdateConnectionRequest']) => act(api.PATCH('/v1/connections/{id}', { ...path, body }), { done: t('saved'), touches: ['/v1/connections'] });
  return (
    <div className="two-columns">
      <Card size="small" title={t('title')}>
        <Descriptions
          size="small"
          column={1}
          items={[
            { key: 'account', label: t('account'), children: of.host },
            { key: 'way', label: t('way'), children: t(of.auth === 'oauth' ? 'oauth' : 'fixed') },
            { key: 'address', label: t('address'), children: <span className="breakable">{of.address ?? t('lost')}</span> },
            ...(of.crm === 'amocrm' ? [{ key: 'token', label: t('token'), children: t(of.hasToken ? 'has' : 'hasNot') }] : []),
          ]}
        />
        <Form layout="vertical" style={{ marginTop: 12 }} initialValues={{ name: of.name }} onFinish={({ name }: { name: string }) => void send({ name })}>
          <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, max: 200 }]}>
            <Input />
          </Form.Item>
          <Button htmlType="submit" loading={isBusy}>
            {t('save')}
          </Button>
        </Form>
      </Card>
      {of.auth === 'oauth' ? <Renewal of={of} /> : <Credentials of={of} />}
    </div>
  );
}

function Credentials({ of }: { of: Connection }) {
  const t = texts.use();
  const [form] = Form.useForm<{ baseAddress?: string; token?: string }>();
  const [act, isBusy] = useChange();
  const send = async (v: { baseAddress?: string; token?: string }): Promise<void> => {
    const body = defined({ baseAddress: v.baseAddress?.trim() || undefined, token: v.token?.trim() || undefined });
    if (Object.keys(body).length === 0) return form.setFields([{ name: of.crm === 'amocrm' ? 'token' : 'baseAddress', errors: [t('nothing')] }]);
    if (await act(api.PATCH('/v1/connections/{id}', { params: { path: { id: of.id } }, body }), { done: t('saved'), touches: ['/v1/connections'], form })) form.resetFields();
  };
  return (
    <Card size="small" title={t('renew')}>
      <Form form={form} layout="vertical" onFinish={(v) => void send(v)}>
        <Typography.Paragraph type="secondary">{t('renewHint')}</Typography.Paragraph>
        <Form.Item name="baseAddress" label={t(of.crm === 'amocrm' ? 'newAddress' : 'newWebhook')}>
          <Input inputMode="url" autoComplete="off" placeholder={of.crm === 'amocrm' ? `https://${of.host}` : `https://${of.host}/rest/1/…/`} />
        </Form.Item>
        {of.crm === 'amocrm' && (
          <Form.Item name="token" label={t('newToken')}>
            <Input.Password autoComplete="off" />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t('save')}
        </Button>
      </Form>
    </Card>
  );
}

function Renewal({ of }: { of: Connection }) {
  const t = texts.use();
  const [form] = Form.useForm<{ clientId: string; clientSecret: string }>();
  const [act, isBusy] = useChange();
  const [login, setLogin] = useState<Schemas['AuthorizeConnectionResponse']>();
  const begin = async (): Promise<void> => {
    const begun = await act(api.POST('/v1/connections/authorize', { body: { crm: of.crm, connectionId: of.id, host: of.host } }));
    if (begun?.data) setLogin(begun.data);
  };
  const saveKeys = async (body: { clientId: string; clientSecret: string }): Promise<void> => {
    if (await act(api.PATCH('/v1/connections/{id}', { params: { path: { id: of.id } }, body }), { done: t('saved'), touches: ['/v1/connections'], form })) form.resetFields();
  };
  return (
    <Card size="small" title={t('renew')}>
      <div className="stack">
        {login ? (
          <Login of={login} crm={of.crm as Crm} isRenewal={of.state !== 'active'} onMade={() => setLogin(undefined)} onAgain={() => setLogin(undefined)} />
        ) : (
          <div>
            <Button type={of.state === 'needs_reauth' ? 'primary' : 'default'} loading={isBusy} onClick={() => void begin()}>
              {t('login')}
            </Button>{' '}
            <Typography.Text type="secondary">{t('loginHint')}</Typography.Text>
          </div>
        )}
        <Form form={form} layout="vertical" onFinish={(v) => void saveKeys(v)}>
          <Typography.Paragraph>
            <strong>{t('keys')}</strong> <Typography.Text type="secondary">{t('keysHint')}</Typography.Text>
          </Typography.Paragraph>
          <Form.Item name="clientId" label={t('clientId')} rules={[{ required: true, whitespace: true }]}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="clientSecret" label={t('clientSecret')} rules={[{ required: true, whitespace: true }]}>
            <Input.Password autoComplete="off" />
          </Form.Item>
          <Button htmlType="submit" loading={isBusy}>
            {t('save')}
          </Button>
        </Form>
      </div>
    </Card>
  );
}
