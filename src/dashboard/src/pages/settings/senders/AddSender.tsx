import { Button, Card, Form, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { useSaid } from '../../../parts/Said';
import { Back } from '../Back';
import { defined } from '../connections/Connect';
import { SecretFields } from './SecretFields';
import { Steps } from './Steps';

const texts = defineTexts(
  {
    title: 'Подключить отправителя', back: 'Все отправители', what: 'Что присылает', form: 'Заявки', call: 'Звонки', provider: 'Система', choose: 'Выберите из списка', name: 'Название', site: 'Сайт', siteHint: 'Его заявками и звонками они станут.', make: 'Получить адрес', steps: 'Что сделать там', made: 'Готово: скопируйте адрес',
    secretHint: 'Секреты можно ввести и потом.',
  },
  {
    title: 'Connect a sender', back: 'All senders', what: 'What it sends', form: 'Leads', call: 'Calls', provider: 'System', choose: 'Choose from the list', name: 'Name', site: 'Site', siteHint: 'They become its leads and calls.', make: 'Get the address', steps: 'What to do over there', made: 'Done: copy the address',
    secretHint: 'Secrets may be entered later.',
  },
);

interface Values {
  provider: string;
  name: string;
  siteId?: string;
  secrets?: Schemas['SenderSecretsRequest'];
}

export function AddSender({ providers, sites, onBack, onMade }: { providers: readonly Schemas['ListSenderProvidersProviderAnswer'][]; sites: readonly Schemas['SiteAnswer'][]; onBack: () => void; onMade: (id: string) => void }) {
  const t = texts.use();
  const said = useSaid();
  const [kind, setKind] = useState<'form' | 'call'>('form');
  const [form] = Form.useForm<Values>();
  const word = Form.useWatch('provider', form);
  const chosen = providers.find((p) => p.kind === kind && p.provider === word);
  const [act, isBusy] = useChange();
  const send = async ({ secrets, ...rest }: Values): Promise<void> => {
    const given = defined(Object.fromEntries(Object.entries(secrets ?? {}).map(([k, v]) => [k, typeof v === 'string' && v.trim() ? v.trim() : undefined])));
    const body = defined({ ...rest, kind, ...(Object.keys(given).length > 0 ? { secrets: given } : {}) });
    const made = await act(api.POST('/v1/senders', { body }), { done: t('made'), touches: ['/v1/senders'], form });
    if (made?.data) onMade(made.data.id);
  };
  return (
    <div className="stack">
      <Back title={t('title')} to={t('back')} onBack={onBack} />
      <div className="two-columns">
        <Card size="small" title={t('provider')}>
          <Form<Values> form={form} layout="vertical" onFinish={(v) => void send(v)}>
            <Form.Item label={t('what')}>
              <Segmented<'form' | 'call'>
                aria-label={t('what')}
                value={kind}
                onChange={(v) => {
                  setKind(v);
                  form.resetFields(['provider']);
                }}
                options={(['form', 'call'] as const).map((value) => ({ value, label: t(value) }))}
              />
            </Form.Item>
            <Form.Item name="provider" label={t('provider')} rules={[{ required: true, message: t('choose') }]}>
              <Select
                showSearch={{ optionFilterProp: 'label' }}
                placeholder={t('choose')}
                options={providers.filter((p) => p.kind === kind).map((p) => ({ value: p.provider, label: said(p.title) }))}
                onChange={(v: string) => !form.getFieldValue('name') && form.setFieldValue('name', said(providers.find((p) => p.kind === kind && p.provider === v)?.title ?? ''))}
              />
            </Form.Item>
            <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, max: 200 }]}>
              <Input />
            </Form.Item>
            {sites.length > 1 && (
              <Form.Item name="siteId" label={t('site')} extra={t('siteHint')} initialValue={sites[0]?.id}>
                <Select options={sites.map((s) => ({ value: s.id, label: s.name }))} />
              </Form.Item>
            )}
            {chosen && <SecretFields of={chosen} />}
            {chosen?.secret && <p>{t('secretHint')}</p>}
            <Button type="primary" htmlType="submit" loading={isBusy}>
              {t('make')}
            </Button>
          </Form>
        </Card>
        {chosen && (
          <Card size="small" title={t('steps')}>
            <Steps kind={chosen.kind} provider={chosen.provider} />
          </Card>
        )}
      </div>
    </div>
  );
}
