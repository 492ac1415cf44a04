import { Button, Card, Form, Input } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Copyable } from '../../../parts/Copyable';
import { useCrmName } from '../../../parts/crm';
import { Back } from '../Back';
import { Explained } from '../Explained';
import { Login } from './Login';
import { steps, stepTexts, ways, type Crm, type Way } from './ways';

const texts = defineTexts(
  {
    title: 'Подключить CRM', back: 'Все подключения', which: 'Какая CRM', how: 'Как войти', steps: 'Что сделать', name: 'Название подключения', nameHint: 'Для людей: «Отдел продаж».', address: 'Адрес аккаунта', webhook: 'Адрес вебхука', token: 'Токен', clientId: 'id интеграции', clientSecret: 'Секретный ключ',
    host: 'Адрес портала', hostHint: 'Если ключи приложения уже есть: тогда достаточно открыть ссылку входа.', appId: 'client_id приложения', appSecret: 'client_secret приложения', optional: 'необязательно', connect: 'Подключить', begin: 'Начать', made: 'CRM подключена. Клиенты и сделки уже читаются.',
  },
  {
    title: 'Connect a CRM', back: 'All connections', which: 'Which CRM', how: 'How to log in', steps: 'What to do', name: 'Name of the connection', nameHint: 'For people: “Sales”.', address: 'Address of the account', webhook: 'Address of the webhook', token: 'Token', clientId: 'Integration id', clientSecret: 'Secret key',
    host: 'Address of the portal', hostHint: 'If you have the application’s keys already: then opening the login link is enough.', appId: 'client_id of the application', appSecret: 'client_secret of the application', optional: 'optional', connect: 'Connect', begin: 'Begin', made: 'The CRM is connected. Its clients and deals are being read.',
  },
);

interface Values {
  name: string;
  baseAddress?: string;
  token?: string;
  clientId?: string;
  clientSecret?: string;
  host?: string;
}

/** From nothing to a connection that works: which CRM, which way, what to do there, what to enter here. */
export function Connect({ onBack, onMade }: { onBack: () => void; onMade: (id: string) => void }) {
  const t = texts.use();
  const step = stepTexts.use();
  const crmName = useCrmName();
  const [crm, setCrm] = useState<Crm>('amocrm');
  const [way, setWay] = useState<Way>('oauth');
  const [login, setLogin] = useState<Schemas['AuthorizeConnectionResponse']>();
  const [form] = Form.useForm<Values>();
  const [act, isBusy] = useChange();
  const isLogin = way === 'oauth' || way === 'app';

  const send = async (v: Values): Promise<void> => {
    const texted = (x: string | undefined) => x?.trim() || undefined;
    if (isLogin) {
      const body = { crm, name: v.name, clientId: texted(v.clientId), clientSecret: texted(v.clientSecret), host: texted(v.host)?.replace(/^https?:\/\//i, '').replace(/\/.*$/, '') };
      const begun = await act(api.POST('/v1/connections/authorize', { body: defined(body) }), { form });
      if (begun?.data) setLogin(begun.data);
      return;
    }
    const body = { crm, name: v.name, baseAddress: addressOf(v.baseAddress), token: texted(v.token) };
    const made = await act(api.POST('/v1/connections', { body: defined(body) }), { done: t('made'), touches: ['/v1/connections'], form });
    if (made?.data) onMade(made.data.id);
  };

  return (
    <div className="stack">
      <Back title={t('title')} to={t('back')} onBack={onBack} />
      <div className="two-columns">
        <Card size="small" title={t('which')}>
          <Explained
            label={t('which')}
            value={crm}
            onChange={(v) => {
              setCrm(v as Crm);
              setWay(ways[v as Crm][0]);
              setLogin(undefined);
            }}
            choices={(['amocrm', 'bitrix24'] as const).map((value) => ({ value, name: value === 'amocrm' ? `${crmName(value)} / Kommo` : crmName(value) }))}
          />
        </Card>
        <Card size="small" title={t('how')}>
          <Explained
            label={t('how')}
            value={way}
            onChange={(v) => {
              setWay(v as Way);
              setLogin(undefined);
            }}
            choices={ways[crm].map((value) => ({ value, name: step(value), about: step(`${value}About`) }))}
          />
        </Card>
        <Card size="small" title={t('steps')}>
          <ol style={{ margin: 0, paddingInlineStart: 20, display: 'grid', gap: 10 }}>
            {steps[way].map((s) => (
              <li key={s}>
                {step(s)}
                {s === 'oauth2' && <Copyable text={`${location.origin}/v1/crm/oauth/amocrm`} label={step('oauth2')} />}
                {s === 'oauth3' && <Copyable text={`${location.origin}/v1/crm/oauth/amocrm/off`} label={step('oauth3')} />}
              </li>
            ))}
          </ol>
        </Card>
        <Card size="small" title={crmName(crm)}>
          {login ? (
            <Login of={login} crm={crm} onMade={onMade} onAgain={() => setLogin(undefined)} />
          ) : (
            <Form<Values> key={way} form={form} layout="vertical" onFinish={(v) => void send(v)} preserve={false}>
              <Form.Item name="name" label={t('name')} extra={t('nameHint')} rules={[{ required: true, whitespace: true, max: 200 }]}>
                <Input />
              </Form.Item>
              {!isLogin && (
                <Form.Item name="baseAddress" label={t(way === 'token' ? 'address' : 'webhook')} rules={[{ required: true, whitespace: true }]}>
                  <Input inputMode="url" autoComplete="off" placeholder={way === 'token' ? 'https://acme.amocrm.ru' : 'https://acme.bitrix24.ru/rest/1/…/'} />
                </Form.Item>
              )}
              {way === 'token' && (
                <Form.Item name="token" label={t('token')} rules={[{ required: true, whitespace: true }]}>
                  <Input.Password autoComplete="off" />
                </Form.Item>
              )}
              {way === 'app' && (
                <Form.Item name="host" label={`${t('host')} (${t('optional')})`} extra={t('hostHint')}>
                  <Input inputMode="url" placeholder="acme.bitrix24.ru" />
                </Form.Item>
              )}
              {isLogin && (
                <>
                  <Form.Item name="clientId" label={`${t(way === 'app' ? 'appId' : 'clientId')} (${t('optional')})`}>
                    <Input autoComplete="off" />
                  </Form.Item>
                  <Form.Item name="clientSecret" label={`${t(way === 'app' ? 'appSecret' : 'clientSecret')} (${t('optional')})`}>
                    <Input.Password autoComplete="off" />
                  </Form.Item>
                </>
              )}
              <Button type="primary" htmlType="submit" loading={isBusy}>
                {t(isLogin ? 'begin' : 'connect')}
              </Button>
            </Form>
          )}
        </Card>
      </div>
    </div>
  );
}

const addressOf = (text: string | undefined): string => {
  const trimmed = text?.trim() ?? '';
  return /^https?:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
};

/** The service takes an absent value for its default, a null for a fault. */
type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
export const defined = <T extends object>(body: T): Defined<T> => Object.fromEntries(Object.entries(body).filter((e) => e[1] !== undefined)) as Defined<T>;
