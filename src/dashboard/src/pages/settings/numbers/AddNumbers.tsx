import { Alert, Button, Drawer, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { useSaid } from '../../../parts/Said';
import { Explained } from '../Explained';
import { kindTexts } from './kinds';
import { PassportFields } from './PassportFields';

const texts = defineTexts(
  {
    title: 'Добавить номера', site: 'Сайт', kind: 'Вид', dynamicAbout: 'Пул: один номер — один визит за раз.', staticAbout: 'Для листовки, баннера, карты: у номера свой источник.', overflowAbout: 'Показывается, когда свободных нет.',
    text: 'Номера', textHint: 'По одному в строке, в любом написании, до 1 000.', region: 'Регион пула', regionHint: 'Если у сайта разные номера для разных городов; иначе пусто.', name: 'Название', add: 'Добавить',
    added_one: 'Добавлен {{count}} номер', added_few: 'Добавлено {{count}} номера', added_many: 'Добавлено {{count}} номеров', added_other: 'Добавлено {{count}} номера', known_one: '{{count}} уже есть', known_few: '{{count}} уже есть', known_many: '{{count}} уже есть', known_other: '{{count}} уже есть',
    faults: 'Эти строки не добавлены', line: 'Строка {{line}}: {{text}} — {{error}}',
  },
  {
    title: 'Add numbers', site: 'Site', kind: 'Kind', dynamicAbout: 'A pool: one number, one visit at a time.', staticAbout: 'For a leaflet, a billboard, a map: the number has a source of its own.', overflowAbout: 'Shown when none is free.',
    text: 'Numbers', textHint: 'One a line, in any spelling, up to 1,000.', region: 'Region of the pool', regionHint: 'If the site has different numbers for different cities; else empty.', name: 'Name', add: 'Add',
    added_one: '{{count}} number added', added_other: '{{count}} numbers added', known_one: '{{count}} was there already', known_other: '{{count}} were there already',
    faults: 'These lines were not added', line: 'Line {{line}}: {{text}} — {{error}}',
  },
);

type Request = Schemas['CreateNumbersRequest'];

export function AddNumbers({ sites, siteId, onClose }: { sites: readonly Schemas['SiteAnswer'][]; siteId: string; onClose: () => void }) {
  const t = texts.use();
  const said = useSaid();
  const kindName = kindTexts.use();
  const [form] = Form.useForm<Request>();
  const kind = Form.useWatch('kind', form) ?? 'dynamic';
  const [act, isBusy] = useChange();
  const [outcome, setOutcome] = useState<Schemas['CreateNumbersResponse']>();

  const send = async (body: Request): Promise<void> => {
    const made = await act(api.POST('/v1/numbers', { body }), { touches: ['/v1/numbers'], form });
    if (!made?.data) return;
    setOutcome(made.data);
    if (made.data.errors.length === 0 && made.data.known.length === 0) onClose();
    else form.setFieldValue('text', made.data.errors.map((e) => e.text).join('\n'));
  };

  return (
    <Drawer
      open
      size={480}
      title={t('title')}
      onClose={onClose}
      footer={
        <Button type="primary" loading={isBusy} onClick={() => form.submit()}>
          {t('add')}
        </Button>
      }
    >
      {outcome && (
        <Alert
          type={outcome.errors.length > 0 ? 'warning' : 'success'}
          showIcon
          style={{ marginBottom: 16 }}
          title={[t('added', { count: outcome.items.length }), outcome.known.length > 0 && t('known', { count: outcome.known.length })].filter(Boolean).join(', ')}
          description={
            outcome.errors.length > 0 && (
              <>
                <div>{t('faults')}</div>
                {outcome.errors.map((e) => (
                  <div key={e.line} className="breakable">
                    {t('line', { line: e.line, text: e.text, error: said(e.error) })}
                  </div>
                ))}
              </>
            )
          }
        />
      )}
      <Form<Request> form={form} layout="vertical" onFinish={(v) => void send(v)} initialValues={{ kind: 'dynamic', siteId: siteId || sites[0]?.id }}>
        <Form.Item name="siteId" label={t('site')}>
          <Select options={sites.map((s) => ({ value: s.id, label: s.name }))} />
        </Form.Item>
        <Form.Item name="kind" label={t('kind')}>
          <Explained label={t('kind')} choices={(['dynamic', 'static', 'overflow'] as const).map((value) => ({ value, name: kindName(value), about: t(`${value}About`) }))} />
        </Form.Item>
        <Form.Item name="text" label={t('text')} extra={t('textHint')} rules={[{ required: true, whitespace: true }]}>
          <Input.TextArea rows={3} placeholder={'+7 495 123-00-01\n+7 495 123-00-02'} />
        </Form.Item>
        <Form.Item name="name" label={t('name')} rules={[{ required: kind === 'static' }]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="region" label={t('region')} extra={t('regionHint')}>
          <Input maxLength={50} />
        </Form.Item>
        {kind === 'static' && <PassportFields />}
      </Form>
    </Drawer>
  );
}
