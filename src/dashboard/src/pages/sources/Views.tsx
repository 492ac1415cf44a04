import { BookOutlined, DeleteOutlined, SaveOutlined } from '@ant-design/icons';
import { Alert, App, Button, Checkbox, Flex, Form, Input, Popconfirm, Popover, Spin, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, queries, type Problem, type Schemas } from '../../api/client';
import { defineTexts } from '../../app/texts';
import { useAddress } from '../../parts/range';
import { useTelling } from '../../parts/saving';
import { wordsOf } from '../../parts/States';
import { kept } from './asked';
import { knownColumns } from './Columns';

type View = Schemas['ViewAnswer'];

/** What was kept is a page's own: read with care, for an older page may have kept it. */
const settingsOf = (view: View): { address?: Record<string, unknown>; columns?: unknown } =>
  typeof view.settings === 'object' && view.settings ? (view.settings as { address?: Record<string, unknown>; columns?: unknown }) : {};

const texts = defineTexts(
  {
    views: 'Виды', saved: 'Сохранённые виды', none: 'Здесь будут сохранённые виды: разрез, модель, фильтры и столбцы под одним именем. Сохраните первый ниже.', name: 'Название', shared: 'Показать всем в проекте', days: 'Запомнить и даты', save: 'Сохранить вид', own: 'мой',
    all: 'общий', overwrite: 'Сохранить нынешнее сюда: {{name}}', remove: 'Удалить вид: {{name}}', sure: 'Удалить вид?', yes: 'Удалить', no: 'Отмена', done: 'Вид сохранён', needed: 'Дайте виду название',
  },
  {
    views: 'Views', saved: 'Saved views', none: 'Saved views will stand here: levels, model, filters and columns under one name. Save the first one below.', name: 'Name', shared: 'Show to everybody in the project', days: 'Keep the dates too', save: 'Save the view', own: 'mine',
    all: 'shared', overwrite: 'Save the present state here: {{name}}', remove: 'Delete the view: {{name}}', sure: 'Delete the view?', yes: 'Delete', no: 'Cancel', done: 'The view is saved', needed: 'Give the view a name',
  },
);

interface Values {
  readonly name: string;
  readonly shared: boolean;
  readonly days: boolean;
}

const days = ['from', 'to'];

/** How this page is asked, under a name: for oneself or for everybody. */
export function Views({ columns, onColumns }: { columns: readonly string[]; onColumns: (to: readonly string[]) => void }) {
  const t = texts.use();
  const [get, set] = useAddress();
  const [isOpen, setOpen] = useState(false);
  const [form] = Form.useForm<Values>();
  const { message } = App.useApp();
  const tell = useTelling();
  const client = useQueryClient();
  const options = queries.queryOptions('get', '/v1/views', { params: { query: { page: 'sources' } } });
  const list = queries.useQuery('get', '/v1/views', { params: { query: { page: 'sources' } } }, { enabled: isOpen });

  const settings = (withDays: boolean): Record<string, unknown> => ({ address: Object.fromEntries([...kept, ...(withDays ? days : [])].map((n) => [n, get(n)]).filter(([, v]) => v)), columns });
  const change = async (work: Promise<{ error?: unknown }>, words?: string): Promise<boolean> => {
    const { error } = await work;
    if (error) {
      tell(error, form);
      return false;
    }
    if (words) void message.success(words);
    await client.invalidateQueries({ queryKey: options.queryKey });
    return true;
  };
  const create = async (v: Values): Promise<void> => {
    if (await change(api.POST('/v1/views', { body: { page: 'sources', name: v.name, settings: settings(v.days), isShared: v.shared } }), t('done'))) form.resetFields();
  };
  const overwrite = (view: View): Promise<boolean> => {
    const before = settingsOf(view).address as Record<string, string> | undefined;
    return change(api.PUT('/v1/views/{id}', { params: { path: { id: view.id } }, body: { page: 'sources', name: view.name, settings: settings(Boolean(before?.from)), isShared: view.isShared } }), t('done'));
  };
  const apply = (view: View): void => {
    const address = settingsOf(view).address ?? {};
    const value = (name: string): string | undefined => (typeof address[name] === 'string' ? address[name] : undefined);
    set({ ...Object.fromEntries(kept.map((n) => [n, value(n)])), ...(value('from') ? { from: value('from'), to: value('to') } : {}) });
    const known = knownColumns(settingsOf(view).columns);
    if (known.length > 0) onColumns(known);
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
                    {v.isOwn && (
                      <>
                        <Button type="text" size="small" icon={<SaveOutlined />} aria-label={t('overwrite', { name: v.name })} title={t('overwrite', { name: v.name })} onClick={() => void overwrite(v)} />
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
              <Form.Item name="days" valuePropName="checked" noStyle><Checkbox>{t('days')}</Checkbox></Form.Item>
              <Button htmlType="submit" type="primary" size="small" style={{ marginTop: 6 }}>{t('save')}</Button>
            </Flex>
          </Form>
        </div>
      }
    >
      <Button icon={<BookOutlined />}>{t('views')}</Button>
    </Popover>
  );
}
