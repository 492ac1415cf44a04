import { Button, Drawer, Flex, Form, Input, Popconfirm, Switch, Typography } from 'antd';
import { api, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { kindTexts } from './kinds';
import { PassportFields } from './PassportFields';

const texts = defineTexts(
  {
    name: 'Название', region: 'Регион пула', active: 'Показывать', activeHint: 'Выключенный никому не показывается; звонки на него всё ещё узнаются.', save: 'Сохранить', saved: 'Сохранено', remove: 'Удалить', removed: 'Номер удалён',
    sure: 'Удалить номер?', sureWhy: 'Забудется, кому он выдавался: поздние звонки на него не найдут визит. Чтобы их узнавать, лучше выключите. Прошлые звонки и заявки останутся как есть.', keep: 'Отмена', created: 'Добавлен {{at}}',
  },
  {
    name: 'Name', region: 'Region of the pool', active: 'Show it', activeHint: 'When off, nobody is shown it; calls to it are still recognised.', save: 'Save', saved: 'Saved', remove: 'Delete', removed: 'The number is deleted',
    sure: 'Delete the number?', sureWhy: 'Who held it is forgotten: late calls to it find no visit. Switch it off to go on recognising them. Past calls and leads stay as they are.', keep: 'Cancel', created: 'Added {{at}}',
  },
);

type Request = Schemas['UpdateNumberRequest'];

export function EditNumber({ of, onClose }: { of: Schemas['NumberAnswer']; onClose: () => void }) {
  const t = texts.use();
  const kind = kindTexts.use();
  const f = useFormats();
  const [form] = Form.useForm<Request>();
  const [act, isBusy] = useChange();
  const at = { params: { path: { id: of.id } } };
  // An empty text clears; what is absent would stay.
  const send = async (v: Request): Promise<void> => {
    const body = Object.fromEntries(Object.entries(v).map(([k, x]) => [k, x ?? ''])) as Request;
    if (await act(api.PATCH('/v1/numbers/{id}', { ...at, body }), { done: t('saved'), touches: ['/v1/numbers'], form })) onClose();
  };
  const remove = async (): Promise<void> => {
    if (await act(api.DELETE('/v1/numbers/{id}', at), { done: t('removed'), touches: ['/v1/numbers'] })) onClose();
  };
  return (
    <Drawer
      open
      size={440}
      title={`${of.number} · ${kind(of.kind as 'dynamic')}`}
      onClose={onClose}
      footer={
        <Flex justify="space-between">
          <Button type="primary" loading={isBusy} onClick={() => form.submit()}>
            {t('save')}
          </Button>
          <Popconfirm title={t('sure')} description={<div style={{ maxWidth: 300 }}>{t('sureWhy')}</div>} okText={t('remove')} cancelText={t('keep')} okButtonProps={{ danger: true }} onConfirm={remove}>
            <Button danger>{t('remove')}</Button>
          </Popconfirm>
        </Flex>
      }
    >
      <Form<Request> form={form} layout="vertical" onFinish={(v) => void send(v)} initialValues={of}>
        <Form.Item name="isActive" label={t('active')} extra={t('activeHint')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="name" label={t('name')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="region" label={t('region')}>
          <Input maxLength={50} />
        </Form.Item>
        {of.kind === 'static' && <PassportFields />}
      </Form>
      <Typography.Text type="secondary">{t('created', { at: f.moment(of.createdAt) })}</Typography.Text>
    </Drawer>
  );
}
