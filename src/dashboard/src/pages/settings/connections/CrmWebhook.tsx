import { Alert, Button, Card, Flex, Form, Input, Popconfirm, Tag, Typography } from 'antd';
import { useEffect } from 'react';
import { api, queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Copyable } from '../../../parts/Copyable';
import { Said } from '../../../parts/Said';
import { Answer } from '../../../parts/States';

const texts = defineTexts(
  {
    title: 'Вебхуки CRM', about: 'С ними изменения в CRM видны за секунды. Без них сервис спрашивает сам раз в 10 минут.', none: 'не включены', waiting: 'ждём первого', on: 'работают', disabled: 'CRM их отключила', manual: 'включает человек', refused: 'CRM не разрешила', failed: 'сейчас не вышло',
    turnOn: 'Включить', again: 'Проверить и включить заново', last: 'Последний вебхук: {{at}}', never: 'Ещё ни одного', address: 'Адрес для вебхуков', token: 'Токен исходящего вебхука', save: 'Сохранить токен', saved: 'Готово', newAddress: 'Новый адрес', sure: 'Сменить адрес?', sureWhy: 'Старый адрес перестанет работать сразу; впишите новый в CRM.', keep: 'Отмена',
    manual1: 'На портале: «Разработчикам» → «Другое» → «Исходящий вебхук».', manual2: 'Вставьте адрес и отметьте события контактов, компаний, сделок и лидов.', manual3: 'Сохраните и впишите сюда токен, который покажет портал.',
  },
  {
    title: 'Webhooks of the CRM', about: 'With them changes in the CRM are seen within seconds. Without them the service asks every 10 minutes.', none: 'not on', waiting: 'waiting for the first', on: 'working', disabled: 'switched off by the CRM', manual: 'set up by a person', refused: 'not allowed by the CRM', failed: 'did not work now',
    turnOn: 'Switch on', again: 'Check and switch on anew', last: 'Last webhook: {{at}}', never: 'None yet', address: 'Address for webhooks', token: 'Token of the outbound webhook', save: 'Save the token', saved: 'Done', newAddress: 'New address', sure: 'Change the address?', sureWhy: 'The old address stops working at once; enter the new one in the CRM.', keep: 'Cancel',
    manual1: 'On the portal: “Developer resources” → “Other” → “Outbound webhook”.', manual2: 'Paste the address and tick events of contacts, companies, deals and leads.', manual3: 'Save it and enter here the token that the portal shows.',
  },
);

const colors: Readonly<Record<string, string>> = { on: 'green', waiting: 'blue', none: 'default', manual: 'gold', disabled: 'red', refused: 'red', failed: 'red' };

export function CrmWebhook({ of }: { of: Schemas['ConnectionAnswer'] }) {
  const t = texts.use();
  const f = useFormats();
  const [form] = Form.useForm<{ applicationToken: string }>();
  const [act, isBusy] = useChange();
  const path = { params: { path: { id: of.id } } };
  const query = queries.useQuery('get', '/v1/connections/{id}/webhook', path);
  const send = (body: Schemas['SetUpCrmWebhookRequest']) => act(api.POST('/v1/connections/{id}/webhook', { ...path, body }), { done: t('saved'), touches: ['/v1/connections/{id}/webhook'], form });
  const isWaiting = query.data?.state === 'waiting';
  const { refetch } = query;
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => void refetch(), 5_000);
    return () => clearInterval(timer);
  }, [isWaiting, refetch]);

  return (
    <Card size="small" title={t('title')}>
      <Answer of={query} rows={3}>
        {(hook) => (
          <div className="stack" style={{ gap: 12 }}>
            <Typography.Text type="secondary">{t('about')}</Typography.Text>
            <div>
              <Tag color={colors[hook.state] ?? 'default'}>{t(hook.state as 'on')}</Tag>
              {hook.state !== 'none' && (hook.lastSeenAt ? t('last', { at: f.moment(hook.lastSeenAt) }) : t('never'))}
            </div>
            {hook.why && hook.state !== 'on' && <Alert type={hook.state === 'waiting' || hook.state === 'manual' ? 'info' : 'warning'} showIcon title={<Said of={hook.why} />} />}
            {hook.state === 'manual' && (
              <>
                <ol style={{ margin: 0, paddingInlineStart: 20 }}>
                  {(['manual1', 'manual2', 'manual3'] as const).map((s) => (
                    <li key={s}>{t(s)}</li>
                  ))}
                </ol>
                {hook.address && <Copyable text={hook.address} label={t('address')} isSecret />}
                <Form form={form} layout="vertical" onFinish={({ applicationToken }) => void send({ applicationToken: applicationToken.trim(), newSecret: false })}>
                  <Form.Item name="applicationToken" label={t('token')} rules={[{ required: true, whitespace: true }]} style={{ marginBottom: 8 }}>
                    <Input.Password autoComplete="off" />
                  </Form.Item>
                  <Button htmlType="submit" loading={isBusy}>
                    {t('save')}
                  </Button>
                </Form>
              </>
            )}
            <Flex wrap gap={8}>
              <Button type={hook.state === 'none' ? 'primary' : 'default'} loading={isBusy} onClick={() => void send({ newSecret: false })}>
                {t(hook.state === 'none' ? 'turnOn' : 'again')}
              </Button>
              {hook.state !== 'none' && (
                <Popconfirm title={t('sure')} description={<div style={{ maxWidth: 300 }}>{t('sureWhy')}</div>} okText={t('newAddress')} cancelText={t('keep')} onConfirm={() => send({ newSecret: true })}>
                  <Button>{t('newAddress')}</Button>
                </Popconfirm>
              )}
            </Flex>
          </div>
        )}
      </Answer>
    </Card>
  );
}
