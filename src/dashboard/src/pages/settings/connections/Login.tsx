import { Alert, Button, Collapse, Flex, Form, Input, Spin, Typography } from 'antd';
import { useEffect } from 'react';
import { api, queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Copyable } from '../../../parts/Copyable';
import type { Crm } from './ways';

const texts = defineTexts(
  {
    open: 'Войти в CRM', openHint: 'Откроется соседняя вкладка. Разрешите доступ под администратором — здесь всё продолжится само.', install: 'Адрес обработчика для портала', waiting: 'Ждём разрешения…', until: 'Ссылка живёт до {{at}}', made: 'CRM подключена. Клиенты и сделки уже читаются.',
    byHand: 'Страница не открылась? Введите код вручную', byHandHint: 'В окне интеграции скопируйте код авторизации; он живёт 20 минут.', host: 'Адрес аккаунта', code: 'Код авторизации', send: 'Подключить', again: 'Начать заново',
  },
  {
    open: 'Log in to the CRM', openHint: 'Opens in another tab. Allow the access as an administrator: everything goes on here by itself.', install: 'Address of the handler for the portal', waiting: 'Waiting for the permission…', until: 'The link lives until {{at}}', made: 'The CRM is connected. Its clients and deals are being read.',
    byHand: 'The page did not open? Enter the code by hand', byHandHint: 'Copy the authorization code from the integration’s window; it lives for 20 minutes.', host: 'Address of the account', code: 'Authorization code', send: 'Connect', again: 'Begin anew',
  },
);

/** A login that was begun: where to send the administrator, and the wait for the connection that it makes. */
export function Login({ of, crm, isRenewal = false, onMade, onAgain }: { of: Schemas['AuthorizeConnectionResponse']; crm: Crm; isRenewal?: boolean; onMade: (id: string) => void; onAgain: () => void }) {
  const t = texts.use();
  const f = useFormats();
  const [form] = Form.useForm<{ host: string; code: string }>();
  const [act, isBusy] = useChange();
  // There is none until the login is finished: the refusal is the answer “not yet”.
  const query = queries.useQuery('get', '/v1/connections/{id}', { params: { path: { id: of.connectionId } } }, { refetchInterval: 3_000, staleTime: 0, retry: false });
  const isMade = query.data !== undefined && (!isRenewal || query.data.state === 'active');
  useEffect(() => {
    if (isMade) onMade(of.connectionId);
  }, [isMade, of.connectionId, onMade]);

  const exchange = async ({ host, code }: { host: string; code: string }): Promise<void> => {
    const body = { host: host.trim().replace(/^https?:\/\//i, '').replace(/\/.*$/, ''), code: code.trim() };
    if (await act(api.POST('/v1/connections/authorize/{id}/code', { params: { path: { id: of.id } }, body }), { done: t('made'), touches: ['/v1/connections'], form })) onMade(of.connectionId);
  };

  return (
    <div className="stack" style={{ gap: 12 }}>
      {of.url && (
        <>
          <Button type="primary" href={of.url} target="_blank" rel="noopener" style={{ alignSelf: 'flex-start' }}>
            {t('open')}
          </Button>
          <Typography.Text type="secondary">{t('openHint')}</Typography.Text>
        </>
      )}
      {of.installUrl && (
        <div>
          <div>{t('install')}</div>
          <Copyable text={of.installUrl} label={t('install')} isSecret />
        </div>
      )}
      <Alert
        type="info"
        title={
          <Flex gap={8} align="center">
            <Spin size="small" aria-hidden /> {t('waiting')}
          </Flex>
        }
        description={t('until', { at: f.moment(of.expiresAt) })}
      />
      {crm === 'amocrm' && (
        <Collapse
          size="small"
          items={[
            {
              key: 'code',
              label: t('byHand'),
              children: (
                <Form form={form} layout="vertical" onFinish={(v) => void exchange(v)}>
                  <Typography.Paragraph type="secondary">{t('byHandHint')}</Typography.Paragraph>
                  <Form.Item name="host" label={t('host')} rules={[{ required: true, whitespace: true }]}>
                    <Input placeholder="acme.amocrm.ru" inputMode="url" />
                  </Form.Item>
                  <Form.Item name="code" label={t('code')} rules={[{ required: true, whitespace: true }]}>
                    <Input autoComplete="off" />
                  </Form.Item>
                  <Button htmlType="submit" loading={isBusy}>
                    {t('send')}
                  </Button>
                </Form>
              ),
            },
          ]}
        />
      )}
      <Button type="link" onClick={onAgain} style={{ alignSelf: 'flex-start', paddingInline: 0 }}>
        {t('again')}
      </Button>
    </div>
  );
}
