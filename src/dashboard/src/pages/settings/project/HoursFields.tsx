import { Button, Flex, Form, Input, Typography } from 'antd';
import type { NamePath } from 'antd/es/form/interface';
import { defineTexts } from '../../../app/texts';
import { days, dayTexts, isHours } from './hours';

const texts = defineTexts(
  { off: 'выходной', usual: 'Пн–Пт, 9–18', clear: 'Без рабочих часов', wrong: 'Например 09:00-18:00 или 10:00-14:00, 15:00-19:00', hint: 'Пустой день — выходной. Перерыв — через запятую. Ни одного дня: считается, что работаете всегда.' },
  { off: 'day off', usual: 'Mon–Fri, 9–18', clear: 'No working hours', wrong: 'For example 09:00-18:00 or 10:00-14:00, 15:00-19:00', hint: 'An empty day is a day off. A break: with a comma. No day at all: you are taken to work always.' },
);

/** Working hours, day by day, within a form. */
export function HoursFields({ name }: { name: readonly (string | number)[] }) {
  const t = texts.use();
  const day = dayTexts.use();
  const form = Form.useFormInstance();
  const set = (hours: Partial<Record<string, string>>): void => days.forEach((d) => form.setFieldValue([...name, d], hours[d] ?? ''));
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Flex wrap gap={8} align="center">
        <Button size="small" onClick={() => set(Object.fromEntries(days.slice(0, 5).map((d) => [d, '09:00-18:00'])))}>
          {t('usual')}
        </Button>
        <Button size="small" onClick={() => set({})}>
          {t('clear')}
        </Button>
      </Flex>
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(150px, 1fr))', gap: '0 12px' }}>
        {days.map((d) => (
          <Form.Item
            key={d}
            name={[...name, d] as NamePath}
            label={day(d)}
            style={{ marginBottom: 8 }}
            rules={[{ validator: (_, v: string | undefined) => (isHours(v) ? Promise.resolve() : Promise.reject(new Error(t('wrong')))) }]}
          >
            <Input placeholder={t('off')} allowClear />
          </Form.Item>
        ))}
      </div>
      <Typography.Text type="secondary">{t('hint')}</Typography.Text>
    </div>
  );
}
