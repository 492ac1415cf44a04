import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, type Problem } from '../../api/client';
import { defineTexts } from '../../app/texts';
import { useTelling } from '../../parts/saving';
import { wordsOf } from '../../parts/States';
import { Door } from './Door';
import { passwordRules, useLinkToken } from './entering';

const texts = defineTexts(
  { title: 'Новый пароль', password: 'Новый пароль', hint: 'От 12 знаков; лучше несколько слов. Все входы под старым паролем завершатся.', save: 'Сохранить', done: 'Пароль изменён. Теперь войдите с ним.', enter: 'Ко входу', old: 'Ссылка уже использована или устарела. Запросите новую.' },
  { title: 'New password', password: 'New password', hint: '12 characters or more; several words are best. All sign-ins with the old one end.', save: 'Save', done: 'The password is changed. Now sign in with it.', enter: 'To the sign-in', old: 'This link was used already or is too old. Ask for a new one.' },
);

export default function ResetPassword() {
  const t = texts.use();
  const tell = useTelling();
  const navigate = useNavigate();
  const token = useLinkToken();
  const [form] = Form.useForm<{ password: string }>();
  const [wrong, setWrong] = useState<string>();
  const [isDone, setDone] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const send = async ({ password }: { password: string }): Promise<void> => {
    setBusy(true);
    const { error } = await api.POST('/v1/password/reset', { body: { token, password } });
    setBusy(false);
    if (!error) return setDone(true);
    const problem = error as unknown as Problem;
    if (problem.errors) return tell(problem, form);
    setWrong(problem.status === 404 ? t('old') : wordsOf(problem));
  };

  return (
    <Door title={t('title')}>
      {isDone ? (
        <div className="stack">
          <Alert type="success" title={t('done')} role="status" />
          <Button type="primary" block onClick={() => void navigate('/')}>
            {t('enter')}
          </Button>
        </div>
      ) : (
        <Form form={form} layout="vertical" onFinish={(v: { password: string }) => void send(v)}>
          <Form.Item name="password" label={t('password')} extra={t('hint')} rules={[{ required: true, ...passwordRules }]}>
            <Input.Password autoComplete="new-password" autoFocus />
          </Form.Item>
          {wrong && <Alert type="error" title={wrong} style={{ marginBottom: 16 }} role="alert" />}
          <Button type="primary" htmlType="submit" block loading={isBusy}>
            {t('save')}
          </Button>
        </Form>
      )}
    </Door>
  );
}
