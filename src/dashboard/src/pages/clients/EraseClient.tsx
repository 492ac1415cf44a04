import { Alert, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { queries, type Schemas } from '../../api/client';
import { defineTexts } from '../../app/texts';
import { Act } from '../../parts/Act';
import { usePlace } from '../../parts/PersonLinks';
import { useTelling } from '../../parts/saving';
import { useAfterPeople } from './after';

const texts = defineTexts(
  {
    title: 'Удалить данные человека', warn: 'Это нельзя отменить', what: 'Имя, контакты, тексты заявок, визиты и звонки этого человека и всех объединённых с ним карточек будут стёрты. Цифры отчётов не изменятся: строки останутся без человека. В CRM данные придётся удалить вручную, список появится здесь.',
    reason: 'Основание', reasonHint: 'Например: отзыв согласия, письмо от 20.11.2026. Попадёт в акт; без персональных данных.', word: 'УДАЛИТЬ', type: 'Чтобы подтвердить, введите слово {{word}}', wrong: 'Введите слово {{word}}', erase: 'Удалить навсегда', done: 'Данные удалены', close: 'Закрыть', required: 'Укажите основание: оно войдёт в акт',
  },
  {
    title: 'Erase the person’s data', warn: 'This cannot be undone', what: 'The name, contacts, texts of leads, visits and calls of this person and of all cards merged with it will be erased. Figures of reports stay: their rows remain without a person. In the CRM the data has to be erased by hand, the list will stand here.',
    reason: 'Reason', reasonHint: 'For example: consent withdrawn, letter of 2026-11-20. It stands in the act; no personal data.', word: 'ERASE', type: 'To confirm, type the word {{word}}', wrong: 'Type the word {{word}}', erase: 'Erase for good', done: 'The data is erased', close: 'Close', required: 'Give the reason: it stands in the act',
  },
);

export default function EraseClient({ client, onClose }: { client: Schemas['GetClientResponse']; onClose: () => void }) {
  const t = texts.use();
  const place = usePlace();
  const navigate = useNavigate();
  const tell = useTelling();
  const after = useAfterPeople();
  const [form] = Form.useForm<{ reason: string; word: string }>();
  const [act, setAct] = useState<Schemas['ErasureAct']>();
  const erase = queries.useMutation('post', '/v1/clients/{id}/erase', { onSuccess: (a) => setAct(a), onError: (e) => tell(e, form) });
  const word = t('word');

  if (act) {
    const leave = (): void => {
      onClose();
      void navigate(place.clients, { replace: true });
      after();
    };
    return (
      <Modal open title={t('done')} width={720} onCancel={leave} footer={<Button type="primary" onClick={leave}>{t('close')}</Button>}>
        <Act of={act} />
      </Modal>
    );
  }
  return (
    <Modal open title={t('title')} onCancel={onClose} okText={t('erase')} okButtonProps={{ danger: true, loading: erase.isPending }} onOk={() => form.submit()} mask={{ closable: false }}>
      <div className="stack">
        <Alert type="error" showIcon title={t('warn')} description={t('what')} />
        <Form form={form} layout="vertical" onFinish={({ reason }) => erase.mutate({ params: { path: { id: client.id } }, body: { reason: reason.trim() } })}>
          <Form.Item name="reason" label={t('reason')} extra={t('reasonHint')} rules={[{ required: true, whitespace: true, message: t('required') }]}>
            <Input.TextArea rows={2} maxLength={500} showCount />
          </Form.Item>
          <Form.Item
            name="word"
            label={t('type', { word })}
            required
            rules={[{ validator: (_, value: string | undefined) => (value?.trim().toUpperCase() === word ? Promise.resolve() : Promise.reject(new Error(t('wrong', { word })))) }]}
          >
            <Input autoComplete="off" />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
