import { Button, Card, Flex, Form, Input, Select, Typography } from 'antd';
import { useState } from 'react';
import { api, queries, type Schemas } from '../../api/client';
import { defineTexts } from '../../app/texts';
import { PassportCard } from '../../parts/passport';
import { useTelling } from '../../parts/saving';

const texts = defineTexts(
  {
    title: 'Вставьте адрес — увидите паспорт', page: 'Адрес страницы с метками', referrer: 'Откуда пришли', referrerHelp: 'Необязательно: адрес страницы перехода.', site: 'Сайт', any: 'Любой сайт проекта', test: 'Показать паспорт', kept: 'Ничего не сохраняется.', needed: 'Вставьте адрес страницы или перехода',
    empty: 'Здесь появится паспорт: канал, источник, кампания, фраза и почему решено именно так.',
  },
  {
    title: 'Paste an address to see its passport', page: 'Address of the page with its tags', referrer: 'Came from', referrerHelp: 'Optional: the address of the referring page.', site: 'Site', any: 'Any site of the project', test: 'Show the passport', kept: 'Nothing is kept.', needed: 'Paste the address of a page or of a referrer',
    empty: 'The passport will stand here: channel, source, campaign, keyword, and why it was decided so.',
  },
);

interface Values {
  readonly page?: string;
  readonly referrer?: string;
  readonly siteId?: string;
}

/** What the service would make of an address, with its reasons. */
export function Tester() {
  const t = texts.use();
  const tell = useTelling();
  const [form] = Form.useForm<Values>();
  const [passport, setPassport] = useState<Schemas['PassportAnswer']>();
  const [isBusy, setBusy] = useState(false);
  const sites = queries.useQuery('get', '/v1/sites', { params: { query: { limit: 500 } } });
  const test = async ({ page, referrer, siteId }: Values): Promise<void> => {
    setBusy(true);
    const { data, error } = await api.POST('/v1/sources/test', { body: { page: page?.trim() || null, referrer: referrer?.trim() || null, ...(siteId ? { siteId } : {}) } });
    setBusy(false);
    if (data) setPassport(data.passport);
    else tell(error, form);
  };
  return (
    <Card size="small" title={t('title')}>
      <div className="two-columns">
        <Form<Values> form={form} layout="vertical" onFinish={(v) => void test(v)}>
          <Form.Item name="page" label={t('page')} rules={[{ validator: async (_, v?: string) => { if (!v?.trim() && !form.getFieldValue('referrer')) throw new Error(t('needed')); } }]}>
            <Input.TextArea rows={3} placeholder="https://example.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign=spring" onPressEnter={(e) => { if (!e.shiftKey) { e.preventDefault(); form.submit(); } }} />
          </Form.Item>
          <Form.Item name="referrer" label={t('referrer')} extra={t('referrerHelp')}><Input placeholder="https://dzen.ru/" /></Form.Item>
          {(sites.data?.items.length ?? 0) > 1 && <Form.Item name="siteId" label={t('site')}><Select allowClear placeholder={t('any')} options={sites.data?.items.map((s) => ({ value: s.id, label: s.name }))} /></Form.Item>}
          <Flex gap={12} align="center" wrap>
            <Button type="primary" htmlType="submit" loading={isBusy}>{t('test')}</Button>
            <Typography.Text type="secondary">{t('kept')}</Typography.Text>
          </Flex>
        </Form>
        <div aria-live="polite">{passport ? <PassportCard of={passport} /> : <Typography.Text type="secondary">{t('empty')}</Typography.Text>}</div>
      </div>
    </Card>
  );
}
