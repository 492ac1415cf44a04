import { Alert, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { api, isProblem, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Explained } from '../Explained';
import { stopKinds, stopTexts } from './kinds';

const texts = defineTexts(
  {
    title: 'Добавить в стоп-лист', kind: 'Вид', values: 'Значения', valuesHint: 'По одному в строке, до 1 000.', verdict: 'Чем станут их заявки', spamAbout: 'Не приходят в CRM, видны в списке спама.', testAbout: 'Ваши телефоны и адреса: заявки видны как пробные.', note: 'Почему', add: 'Добавить',
    phoneHint: '+7 916 123-45-67, в любом написании', emailHint: 'name@example.ru', domainHint: 'example.ru — со всем, что под ним', ipHint: '192.0.2.7 или 192.0.2.0/24', wordHint: 'Слово или фраза целиком, до пяти слов', visitorHint: 'id посетителя из карточки визита',
    added_one: 'Добавлена {{count}} запись', added_few: 'Добавлено {{count}} записи', added_many: 'Добавлено {{count}} записей', added_other: 'Добавлено {{count}} записи', fault: 'Строка {{line}}: {{text}} — {{error}}', faults: 'Ничего не добавлено: исправьте строки',
  },
  {
    title: 'Add to the stop list', kind: 'Kind', values: 'Values', valuesHint: 'One a line, up to 1,000.', verdict: 'What their leads become', spamAbout: 'They do not come to the CRM and are seen in the list of spam.', testAbout: 'Your own phones and addresses: leads are seen as tests.', note: 'Why', add: 'Add',
    phoneHint: '+7 916 123-45-67, in any spelling', emailHint: 'name@example.ru', domainHint: 'example.ru, with all below it', ipHint: '192.0.2.7 or 192.0.2.0/24', wordHint: 'A whole word or phrase, up to five words', visitorHint: 'the visitor’s id of a visit’s card',
    added_one: '{{count}} entry added', added_other: '{{count}} entries added', fault: 'Line {{line}}: {{text}} — {{error}}', faults: 'Nothing was added: mend the lines',
  },
);

interface Values {
  kind: (typeof stopKinds)[number];
  text: string;
  verdict: string;
  note?: string;
}

export function AddEntries({ onClose }: { onClose: () => void }) {
  const t = texts.use();
  const s = stopTexts.use();
  const [form] = Form.useForm<Values>();
  const kind = Form.useWatch('kind', form) ?? 'phone';
  const [act, isBusy] = useChange();
  const [faults, setFaults] = useState<string[]>([]);
  const send = async (v: Values): Promise<void> => {
    const values = v.text.split('\n').map((x) => x.trim()).filter(Boolean);
    const entries: Schemas['AddToStopListEntry'][] = values.map((value) => ({ kind: v.kind, value, verdict: v.verdict, ...(v.note?.trim() ? { note: v.note.trim() } : {}) }));
    const sent = api.POST('/v1/stop-list', { body: { entries } });
    const { error } = await sent;
    // The service names entries by their place; here they are lines.
    const found = isProblem(error) ? Object.entries(error.errors ?? {}).flatMap(([name, why]) => {
      const at = /^entries\[(\d+)\]/.exec(name)?.[1];
      return at === undefined ? [] : [t('fault', { line: Number(at) + 1, text: values[Number(at)] ?? '', error: why.join(' ') })];
    }) : [];
    setFaults(found);
    if (found.length > 0) return;
    if (await act(sent, { done: t('added', { count: entries.length }), touches: ['/v1/stop-list'], form })) onClose();
  };
  return (
    <Modal open title={t('title')} okText={t('add')} confirmLoading={isBusy} onOk={() => form.submit()} onCancel={onClose}>
      <Form<Values> form={form} layout="vertical" onFinish={(v) => void send(v)} initialValues={{ kind: 'phone', verdict: 'spam' }}>
        <Form.Item name="kind" label={t('kind')}>
          <Select options={stopKinds.map((value) => ({ value, label: s(value) }))} />
        </Form.Item>
        <Form.Item name="text" label={t('values')} extra={t('valuesHint')} rules={[{ required: true, whitespace: true }]}>
          <Input.TextArea rows={3} placeholder={t(`${kind}Hint`)} />
        </Form.Item>
        {faults.length > 0 && (
          <Alert
            type="error"
            showIcon
            style={{ marginBottom: 16 }}
            title={t('faults')}
            description={faults.map((x) => (
              <div key={x} className="breakable">
                {x}
              </div>
            ))}
          />
        )}
        <Form.Item name="verdict" label={t('verdict')}>
          <Explained label={t('verdict')} choices={(['spam', 'test'] as const).map((value) => ({ value, name: s(value), about: t(`${value}About`) }))} />
        </Form.Item>
        <Form.Item name="note" label={t('note')}>
          <Input maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
