import { Alert, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { useOpenProject } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { DaysPicker, type Days } from '../../../parts/DayPicker';
import { dayStart } from '../../../parts/days';

const texts = defineTexts(
  {
    title: 'Отправить снова', about: 'Сначала устраните причину. Что могло дойти, сначала ищется в CRM: второй карточки не будет.', connection: 'Подключение', all: 'Все подключения', range: 'Заявки, пришедшие', text: 'В ошибке есть', textHint: 'Часть текста последней ошибки; пусто — любая.', count: 'Посчитать', send: 'Отправить', cancel: 'Отмена',
    found_one: 'Подходит {{count}} доставка', found_few: 'Подходят {{count}} доставки', found_many: 'Подходит {{count}} доставок', found_other: 'Подходит {{count}} доставки', none: 'Ничего не подходит',
    sent_one: '{{count}} доставка снова в очереди', sent_few: '{{count}} доставки снова в очереди', sent_many: '{{count}} доставок снова в очереди', sent_other: '{{count}} доставки снова в очереди', more: 'Это не все: после отправки повторите.',
  },
  {
    title: 'Send again', about: 'Mend the cause first. What may have arrived is looked for in the CRM: there will be no second card.', connection: 'Connection', all: 'All connections', range: 'Leads that came', text: 'The error contains', textHint: 'Part of the last error’s text; empty: any.', count: 'Count', send: 'Send', cancel: 'Cancel',
    found_one: '{{count}} delivery fits', found_other: '{{count}} deliveries fit', none: 'Nothing fits', sent_one: '{{count}} delivery is in the queue again', sent_other: '{{count}} deliveries are in the queue again', more: 'These are not all: repeat after sending.',
  },
);

interface Values {
  connectionId: string;
  days?: Days;
  errorContains?: string;
}

/** Everything given up that fits: first counted, then sent. */
export function RetryMany({ connections, connectionId, onClose }: { connections: readonly Schemas['ConnectionAnswer'][]; connectionId: string; onClose: () => void }) {
  const t = texts.use();
  const { timeZone } = useOpenProject();
  const [form] = Form.useForm<Values>();
  const [act, isBusy] = useChange();
  const [counted, setCounted] = useState<Schemas['RedeliveryAnswer']>();
  const bodyOf = (v: Values, dryRun: boolean): Schemas['RetryDeliveriesRequest'] => ({
    state: 'dead',
    dryRun,
    ...(v.connectionId ? { connectionId: v.connectionId } : {}),
    ...(v.days?.[0] && v.days[1] ? { from: dayStart(v.days[0], timeZone), to: dayStart(v.days[1], timeZone, 1) } : {}),
    ...(v.errorContains?.trim() ? { errorContains: v.errorContains.trim() } : {}),
  });
  const count = async (v: Values): Promise<void> => {
    const answer = await act(api.POST('/v1/deliveries/retry', { body: bodyOf(v, true) }), { form });
    setCounted(answer?.data);
  };
  const send = async (): Promise<void> => {
    const body = bodyOf(form.getFieldsValue(), false);
    const answer = await act(api.POST('/v1/deliveries/retry', { body }), { done: t('sent', { count: counted?.deliveries ?? 0 }), touches: ['/v1/deliveries', '/v1/connections'], form });
    if (answer?.data?.more) return setCounted(undefined);
    if (answer) onClose();
  };
  return (
    <Modal
      open
      title={t('title')}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type={counted ? 'default' : 'primary'} loading={isBusy} onClick={() => form.submit()}>
            {t('count')}
          </Button>
          <Button type="primary" danger disabled={!counted || counted.deliveries === 0} loading={isBusy} onClick={() => void send()}>
            {t('send')}
          </Button>
        </>
      }
    >
      <p>{t('about')}</p>
      <Form<Values> form={form} layout="vertical" initialValues={{ connectionId }} onFinish={(v) => void count(v)} onValuesChange={() => setCounted(undefined)}>
        <Form.Item name="connectionId" label={t('connection')}>
          <Select options={[{ value: '', label: t('all') }, ...connections.map((c) => ({ value: c.id, label: c.name }))]} />
        </Form.Item>
        <Form.Item name="days" label={t('range')}>
          <DaysPicker />
        </Form.Item>
        <Form.Item name="errorContains" label={t('text')} extra={t('textHint')}>
          <Input maxLength={200} />
        </Form.Item>
      </Form>
      {counted && <Alert type={counted.deliveries > 0 ? 'warning' : 'info'} showIcon title={counted.deliveries > 0 ? t('found', { count: counted.deliveries }) : t('none')} description={counted.more && t('more')} />}
    </Modal>
  );
}
