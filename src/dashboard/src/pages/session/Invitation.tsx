import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, isProblem, kindOf, queries, type Problem } from '../../api/client';
import type { Role } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { useRoleName } from '../../parts/roles';
import { Answer, wordsOf } from '../../parts/States';
import { useTelling } from '../../parts/saving';
import { Door } from './Door';
import { passwordRules, useEntering, useLinkToken } from './entering';

const texts = defineTexts(
  {
    title: 'Приглашение', to: 'Вас приглашают в проект «{{project}}». Роль: {{role}}.', name: 'Ваше имя', email: 'Почта', password: 'Придумайте пароль', own: 'Ваш пароль', hint: 'От 12 знаков; лучше несколько слов.', known: 'Учётная запись с этой почтой уже есть: войдите её паролем.',
    accept: 'Принять', code: 'Код из приложения или запасной', needCode: 'Введите код из приложения для второго шага.', wrong: 'Пароль не подошёл.', wrongCode: 'Пароль или код не подошёл или уже использован.', cut: 'Адрес неполный: откройте ссылку из приглашения целиком.', over: 'Это приглашение больше не действует: его срок вышел, его отозвали или уже приняли. Попросите новое у того, кто вас звал.', enter: 'Войти',
  },
  {
    title: 'Invitation', to: 'You are invited to the project “{{project}}”. Role: {{role}}.', name: 'Your name', email: 'E-mail', password: 'Choose a password', own: 'Your password', hint: '12 characters or more; several words are best.', known: 'There is an account with this e-mail: use its password.',
    accept: 'Accept', code: 'Code from the app, or a recovery code', needCode: 'Type the code of your second factor.', wrong: 'The password did not match.', wrongCode: 'The password or the code did not match or was used already.', cut: 'This address is cut off: open the whole link of the invitation.', over: 'This invitation is no longer good: it has run out, was taken back or was accepted already. Ask whoever invited you for a new one.', enter: 'Sign in',
  },
);

interface Values {
  name?: string;
  password: string;
  code?: string;
}

export default function Invitation() {
  const t = texts.use();
  const role = useRoleName();
  const enter = useEntering();
  const tell = useTelling();
  const token = useLinkToken();
  const invitation = queries.useQuery('post', '/v1/invitations/show', { body: { token } }, { enabled: token !== '' });
  const [form] = Form.useForm<Values>();
  const [wrong, setWrong] = useState<string>();
  const [needsCode, setNeedsCode] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const send = async (values: Values): Promise<void> => {
    setBusy(true);
    const { data, error } = await api.POST('/v1/invitations/accept', { body: { token, ...values } });
    setBusy(false);
    if (data) return enter(data, '/');
    const problem = error as unknown as Problem;
    if (problem.errors) return tell(problem, form);
    if (kindOf(problem) === 'code-needed') {
      setWrong(t('needCode'));
      return setNeedsCode(true);
    }
    setWrong(problem.status === 401 ? t(needsCode ? 'wrongCode' : 'wrong') : wordsOf(problem));
  };

  if (token === '' || (isProblem(invitation.error) && invitation.error.status === 404))
    return (
      <Door title={t('title')}>
        <div className="stack">
          <Alert type="warning" title={t(token === '' ? 'cut' : 'over')} role="alert" />
          <Link to="/">{t('enter')}</Link>
        </div>
      </Door>
    );
  return (
    <Door title={t('title')}>
      <Answer of={invitation} rows={3}>
        {(i) => (
          <Form form={form} layout="vertical" initialValues={{ name: i.name }} onFinish={(v: Values) => void send(v)}>
            <p>{t('to', { project: i.projectName, role: role(i.role as Role) })}</p>
            <Form.Item label={t('email')}>
              <Input value={i.email} readOnly autoComplete="username" aria-label={t('email')} />
            </Form.Item>
            {!i.hasPassword && (
              <Form.Item name="name" label={t('name')} rules={[{ required: true }]}>
                <Input autoComplete="name" />
              </Form.Item>
            )}
            <Form.Item name="password" label={i.hasPassword ? t('own') : t('password')} extra={i.hasPassword ? t('known') : t('hint')} rules={[{ required: true, ...(i.hasPassword ? {} : passwordRules) }]}>
              <Input.Password autoComplete={i.hasPassword ? 'current-password' : 'new-password'} />
            </Form.Item>
            {needsCode && (
              <Form.Item name="code" label={t('code')} rules={[{ required: true }]}>
                <Input autoComplete="one-time-code" autoFocus />
              </Form.Item>
            )}
            {wrong && <Alert type="error" title={wrong} style={{ marginBottom: 16 }} role="alert" />}
            <Button type="primary" htmlType="submit" block loading={isBusy}>
              {t('accept')}
            </Button>
          </Form>
        )}
      </Answer>
    </Door>
  );
}
