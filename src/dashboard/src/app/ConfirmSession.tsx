import { Alert, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { api, type Problem } from '../api/client';
import { useSession } from './session';
import { defineTexts } from './texts';

const texts = defineTexts(
  { title: 'Подтвердите, что это вы', why: 'Это действие требует свежего входа.', password: 'Пароль', code: 'Код из приложения', confirm: 'Подтвердить', wrong: 'Не подошло. Проверьте пароль и код.' },
  { title: 'Confirm that it is you', why: 'This needs a fresh sign-in.', password: 'Password', code: 'Code from the app', confirm: 'Confirm', wrong: 'That did not match. Check the password and the code.' },
);

/** Asks for the password that a call needs anew. `onClose` is told whether it was given. */
export default function ConfirmSession({ onClose }: { onClose: (done: boolean) => void }) {
  const t = texts.use();
  const session = useSession();
  const [form] = Form.useForm<{ password: string; code?: string }>();
  const [wrong, setWrong] = useState<string>();

  const send = async (values: { password: string; code?: string }): Promise<void> => {
    const { error } = await api.POST('/v1/session/confirm', { body: values });
    if (!error) return onClose(true);
    const problem = error as unknown as Problem;
    setWrong(problem.status === 429 ? problem.detail : t('wrong'));
  };

  return (
    <Modal title={t('title')} open okText={t('confirm')} onOk={() => form.submit()} onCancel={() => onClose(false)}>
      <p>{t('why')}</p>
      {wrong && <Alert type="error" title={wrong} />}
      <Form form={form} layout="vertical" onFinish={(v) => void send(v)}>
        <Form.Item name="password" label={t('password')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        {session?.user?.hasTotp && (
          <Form.Item name="code" label={t('code')}>
            <Input autoComplete="one-time-code" inputMode="numeric" />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
