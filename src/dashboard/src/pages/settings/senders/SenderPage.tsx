import { Alert, Button, Card, Descriptions, Flex, Form, Input, Popconfirm, Select, Switch, Typography } from 'antd';
import { api, queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { timeZones } from '../../../parts/choices';
import { Copyable } from '../../../parts/Copyable';
import { Answer } from '../../../parts/States';
import { Back } from '../Back';
import { defined } from '../connections/Connect';
import { Explained } from '../Explained';
import { MapField, mapOf, pairsOf, type Pair } from '../MapField';
import { meanings, meaningTexts } from './meanings';
import { SecretFields } from './SecretFields';
import { Steps } from './Steps';

const texts = defineTexts(
  {
    back: 'Все отправители', address: 'Адрес для вставки', addressHint: 'В адресе звонков есть токен: кто его знает, может присылать звонки.', lost: 'Сохранённый токен не читается: смените адрес.', steps: 'Что сделать там', rotate: 'Сменить адрес', rotateSure: 'Сменить адрес?', rotateWhy: 'Старый перестанет работать за секунды: вставьте новый у отправителя.', rotated: 'Адрес сменён',
    seen: 'Последний раз прислал', tested: 'Последняя проверка', never: 'ещё ни разу', waiting: 'Ждём первого сообщения: пришлите пробное, и оно появится здесь.', settings: 'Настройки', name: 'Название', zone: 'Часовой пояс времён без пояса', deliverAt: 'Звонок уходит в CRM', end: 'когда закончился', endAbout: 'С записью и длительностью.', start: 'когда зазвонил', startAbout: 'Сразу, итог допишется.',
    map: 'Карта полей', mapHint: 'Если система переименовала поле: её имя и что это.', from: 'Имя у них', to: 'Что это', words: 'Слова', wordsHint: 'Слова системы, которых сервис не знает: «дозвон» → answered.', secrets: 'Секреты', kept: 'Сохранён. Оставьте пустым, чтобы не менять.', save: 'Сохранить', saved: 'Сохранено',
    on: 'Принимать', onHint: 'Выключенный адрес звонков не отвечает; у форм перестают действовать секрет и карта.', remove: 'Удалить', removeSure: 'Удалить отправителя?', removeWhy: 'Адрес и секреты забудутся. Если через него уже были звонки, его можно только выключить.', keep: 'Отмена', removed: 'Отправитель удалён',
  },
  {
    back: 'All senders', address: 'Address to paste', addressHint: 'The address of calls holds a token: whoever knows it may send calls.', lost: 'The stored token cannot be read: change the address.', steps: 'What to do over there', rotate: 'Change the address', rotateSure: 'Change the address?', rotateWhy: 'The old one stops working within seconds: paste the new one at the sender.', rotated: 'The address is changed',
    seen: 'Sent something last', tested: 'Last check', never: 'never yet', waiting: 'Waiting for the first message: send a trial, and it appears here.', settings: 'Settings', name: 'Name', zone: 'Time zone of times without one', deliverAt: 'A call goes to the CRM', end: 'when it is over', endAbout: 'With its recording and length.', start: 'when it rings', startAbout: 'At once, the outcome is added.',
    map: 'Field map', mapHint: 'If the system has renamed a field: its name and what it is.', from: 'Their name', to: 'What it is', words: 'Words', wordsHint: 'Words of the system that are not known: “дозвон” → answered.', secrets: 'Secrets', kept: 'Kept. Leave empty to leave it as it is.', save: 'Save', saved: 'Saved',
    on: 'Take', onHint: 'The address of calls does not answer when off; of forms the secret and the map do not count.', remove: 'Delete', removeSure: 'Delete the sender?', removeWhy: 'The address and the secrets are forgotten. If calls have come through it, it can only be switched off.', keep: 'Cancel', removed: 'The sender is deleted',
  },
);

type Sender = Schemas['SenderAnswer'];
type Provider = Schemas['ListSenderProvidersProviderAnswer'];

export function SenderPage({ id, providers, onBack }: { id: string; providers: readonly Provider[]; onBack: () => void }) {
  const query = queries.useQuery('get', '/v1/senders/{id}', { params: { path: { id } } }, { refetchInterval: 10_000 });
  return <Answer of={query}>{(sender) => <Shown of={sender} provider={providers.find((p) => p.kind === sender.kind && p.provider === sender.provider)} onBack={onBack} />}</Answer>;
}

function Shown({ of, provider, onBack }: { of: Sender; provider: Provider | undefined; onBack: () => void }) {
  const t = texts.use();
  const f = useFormats();
  const [act, isBusy] = useChange();
  const at = { params: { path: { id: of.id } } };
  const touches = ['/v1/senders'];
  const remove = async (): Promise<void> => {
    if (!(await act(api.DELETE('/v1/senders/{id}', at)))) return;
    onBack();
    await act(Promise.resolve({}), { done: t('removed'), touches });
  };
  return (
    <div className="stack">
      <Back
        title={of.name}
        to={t('back')}
        onBack={onBack}
        tools={
          <>
            <label>
              <Switch checked={of.isActive} loading={isBusy} onChange={(isActive) => void act(api.PATCH('/v1/senders/{id}', { ...at, body: { isActive } }), { done: t('saved'), touches })} /> {t('on')}
            </label>
            <Popconfirm title={t('removeSure')} description={<div style={{ maxWidth: 300 }}>{t('removeWhy')}</div>} okText={t('remove')} cancelText={t('keep')} okButtonProps={{ danger: true }} onConfirm={remove}>
              <Button danger>{t('remove')}</Button>
            </Popconfirm>
          </>
        }
      />
      {!of.isActive && <Alert type="warning" showIcon title={t('onHint')} />}
      <div className="two-columns">
        <Card size="small" title={t('address')}>
          <div className="stack" style={{ gap: 12 }}>
            {of.address ? <Copyable text={of.address} label={t('address')} isSecret={of.kind === 'call'} /> : <Alert type="warning" showIcon title={t('lost')} />}
            {of.kind === 'call' && <Typography.Text type="secondary">{t('addressHint')}</Typography.Text>}
            {!of.lastSeenAt && <Alert type="info" showIcon title={t('waiting')} />}
            <Descriptions
              size="small"
              column={1}
              items={[
                { key: 'seen', label: t('seen'), children: of.lastSeenAt ? `${f.ago(of.lastSeenAt)} · ${f.moment(of.lastSeenAt)}` : t('never') },
                { key: 'tested', label: t('tested'), children: of.lastTestAt ? f.moment(of.lastTestAt) : t('never') },
              ]}
            />
            {of.kind === 'call' && (
              <Flex>
                <Popconfirm title={t('rotateSure')} description={<div style={{ maxWidth: 300 }}>{t('rotateWhy')}</div>} okText={t('rotate')} cancelText={t('keep')} onConfirm={() => act(api.POST('/v1/senders/{id}/token', at), { done: t('rotated'), touches })}>
                  <Button loading={isBusy}>{t('rotate')}</Button>
                </Popconfirm>
              </Flex>
            )}
          </div>
        </Card>
        <Card size="small" title={t('steps')}>
          <Steps kind={of.kind} provider={of.provider} />
        </Card>
      </div>
      <SenderForm of={of} provider={provider} />
    </div>
  );
}

interface Values {
  name: string;
  map: Pair[];
  words?: Pair[];
  timeZone?: string;
  deliverAt?: string;
  secrets?: Schemas['SenderSecretsRequest'];
}

function SenderForm({ of, provider }: { of: Sender; provider: Provider | undefined }) {
  const t = texts.use();
  const [form] = Form.useForm<Values>();
  const [act, isBusy] = useChange();
  const isCall = of.kind === 'call';
  const meaning = meaningTexts.use();
  const meant = (value: Parameters<typeof meaning>[0]) => ({ value, label: `${value} · ${meaning(value)}` });
  const send = async (v: Values): Promise<void> => {
    const secrets = defined(Object.fromEntries(Object.entries(v.secrets ?? {}).map(([k, x]) => [k, typeof x === 'string' && x.trim() ? x.trim() : undefined])));
    const settings = { ...of.settings, fieldMap: mapOf(v.map), ...(isCall ? { words: mapOf(v.words), timeZone: v.timeZone, deliverAt: v.deliverAt } : {}) } as Schemas['SenderSettingsRequest'];
    const body = { name: v.name, settings, ...(Object.keys(secrets).length > 0 ? { secrets } : {}) };
    if (await act(api.PATCH('/v1/senders/{id}', { params: { path: { id: of.id } }, body }), { done: t('saved'), touches: ['/v1/senders'], form })) form.resetFields(['secrets']);
  };
  return (
    <Card size="small" title={t('settings')}>
      <Form<Values>
        form={form}
        layout="vertical"
        onFinish={(v) => void send(v)}
        initialValues={{ name: of.name, map: pairsOf(of.settings.fieldMap), words: pairsOf(of.settings.words), timeZone: of.settings.timeZone ?? undefined, deliverAt: of.settings.deliverAt ?? 'end' }}
      >
        <div className="two-columns">
          <div>
            <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, max: 200 }]}>
              <Input />
            </Form.Item>
            {isCall && (
              <>
                <Form.Item name="timeZone" label={t('zone')}>
                  <Select showSearch options={timeZones()} />
                </Form.Item>
                <Form.Item name="deliverAt" label={t('deliverAt')}>
                  <Explained label={t('deliverAt')} choices={(['end', 'start'] as const).map((value) => ({ value, name: t(value), about: t(`${value}About`) }))} />
                </Form.Item>
              </>
            )}
            {provider && <SecretFields of={provider} kept={of.secretsSet} keptHint={t('kept')} />}
          </div>
          <div className="stack">
            <div>
              <Typography.Paragraph style={{ marginBottom: 8 }}>
                {t('map')} <Typography.Text type="secondary">{t('mapHint')}</Typography.Text>
              </Typography.Paragraph>
              <MapField name="map" from={t('from')} to={t('to')} known={(isCall ? meanings.call : meanings.form).map(meant)} />
            </div>
            {isCall && (
              <div>
                <Typography.Paragraph style={{ marginBottom: 8 }}>
                  {t('words')} <Typography.Text type="secondary">{t('wordsHint')}</Typography.Text>
                </Typography.Paragraph>
                <MapField name="words" from={t('from')} to={t('to')} known={meanings.words.map(meant)} />
              </div>
            )}
          </div>
        </div>
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t('save')}
        </Button>
      </Form>
    </Card>
  );
}
