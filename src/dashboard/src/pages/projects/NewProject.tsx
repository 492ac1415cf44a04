import { useQueryClient } from '@tanstack/react-query';
import { Form, Input, Modal, Select } from 'antd';
import { useNavigate } from 'react-router';
import { queries } from '../../api/client';
import { sessionKey } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { currencies, timeZones } from '../../parts/choices';
import { useTelling } from '../../parts/saving';

const texts = defineTexts({ title: 'Новый проект', name: 'Название бизнеса', zone: 'Часовой пояс', currency: 'Валюта', make: 'Создать' }, { title: 'New project', name: 'Name of the business', zone: 'Time zone', currency: 'Currency', make: 'Create' });

export function NewProject({ onClose }: { onClose: () => void }) {
  const t = texts.use();
  const tell = useTelling();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [form] = Form.useForm<{ name: string; timeZone: string; currency: string }>();
  const make = queries.useMutation('post', '/v1/projects', {
    onSuccess: async (project) => {
      // The project's pages open only for who is known to be in it.
      await client.invalidateQueries({ queryKey: sessionKey });
      onClose();
      void navigate(`/p/${project.id}/settings/sites`);
    },
    onError: (e) => tell(e, form),
  });
  return (
    <Modal title={t('title')} open okText={t('make')} confirmLoading={make.isPending} onOk={() => form.submit()} onCancel={onClose}>
      <Form form={form} layout="vertical" initialValues={{ timeZone: 'Europe/Moscow', currency: 'RUB' }} onFinish={(body) => make.mutate({ body })}>
        <Form.Item name="name" label={t('name')} rules={[{ required: true }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="timeZone" label={t('zone')}>
          <Select showSearch options={timeZones()} />
        </Form.Item>
        <Form.Item name="currency" label={t('currency')}>
          <Select showSearch options={currencies()} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
