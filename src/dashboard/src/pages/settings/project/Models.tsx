import { Checkbox, Flex, Form, InputNumber, Select, Typography } from 'antd';
import { defineTexts } from '../../../app/texts';
import { models, useModelWords, type Model } from '../../../parts/models';

const texts = defineTexts(
  {
    dealWindow: 'Касания до сделки', leadWindow: 'Касания до заявки', halfLife: 'Полураспад', days: 'дн.',
    direct: 'Прямым заходам ничего, пока есть другие касания', windows: 'Смена сроков пересчитывает историю в фоне; смена модели видна сразу.',
  },
  {
    dealWindow: 'Touches before a deal', leadWindow: 'Touches before a lead', halfLife: 'Half-life', days: 'days',
    direct: 'Nothing for direct visits as long as there are other touches', windows: 'Other windows recount history in the background; another model is seen at once.',
  },
);

/** The client’s own source is a way to read a report, not one that a project counts by. */
const counted = models.filter((m) => m !== 'clientFirst');

/** How deals are shared among sources, within the project's form. */
export function Models() {
  const t = texts.use();
  const words = useModelWords();
  const model = Form.useWatch<Model | undefined>(['attribution', 'model']) ?? 'lastNonDirect';
  const days = (name: string, label: string, most: number) => (
    <Form.Item name={['attribution', name]} label={label} rules={[{ required: true }]} style={{ marginBottom: 8 }}>
      <InputNumber min={1} max={most} precision={0} suffix={t('days')} style={{ width: 120 }} />
    </Form.Item>
  );
  return (
    <>
      <Form.Item name={['attribution', 'model']} label={words.label} extra={words.about(model)}>
        <Select options={counted.map((value) => ({ value, label: words.name(value) }))} />
      </Form.Item>
      <Flex wrap gap={16}>
        {days('dealWindowDays', t('dealWindow'), 730)}
        {days('leadWindowDays', t('leadWindow'), 730)}
        {model === 'timeDecay' && days('halfLifeDays', t('halfLife'), 365)}
      </Flex>
      <Form.Item name={['attribution', 'leaveOutDirect']} valuePropName="checked" style={{ marginBottom: 4 }}>
        <Checkbox>{t('direct')}</Checkbox>
      </Form.Item>
      <Typography.Text type="secondary">{t('windows')}</Typography.Text>
    </>
  );
}
