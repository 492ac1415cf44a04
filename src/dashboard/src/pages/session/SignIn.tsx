import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { api, kindOf, type Problem } from '../../api/client';
import { useSession } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { wordsOf } from '../../parts/States';
import { Door } from './Door';
import { useEntering } from './entering';

const texts = defineTexts(
  {
    title: 'Вход', email: 'Почта', password: 'Пароль', code: 'Код из приложения или запасной', enter: 'Войти', forgot: 'Забыли пароль?', wrong: 'Почта или пароль не подошли.', wrongCode: 'Код не подошёл или уже использован.',
    needCode: 'Введите код из приложения для второго шага.', sent: 'Если такая почта есть, письмо со ссылкой уже идёт. Ссылка живёт 30 минут.', noMail: 'Почта на этом сервере не настроена. Попросите оператора: команда user-reset выдаст ссылку.', typeEmail: 'Сначала введите почту.',
    demo: 'Это демо: почта и пароль напечатаны командой make run.',
  },
  {
    title: 'Sign in', email: 'E-mail', password: 'Password', code: 'Code from the app, or a recovery code', enter: 'Sign in', forgot: 'Forgot the password?', wrong: 'E-mail or password did not match.', wrongCode: 'The code did not match or was used already.',
    needCode: 'Type the code of your second factor.', sent: 'If there is such an address, a letter with a link is on its way. The link lives for 30 minutes.', noMail: 'This server sends no mail. Ask the operator: the command user-reset gives a link.', typeEmail: 'Type the e-mail first.',
    demo: 'This is a demo: make run has printed the e-mail and the password.',
  },
);

interface Values {
  email: string;
  password: string;
  code?: string;
}

export default function SignIn() {
  const t = texts.use();
  const session = useSession();
  const enter = useEntering();
  const [form] = Form.useForm<Values>();
  const [told, setTold] = useState<{ type: 'error' | 'info'; text: string }>();
  const [needsCode, setNeedsCode] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const send = async (values: Values): Promise<void> => {
    setBusy(true);
    const { data, error } = await api.POST('/v1/session', { body: values });
    setBusy(false);
    if (data) return enter(data);
    const problem = error as unknown as Problem;
    if (kindOf(problem) === 'code-needed') {
      setTold(needsCode ? { type: 'error', text: t('wrongCode') } : { type: 'info', text: t('needCode') });
      return setNeedsCode(true);
    }
    setTold({ type: 'error', text: problem.status === 401 ? t('wrong') : wordsOf(problem) });
  };

  const forget = async (): Promise<void> => {
    const email = form.getFieldValue('email') as string | undefined;
    if (!session?.canMail) return setTold({ type: 'info', text: t('noMail') });
    if (!email) return setTold({ type: 'info', text: t('typeEmail') });
    const { error } = await api.POST('/v1/password/forgot', { body: { email } });
    setTold(error ? { type: 'error', text: wordsOf(error as unknown as Problem) } : { type: 'info', text: t('sent') });
  };

  return (
    <Door title={t('title')}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v: Values) => void send(v)}>
        {session?.isDemo && <Alert type="info" title={t('demo')} style={{ marginBottom: 16 }} />}
        <Form.Item name="email" label={t('email')} rules={[{ required: true }]}>
          <Input type="email" autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t('password')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {needsCode && (
          <Form.Item name="code" label={t('code')} rules={[{ required: true }]}>
            <Input autoComplete="one-time-code" autoFocus />
          </Form.Item>
        )}
        {told && <Alert type={told.type} title={told.text} style={{ marginBottom: 16 }} role="alert" />}
        <Button type="primary" htmlType="submit" block loading={isBusy}>
          {t('enter')}
        </Button>
        <Button type="link" block onClick={() => void forget()}>
          {t('forgot')}
        </Button>
      </Form>
    </Door>
  );
}
