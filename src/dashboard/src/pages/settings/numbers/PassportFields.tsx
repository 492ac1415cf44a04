import { Form, Input, Select } from 'antd';
import { defineTexts } from '../../../app/texts';
import { namedChannels, useChannelName } from '../../../parts/passport';

const texts = defineTexts(
  { channel: 'Канал', source: 'Источник', sourceHint: 'Пусто — по названию номера.', medium: 'Тип', campaign: 'Кампания', content: 'Объявление', keyword: 'Ключевая фраза' },
  { channel: 'Channel', source: 'Source', sourceHint: 'Empty: by the number’s name.', medium: 'Medium', campaign: 'Campaign', content: 'Content', keyword: 'Keyword' },
);

/** Where those come from who dial a static number. */
export function PassportFields() {
  const t = texts.use();
  const channel = useChannelName();
  return (
    <>
      <Form.Item name="channel" label={t('channel')}>
        <Select allowClear options={namedChannels.map((value) => ({ value, label: channel(value) }))} />
      </Form.Item>
      <Form.Item name="source" label={t('source')} extra={t('sourceHint')}>
        <Input maxLength={200} />
      </Form.Item>
      {(['medium', 'campaign', 'content', 'keyword'] as const).map((name) => (
        <Form.Item key={name} name={name} label={t(name)}>
          <Input maxLength={200} />
        </Form.Item>
      ))}
    </>
  );
}
