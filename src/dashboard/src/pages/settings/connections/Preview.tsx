import { Alert, Button, Card, Flex, Form, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { usePaged } from '../../../parts/paged';
import { defined } from './Connect';
import { cardOf, useDirectories } from './directories';
import { Planned } from './Planned';

const texts = defineTexts(
  {
    title: 'Что уйдёт в CRM', about: 'Покажет, какое правило сработает и какие поля получит карточка, по сохранённым настройкам. В CRM ничего не меняется, только читается.', real: 'Настоящая заявка', own: 'Своя', lead: 'Заявка', choose: 'Выберите из последних', none: 'Заявок ещё нет: попробуйте свою.', name: 'Имя', phone: 'Телефон', email: 'Почта', comment: 'Комментарий', page: 'Страница с метками', formName: 'Форма', run: 'Показать',
  },
  {
    title: 'What goes to the CRM', about: 'Shows which rule applies and what fields the card gets, by the saved settings. Nothing is changed in the CRM, it is only read.', real: 'A real lead', own: 'My own', lead: 'Lead', choose: 'Choose from the latest', none: 'No leads yet: try one of your own.', name: 'Name', phone: 'Phone', email: 'E-mail', comment: 'Comment', page: 'Page with tags', formName: 'Form', run: 'Show',
  },
);

type Request = Omit<Schemas['PreviewDeliveryRequest'], 'settings'>;

/** Tries the saved settings on a lead, without sending anything. */
export function Preview({ of }: { of: Schemas['ConnectionAnswer'] }) {
  const { id } = of;
  const directories = useDirectories(id);
  const t = texts.use();
  const f = useFormats();
  const leads = usePaged<Schemas['LeadAnswer']>('/v1/leads', { limit: 50 });
  const [form] = Form.useForm<Request>();
  const [act, isBusy] = useChange();
  const [kind, setKind] = useState<'real' | 'own'>('real');
  const [found, setFound] = useState<Schemas['PreviewDeliveryResponse']>();
  const known = leads.items.filter((l) => l.deliveries.some((d) => d.connectionId === id));

  const send = async (v: Request): Promise<void> => {
    const body = kind === 'real' ? defined({ leadId: v.leadId }) : defined(Object.fromEntries(Object.entries(v).map(([k, x]) => [k, typeof x === 'string' && x.trim() ? x.trim() : undefined])));
    const seen = await act(api.POST('/v1/connections/{id}/preview', { params: { path: { id } }, body: body as Request }), { form });
    setFound(seen?.data);
  };

  return (
    <div className="stack">
      <Card size="small" title={t('title')}>
        <Form<Request> form={form} layout="vertical" onFinish={(v) => void send(v)} initialValues={{ page: 'https://example.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign=okna' }}>
          <Flex vertical gap={12}>
            <span>{t('about')}</span>
            <Segmented<'real' | 'own'>
              value={kind}
              onChange={(v) => {
                setKind(v);
                setFound(undefined);
              }}
              options={[
                { value: 'real', label: t('real') },
                { value: 'own', label: t('own') },
              ]}
              style={{ alignSelf: 'flex-start' }}
            />
            {kind === 'real' ? (
              leads.data && known.length === 0 ? (
                <Alert type="info" showIcon title={t('none')} />
              ) : (
                <Form.Item name="leadId" label={t('lead')} rules={[{ required: true, message: t('choose') }]} style={{ margin: 0, maxWidth: 640 }}>
                  <Select
                    loading={leads.isPending}
                    showSearch={{ optionFilterProp: 'label' }}
                    placeholder={t('choose')}
                    options={known.map((l) => ({ value: l.id, label: [f.moment(l.receivedAt), l.name ?? l.phone ?? l.email, l.passport.source, l.passport.campaign].filter(Boolean).join(' · ') }))}
                  />
                </Form.Item>
              )
            ) : (
              <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 240px), 1fr))', gap: '0 16px' }}>
                {(['name', 'phone', 'email', 'comment', 'formName', 'page'] as const).map((name) => (
                  <Form.Item key={name} name={name} label={t(name)} rules={[{ required: name === 'phone' }]}>
                    <Input autoComplete="off" />
                  </Form.Item>
                ))}
              </div>
            )}
            <Button type="primary" htmlType="submit" loading={isBusy} disabled={kind === 'real' && known.length === 0} style={{ alignSelf: 'flex-start' }}>
              {t('run')}
            </Button>
          </Flex>
        </Form>
      </Card>
      {found && <Planned of={found} known={directories} card={cardOf(of)} />}
    </div>
  );
}
