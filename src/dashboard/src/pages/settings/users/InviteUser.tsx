import { Alert, Button, Drawer, Form, Input } from 'antd';
import { useState } from 'react';
import { api } from '../../../api/client';
import { useSession } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { ShownOnce } from '../../../parts/Copyable';
import { crmUsersOf, UserFields, type RightsValues } from './UserFields';

const texts = defineTexts(
  {
    title: 'Пригласить', email: 'Почта', name: 'Имя', send: 'Пригласить', noMail: 'Почта в сервисе не настроена: ссылку нужно будет передать самому.', mailed: 'Письмо с приглашением отправлено на {{email}}.', link: 'Ссылка-приглашение', pass: 'Передайте её человеку лично: по ней задают пароль. Она действует один раз.', close: 'Готово',
  },
  {
    title: 'Invite', email: 'E-mail', name: 'Name', send: 'Invite', noMail: 'Mail is not set up in the service: you will pass the link on yourself.', mailed: 'A letter with the invitation went to {{email}}.', link: 'Invitation link', pass: 'Pass it to the person yourself: the password is set by it. It works once.', close: 'Done',
  },
);

interface Values extends RightsValues {
  email: string;
  name: string;
}

export function InviteUser({ onClose }: { onClose: () => void }) {
  const t = texts.use();
  const session = useSession();
  const [form] = Form.useForm<Values>();
  const [act, isBusy] = useChange();
  const [made, setMade] = useState<{ email: string; link: string | null }>();
  const send = async ({ crm, ...rest }: Values): Promise<void> => {
    const body = { ...rest, email: rest.email.trim(), crmUsers: rest.role === 'manager' ? crmUsersOf(crm) : [] };
    const invited = await act(api.POST('/v1/users', { body }), { touches: ['/v1/users'], form });
    if (invited?.data) setMade({ email: invited.data.user.email, link: invited.data.link ?? null });
  };
  return (
    <Drawer
      open
      size={480}
      title={t('title')}
      onClose={onClose}
      footer={
        <Button type="primary" loading={isBusy} onClick={() => (made ? onClose() : form.submit())}>
          {t(made ? 'close' : 'send')}
        </Button>
      }
    >
      {made ? (
        made.link ? (
          <ShownOnce text={made.link} label={t('link')}>
            {t('pass')}
          </ShownOnce>
        ) : (
          <Alert type="success" showIcon title={t('mailed', { email: made.email })} />
        )
      ) : (
        <Form<Values> form={form} layout="vertical" onFinish={(v) => void send(v)} initialValues={{ role: 'marketer', seesContacts: true }}>
          {!session?.canMail && <Alert type="info" showIcon title={t('noMail')} style={{ marginBottom: 16 }} />}
          <Form.Item name="email" label={t('email')} rules={[{ required: true, type: 'email' }]}>
            <Input type="email" autoComplete="off" />
          </Form.Item>
          <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, max: 200 }]}>
            <Input autoComplete="off" />
          </Form.Item>
          <UserFields />
        </Form>
      )}
    </Drawer>
  );
}
