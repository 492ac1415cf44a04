import { useQueryClient } from '@tanstack/react-query';
import { Button, Card, Flex, Form, Input, InputNumber, Select, Typography } from 'antd';
import { api, queries, type Schemas } from '../../../api/client';
import { sessionKey, useOpenProject } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { currencies, timeZones } from '../../../parts/choices';
import { ManyDaysPicker } from '../../../parts/DayPicker';
import type { Day } from '../../../parts/days';
import { Answer } from '../../../parts/States';
import { Explained } from '../Explained';
import { HoursFields } from './HoursFields';
import { hoursToSend, type Hours } from './hours';
import { Models } from './Models';

const texts = defineTexts(
  {
    basics: 'Основное', name: 'Название', zone: 'Часовой пояс', zoneHint: 'По нему начинаются дни отчётов и считаются рабочие часы.', currency: 'Валюта',
    hours: 'Рабочее время', hoursHint: 'По нему считается скорость ответа и сроки задач.', daysOff: 'Дни, когда не работаете', leads: 'Повторные заявки', window: 'Дубль, если та же заявка пришла снова за', minutes: 'мин',
    windowHint: 'Тот же человек и та же форма. Дубль не становится второй сделкой. 0 — дублей нет.', repeat: 'Знакомый клиент написал снова', deal: 'Новая сделка', dealAbout: 'Связана с тем же контактом CRM.',
    note: 'Примечание', noteAbout: 'В открытую сделку клиента; если открытой нет — новая сделка.', note_task: 'Примечание и задача', note_taskAbout: 'То же и задача ответственному за сделку.',
    money: 'Деньги', vat: 'Расход считать', gross: 'с НДС', grossAbout: 'Столько, сколько списано со счёта.', net: 'без НДС', netAbout: 'Если НДС к вычету.',
    romi: 'Что называть ROMI', payback: 'Окупаемость: выручка / расход', paybackAbout: '100 % — окупились. Потратили 10 000 ₽, заработали 15 000 ₽: 150 %.', netRomi: 'Прибыль на расход: (выручка − расход) / расход', netRomiAbout: '0 % — окупились. Те же деньги: 50 %.',
    attribution: 'Чья это сделка', save: 'Сохранить', saved: 'Сохранено', romiHint: 'Отчёты всегда пишут, какой из двух показан.',
  },
  {
    basics: 'Basics', name: 'Name', zone: 'Time zone', zoneHint: 'Days of reports begin by it, and working hours are counted in it.', currency: 'Currency',
    hours: 'Working hours', hoursHint: 'Response times and due times of tasks are counted by them.', daysOff: 'Days when you do not work', leads: 'Repeated leads', window: 'A duplicate, if the same lead comes again within', minutes: 'min',
    windowHint: 'The same person and the same form. A duplicate makes no second deal. 0: there are no duplicates.', repeat: 'A known client writes again', deal: 'A new deal', dealAbout: 'Linked to the same contact of the CRM.',
    note: 'A note', noteAbout: 'In the open deal of the client; a new deal if none is open.', note_task: 'A note and a task', note_taskAbout: 'The same, and a task for whoever answers for the deal.',
    money: 'Money', vat: 'Count spend', gross: 'with VAT', grossAbout: 'As much as the account was charged.', net: 'without VAT', netAbout: 'If you deduct VAT.',
    romi: 'What to call ROMI', payback: 'Payback: revenue / spend', paybackAbout: '100 % is break-even. Spent 10,000, earned 15,000: 150 %.', netRomi: 'Return: (revenue − spend) / spend', netRomiAbout: '0 % is break-even. The same money: 50 %.',
    attribution: 'Whose deal it is', save: 'Save', saved: 'Saved', romiHint: 'Reports always say which of the two is shown.',
  },
);

type Project = Schemas['ProjectAnswer'];

interface Values {
  name: string;
  timeZone: string;
  currency: string;
  workingHours: Hours;
  daysOff: Day[];
  minutes: number;
  repeatPolicy: string;
  spendVat: string;
  romi: string;
  attribution: Schemas['AttributionAnswer'];
}

export default function ProjectTab() {
  const project = useOpenProject();
  const query = queries.useQuery('get', '/v1/projects/{id}', { params: { path: { id: project.id } } });
  return <Answer of={query}>{(found) => <ProjectForm project={found} />}</Answer>;
}

function ProjectForm({ project }: { project: Project }) {
  const t = texts.use();
  const [form] = Form.useForm<Values>();
  const [act, isBusy] = useChange();
  const client = useQueryClient();

  const send = async ({ minutes, workingHours, daysOff, ...rest }: Values): Promise<void> => {
    const body = { ...rest, attribution: { ...project.attribution, ...rest.attribution }, duplicateWindowSeconds: Math.round(minutes * 60), workingHours: hoursToSend(workingHours), daysOff: daysOff ?? [] };
    const saved = await act(api.PATCH('/v1/projects/{id}', { params: { path: { id: project.id } }, body }), { done: t('saved'), touches: ['/v1/projects'], form });
    if (saved) void client.invalidateQueries({ queryKey: sessionKey });
  };

  return (
    <Form<Values>
      form={form}
      layout="vertical"
      scrollToFirstError
      onFinish={(v) => void send(v)}
      initialValues={{ ...project, minutes: project.duplicateWindowSeconds / 60 }}
      className="stack"
    >
      <div className="two-columns">
        <Card size="small" title={t('basics')}>
          <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, max: 200 }]}>
            <Input />
          </Form.Item>
          <Form.Item name="timeZone" label={t('zone')} extra={t('zoneHint')} rules={[{ required: true }]}>
            <Select showSearch options={timeZones()} />
          </Form.Item>
          <Form.Item name="currency" label={t('currency')} rules={[{ required: true }]}>
            <Select showSearch={{ optionFilterProp: 'label' }} options={currencies()} />
          </Form.Item>
        </Card>
        <Card size="small" title={t('leads')}>
          <Form.Item name="minutes" label={t('window')} extra={t('windowHint')} rules={[{ required: true }]}>
            <InputNumber min={0} max={1440} suffix={t('minutes')} style={{ width: 140 }} />
          </Form.Item>
          <Form.Item name="repeatPolicy" label={t('repeat')}>
            <Explained label={t('repeat')} choices={(['deal', 'note', 'note_task'] as const).map((value) => ({ value, name: t(value), about: t(`${value}About`) }))} />
          </Form.Item>
        </Card>
        <Card size="small" title={t('money')}>
          <Form.Item name="romi" label={t('romi')} extra={t('romiHint')}>
            <Explained
              label={t('romi')}
              choices={[
                { value: 'payback', name: t('payback'), about: t('paybackAbout') },
                { value: 'net', name: t('netRomi'), about: t('netRomiAbout') },
              ]}
            />
          </Form.Item>
          <Form.Item name="spendVat" label={t('vat')}>
            <Explained label={t('vat')} choices={(['gross', 'net'] as const).map((value) => ({ value, name: t(value), about: t(`${value}About`) }))} />
          </Form.Item>
        </Card>
        <Card size="small" title={t('attribution')}>
          <Models />
        </Card>
      </div>
      <Card size="small" title={t('hours')}>
        <Typography.Paragraph type="secondary">{t('hoursHint')}</Typography.Paragraph>
        <HoursFields name={['workingHours']} />
        <Form.Item name="daysOff" label={t('daysOff')} style={{ marginTop: 12 }}>
          <ManyDaysPicker />
        </Form.Item>
      </Card>
      <Flex>
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t('save')}
        </Button>
      </Flex>
    </Form>
  );
}
