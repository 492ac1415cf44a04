import { Alert, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { api, type Problem } from '../../api/client';
import { defineTexts } from '../../app/texts';
import { useTelling } from '../../parts/saving';
import { wordsOf } from '../../parts/States';
import { Door } from './Door';
import { passwordRules, useEntering } from './entering';
import { currencies, timeZones } from '../../parts/choices';

const texts = defineTexts(
  {
    title: 'Первый запуск', about: 'Создайте владельца и первый проект. Код напечатан в консоли сервиса при запуске.', code: 'Код из консоли', name: 'Ваше имя', email: 'Почта', password: 'Пароль', passwordHint: 'От 12 знаков; лучше несколько слов.',
    project: 'Название бизнеса', zone: 'Часовой пояс', currency: 'Валюта', go: 'Начать',
  },
  {
    title: 'First start', about: 'Make the owner and the first project. The service has printed the code on its console.', code: 'Code from the console', name: 'Your name', email: 'E-mail', password: 'Password', passwordHint: '12 characters or more; several words are best.',
    project: 'Name of the business', zone: 'Time zone', currency: 'Currency', go: 'Begin',
  },
);

interface Values {
  code: string;
  email: string;
  name: string;
  password: string;
  projectName: string;
  timeZone: string;
  currency: string;
}

export default function SetUp() {
  const t = texts.use();
  const enter = useEntering();
  const tell = useTelling();
  const [form] = Form.useForm<Values>();
  const [wrong, setWrong] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const send = async (values: Values): Promise<void> => {
    setBusy(true);
    const { data, error } = await api.POST('/v1/setup', { body: values });
    setBusy(false);
    if (data) return enter(data, data.projects[0] ? `/p/${data.projects[0].id}/settings/sites` : '/');
    const problem = error as unknown as Problem;
    if (problem.errors) return tell(problem, form);
    setWrong(wordsOf(problem));
  };

  return (
    <Door title={t('title')}>
      <p>{t('about')}</p>
      <Form form={form} layout="vertical" initialValues={{ timeZone: 'Europe/Moscow', currency: 'RUB' }} onFinish={(v: Values) => void send(v)}>
        <Form.Item name="code" label={t('code')} rules={[{ required: true }]}>
          <Input autoComplete="off" autoFocus />
        </Form.Item>
        <Form.Item name="name" label={t('name')} rules={[{ required: true }]}>
          <Input autoComplete="name" />
        </Form.Item>
        <Form.Item name="email" label={t('email')} rules={[{ required: true, type: 'email' }]}>
          <Input type="email" autoComplete="username" />
        </Form.Item>
        <Form.Item name="password" label={t('password')} extra={t('passwordHint')} rules={[{ required: true, ...passwordRules }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item name="projectName" label={t('project')} rules={[{ required: true }]}>
          <Input />
        </Form.Item>
        <Form.Item name="timeZone" label={t('zone')}>
          <Select showSearch options={timeZones()} />
        </Form.Item>
        <Form.Item name="currency" label={t('currency')}>
          <Select showSearch options={currencies()} />
        </Form.Item>
        {wrong && <Alert type="error" title={wrong} style={{ marginBottom: 16 }} role="alert" />}
        <Button type="primary" htmlType="submit" block loading={isBusy}>
          {t('go')}
        </Button>
      </Form>
    </Door>
  );
}
