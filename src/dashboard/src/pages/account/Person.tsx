import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Select } from 'antd';
import { queries } from '../../api/client';
import { sessionKey, useSession } from '../../app/session';
import { defineTexts, speak } from '../../app/texts';
import { useTelling } from '../../parts/saving';

const texts = defineTexts({ name: 'Имя', language: 'Язык писем', ru: 'Русский', en: 'Английский', save: 'Сохранить', saved: 'Сохранено' }, { name: 'Name', language: 'Language of letters', ru: 'Russian', en: 'English', save: 'Save', saved: 'Saved' });

export function Person() {
  const t = texts.use();
  const user = useSession()?.user;
  const client = useQueryClient();
  const tell = useTelling();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ name: string; language: 'ru' | 'en' }>();
  const save = queries.useMutation('patch', '/v1/me', {
    onSuccess: (saved) => {
      speak(saved.language === 'en' ? 'en' : 'ru');
      void message.success(t('saved'));
      void client.invalidateQueries({ queryKey: sessionKey });
    },
    onError: (e) => tell(e, form),
  });
  return (
    <Form form={form} layout="vertical" initialValues={{ name: user?.name, language: user?.language }} onFinish={(body) => save.mutate({ body })}>
      <Form.Item name="name" label={t('name')} rules={[{ required: true }]}>
        <Input autoComplete="name" />
      </Form.Item>
      <Form.Item name="language" label={t('language')}>
        <Select options={[{ value: 'ru', label: t('ru') }, { value: 'en', label: t('en') }]} />
      </Form.Item>
      <Button htmlType="submit" loading={save.isPending}>
        {t('save')}
      </Button>
    </Form>
  );
}
