import { Alert, Button, Descriptions, Drawer, Flex, Form, Popconfirm } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { useSession } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { ShownOnce } from '../../../parts/Copyable';
import { crmUsersOf, UserFields, type RightsValues } from './UserFields';

const texts = defineTexts(
  {
    save: 'Сохранить', saved: 'Сохранено', disable: 'Отключить', enable: 'Включить', disableSure: 'Отключить человека?', disableWhy: 'Он не сможет войти в проект, пока его не включат снова. Сеансы закончатся сразу.', remove: 'Убрать из проекта', removeSure: 'Убрать из проекта?', removeWhy: 'Человек потеряет доступ. В журнале останется, что он делал.', keep: 'Отмена',
    removed: 'Человек убран из проекта', renew: 'Новое приглашение', renewWhy: 'Прежняя ссылка перестанет действовать.', mailed: 'Письмо отправлено', link: 'Ссылка-приглашение', pass: 'Передайте её человеку лично: она действует один раз.', email: 'Почта', created: 'Добавлен', seen: 'Последний раз', self: 'Себя нельзя отключить или лишить роли: попросите другого владельца.',
  },
  {
    save: 'Save', saved: 'Saved', disable: 'Disable', enable: 'Enable', disableSure: 'Disable this person?', disableWhy: 'They cannot come into the project until enabled again. Their sessions end at once.', remove: 'Remove from the project', removeSure: 'Remove from the project?', removeWhy: 'The person loses access. The audit log keeps what they did.', keep: 'Cancel',
    removed: 'The person is removed from the project', renew: 'New invitation', renewWhy: 'The former link stops working.', mailed: 'The letter is sent', link: 'Invitation link', pass: 'Pass it to the person yourself: it works once.', email: 'E-mail', created: 'Added', seen: 'Last seen', self: 'You cannot disable yourself or give your role up: ask another owner.',
  },
);

export function EditUser({ of, onClose }: { of: Schemas['UserAnswer']; onClose: () => void }) {
  const t = texts.use();
  const f = useFormats();
  const session = useSession();
  const [form] = Form.useForm<RightsValues>();
  const [act, isBusy] = useChange();
  const [link, setLink] = useState<string>();
  const isSelf = session?.user?.id === of.id;
  const at = { params: { path: { id: of.id } } };
  const touches = ['/v1/users'];
  const send = async ({ crm, ...rest }: RightsValues): Promise<void> => {
    const body = { ...rest, crmUsers: rest.role === 'manager' ? crmUsersOf(crm) : [] };
    if (await act(api.PATCH('/v1/users/{id}', { ...at, body }), { done: t('saved'), touches, form })) onClose();
  };
  const renew = async (): Promise<void> => {
    const renewed = await act(api.POST('/v1/users/{id}/invitation', at), { touches, ...(session?.canMail ? { done: t('mailed') } : {}) });
    if (renewed?.data?.link) setLink(renewed.data.link);
  };
  const remove = async (): Promise<void> => {
    if (await act(api.DELETE('/v1/users/{id}', at), { done: t('removed'), touches })) onClose();
  };
  const confirm = (title: string, why: string, ok: string, run: () => Promise<unknown>, button: string) => (
    <Popconfirm title={title} description={<div style={{ maxWidth: 280 }}>{why}</div>} okText={ok} cancelText={t('keep')} okButtonProps={{ danger: true }} onConfirm={run}>
      <Button danger disabled={isSelf}>
        {button}
      </Button>
    </Popconfirm>
  );
  return (
    <Drawer
      open
      size={480}
      title={of.name}
      onClose={onClose}
      footer={
        <Flex wrap gap={8} justify="space-between">
          <Button type="primary" loading={isBusy} disabled={isSelf} onClick={() => form.submit()}>
            {t('save')}
          </Button>
          <Flex wrap gap={8}>
            {of.state === 'disabled' ? (
              <Button onClick={() => void act(api.PATCH('/v1/users/{id}', { ...at, body: { disabled: false } }), { done: t('saved'), touches })}>{t('enable')}</Button>
            ) : (
              confirm(t('disableSure'), t('disableWhy'), t('disable'), () => act(api.PATCH('/v1/users/{id}', { ...at, body: { disabled: true } }), { done: t('saved'), touches }), t('disable'))
            )}
            {confirm(t('removeSure'), t('removeWhy'), t('remove'), remove, t('remove'))}
          </Flex>
        </Flex>
      }
    >
      <div className="stack">
        {isSelf && <Alert type="info" showIcon title={t('self')} />}
        <Descriptions
          size="small"
          column={1}
          items={[
            { key: 'email', label: t('email'), children: of.email },
            { key: 'created', label: t('created'), children: f.moment(of.createdAt) },
            { key: 'seen', label: t('seen'), children: f.moment(of.lastSeenAt) },
          ]}
        />
        {of.state === 'invited' &&
          (link ? (
            <ShownOnce text={link} label={t('link')}>
              {t('pass')}
            </ShownOnce>
          ) : (
            <Alert
              type="info"
              title={t('renewWhy')}
              action={
                <Button size="small" loading={isBusy} onClick={() => void renew()}>
                  {t('renew')}
                </Button>
              }
            />
          ))}
        <Form<RightsValues>
          form={form}
          layout="vertical"
          disabled={isSelf}
          onFinish={(v) => void send(v)}
          initialValues={{ role: of.role, seesContacts: of.seesContacts, crm: of.crmUsers.map((c) => `${c.connectionId}/${c.userId}`) }}
        >
          <UserFields />
        </Form>
      </div>
    </Drawer>
  );
}
