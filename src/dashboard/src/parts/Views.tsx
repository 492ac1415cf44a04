import { BookOutlined, DeleteOutlined, SaveOutlined } from '@ant-design/icons';
import { Alert, Button, Checkbox, Flex, Form, Input, Popconfirm, Popover, Spin, Tag, Typography } from 'antd';
import { useState } from 'react';
import { api, queries, type Problem, type Schemas } from '../api/client';
import { useOpenProject } from '../app/session';
import { defineTexts } from '../app/texts';
import { useChange } from './change';
import { useAddress } from './range';
import { wordsOf } from './States';

type View = Schemas['ViewAnswer'];
type Settings = Readonly<Record<string, unknown>>;

const texts = defineTexts(
  {
    views: 'Виды', saved: 'Сохранённые виды', none: 'Здесь будут сохранённые виды: отбор и настройки этой страницы под одним именем. Сохраните первый ниже.', name: 'Название', shared: 'Показать всем в проекте', days: 'Запомнить и даты', save: 'Сохранить вид', own: 'мой',
    all: 'общий', overwrite: 'Сохранить нынешнее сюда: {{name}}', remove: 'Удалить вид: {{name}}', sure: 'Удалить вид?', yes: 'Удалить', no: 'Отмена', done: 'Вид сохранён', needed: 'Дайте виду название',
  },
  {
    views: 'Views', saved: 'Saved views', none: 'Saved views will stand here: the filters and settings of this page under one name. Save the first one below.', name: 'Name', shared: 'Show to everybody in the project', days: 'Keep the dates too', save: 'Save the view', own: 'mine',
    all: 'shared', overwrite: 'Save the present state here: {{name}}', remove: 'Delete the view: {{name}}', sure: 'Delete the view?', yes: 'Delete', no: 'Cancel', done: 'The view is saved', needed: 'Give the view a name',
  },
);

interface Values {
  readonly name: string;
  readonly shared: boolean;
  readonly days?: boolean;
}

interface Props {
  readonly page: 'sources' | 'leads' | 'calls' | 'forgotten';
  /** What of the address a view keeps. Never a phone, a name or an e-mail: views are no place for people. */
  readonly names: readonly string[];
  /** Whether the page is asked by days: they are kept where a person wants them. */
  readonly hasDays?: boolean;
  /** What is kept beside the address, and what becomes of it. Read it with care: an older page may have kept it. */
  readonly more?: { readonly keep: Settings; readonly take: (settings: Settings) => void };
}

const days = ['from', 'to'];

/** What was kept, which the service hands out as it was given. */
const settingsOf = (view: View): Settings => (typeof view.settings === 'object' && view.settings ? (view.settings as Settings) : {});

const addressOf = (view: View): Readonly<Record<string, string>> => {
  const { address } = settingsOf(view);
  return typeof address === 'object' && address ? Object.fromEntries(Object.entries(address).filter((e): e is [string, string] => typeof e[1] === 'string')) : {};
};

/** How this page is asked, under a name: for oneself or for everybody. */
export function Views({ page, names, hasDays = false, more }: Props) {
  const t = texts.use();
  const [get, set] = useAddress();
  const { role } = useOpenProject();
  const [isOpen, setOpen] = useState(false);
  const [form] = Form.useForm<Values>();
  const [change, isBusy] = useChange({ touches: ['/v1/views'] });
  const list = queries.useQuery('get', '/v1/views', { params: { query: { page } } }, { enabled: isOpen });

  const bodyOf = (name: string, isShared: boolean, withDays: boolean): Schemas['ViewAnswerRequest'] => ({
    page, name, isShared,
    settings: { address: Object.fromEntries([...names, ...(withDays ? days : [])].map((n) => [n, get(n)]).filter(([, value]) => value)), ...more?.keep },
  });
  const create = async ({ name, shared, days: withDays = false }: Values): Promise<void> => {
    if (await change(api.POST('/v1/views', { body: bodyOf(name, shared, withDays) }), { done: t('done'), form })) form.resetFields();
  };
  const overwrite = (view: View): void => void change(api.PUT('/v1/views/{id}', { params: { path: { id: view.id } }, body: bodyOf(view.name, view.isShared, Boolean(addressOf(view).from)) }), { done: t('done') });
  const apply = (view: View): void => {
    const kept = addressOf(view);
    set({ ...Object.fromEntries(names.map((n) => [n, kept[n]])), ...(hasDays && kept.from ? { from: kept.from, to: kept.to } : {}) });
    more?.take(settingsOf(view));
    setOpen(false);
  };

  return (
    <Popover
      trigger="click" placement="bottomRight" open={isOpen} onOpenChange={setOpen}
      content={
        <div className="stack" style={{ gap: 12, width: 'min(380px, calc(100vw - 64px))' }}>
          <section>
            <Typography.Text type="secondary">{t('saved')}</Typography.Text>
            {list.isPending && <Spin size="small" style={{ display: 'block', margin: 8 }} />}
            {list.error && <Alert type="error" title={wordsOf(list.error as unknown as Problem)} />}
            {list.data?.items.length === 0 && <div style={{ marginTop: 6 }}>{t('none')}</div>}
            <ul style={{ listStyle: 'none', margin: '6px 0 0', padding: 0, maxHeight: 300, overflow: 'auto' }}>
              {list.data?.items.map((v) => (
                <li key={v.id}>
                  <Flex align="center" gap={6}>
                    <Button type="link" size="small" style={{ flex: 1, justifyContent: 'start', minWidth: 0, overflow: 'hidden', paddingInline: 0 }} onClick={() => apply(v)}>{v.name}</Button>
                    <Tag>{t(v.isShared ? 'all' : 'own')}</Tag>
                    {(v.isOwn || role === 'owner') && (
                      <>
                        <Button type="text" size="small" icon={<SaveOutlined />} aria-label={t('overwrite', { name: v.name })} title={t('overwrite', { name: v.name })} onClick={() => overwrite(v)} />
                        <Popconfirm title={t('sure')} okText={t('yes')} cancelText={t('no')} onConfirm={() => void change(api.DELETE('/v1/views/{id}', { params: { path: { id: v.id } } }))}>
                          <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('remove', { name: v.name })} />
                        </Popconfirm>
                      </>
                    )}
                  </Flex>
                </li>
              ))}
            </ul>
          </section>
          <Form form={form} layout="vertical" requiredMark={false} initialValues={{ shared: false, days: false }} onFinish={(v: Values) => void create(v)}>
            <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('needed') }]} style={{ marginBottom: 8 }}>
              <Input maxLength={100} />
            </Form.Item>
            <Flex vertical gap={4} align="start">
              <Form.Item name="shared" valuePropName="checked" noStyle><Checkbox>{t('shared')}</Checkbox></Form.Item>
              {hasDays && <Form.Item name="days" valuePropName="checked" noStyle><Checkbox>{t('days')}</Checkbox></Form.Item>}
              <Button htmlType="submit" type="primary" size="small" loading={isBusy} style={{ marginTop: 6 }}>{t('save')}</Button>
            </Flex>
          </Form>
        </div>
      }
    >
      <Button icon={<BookOutlined />}>{t('views')}</Button>
    </Popover>
  );
}
