import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { queries } from '../../api/client';
import { sessionKey } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { useTelling } from '../../parts/saving';
import { passwordRules } from '../session/entering';

const texts = defineTexts(
  { current: 'Нынешний пароль', password: 'Новый пароль', hint: 'От 12 знаков; лучше несколько слов. Остальные входы завершатся.', save: 'Сменить пароль', saved: 'Пароль изменён' },
  { current: 'The password now', password: 'New password', hint: '12 characters or more; several words are best. Your other sign-ins end.', save: 'Change the password', saved: 'The password is changed' },
);

export function Password() {
  const t = texts.use();
  const client = useQueryClient();
  const tell = useTelling();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ current: string; password: string }>();
  const save = queries.useMutation('post', '/v1/me/password', {
    onSuccess: () => {
      form.resetFields();
      void message.success(t('saved'));
      // The session has got a new proof.
      void client.invalidateQueries({ queryKey: sessionKey });
    },
    onError: (e) => tell(e, form),
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(body) => save.mutate({ body })}>
      <Form.Item name="current" label={t('current')} rules={[{ required: true }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item name="password" label={t('password')} extra={t('hint')} rules={[{ required: true, ...passwordRules }]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Button htmlType="submit" loading={save.isPending}>
        {t('save')}
      </Button>
    </Form>
  );
}
