import { Button, Card, Flex, Form, Input, InputNumber, Typography } from 'antd';
import { api, queries, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Answer } from '../../../parts/States';
import { Acts } from './Acts';
import { Retention } from './Retention';

const texts = defineTexts(
  {
    who: 'Кто и зачем обрабатывает', whoHint: 'Попадает в выгрузку по запросу человека и в акты удаления.', operatorName: 'Оператор персональных данных', operatorContact: 'Куда обращаться', processorName: 'Кто обрабатывает по поручению', purpose: 'Цель', legalBasis: 'Правовое основание',
    keep: 'Сколько хранить, дней', keepHint: 'Старше — удаляется каждую ночь. Пусто — хранить всё время.', rawBodiesDays: 'Присланное целиком', rejectsDays: 'Не разобрано', attemptsDays: 'Попытки доставки', visitsDays: 'Визиты', leadsDays: 'Контакты заявок', auditDays: 'Журнал действий', always: 'всё время', days: 'дн.', save: 'Сохранить', saved: 'Сохранено',
  },
  {
    who: 'Who processes data, and why', whoHint: 'Goes into a person’s export and into acts of erasure.', operatorName: 'Controller of personal data', operatorContact: 'Whom to address', processorName: 'Who processes on its behalf', purpose: 'Purpose', legalBasis: 'Legal basis',
    keep: 'How long to keep, days', keepHint: 'What is older is deleted every night. Empty: kept for ever.', rawBodiesDays: 'Bodies as received', rejectsDays: 'What could not be read', attemptsDays: 'Attempts of delivery', visitsDays: 'Visits', leadsDays: 'Contacts of leads', auditDays: 'Audit log', always: 'for ever', days: 'days', save: 'Save', saved: 'Saved',
  },
);

type Settings = Schemas['PrivacySettings'];

export default function PrivacyTab() {
  const query = queries.useQuery('get', '/v1/privacy');
  return (
    <div className="stack">
      <Answer of={query}>{(settings) => <PrivacyForm of={settings} />}</Answer>
      <Retention />
      <Acts />
    </div>
  );
}

function PrivacyForm({ of }: { of: Settings }) {
  const t = texts.use();
  const [form] = Form.useForm<Settings>();
  const [act, isBusy] = useChange();
  // What is left empty is not told as an empty text.
  const send = (v: Settings): void => {
    const body = Object.fromEntries(Object.entries({ ...of, ...v }).map(([k, x]) => [k, typeof x === 'string' ? x.trim() || null : (x ?? null)])) as Settings;
    void act(api.PUT('/v1/privacy', { body }), { done: t('saved'), touches: ['/v1/privacy'], form });
  };
  return (
    <Form<Settings> form={form} layout="vertical" onFinish={send} initialValues={of} className="stack">
      <div className="two-columns">
        <Card size="small" title={t('who')}>
          <Typography.Paragraph type="secondary">{t('whoHint')}</Typography.Paragraph>
          {(['operatorName', 'operatorContact', 'processorName', 'purpose', 'legalBasis'] as const).map((name) => (
            <Form.Item key={name} name={name} label={t(name)}>
              <Input />
            </Form.Item>
          ))}
        </Card>
        <Card size="small" title={t('keep')}>
          <Typography.Paragraph type="secondary">{t('keepHint')}</Typography.Paragraph>
          <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(180px, 1fr))', gap: '0 16px' }}>
            {(['rawBodiesDays', 'rejectsDays', 'attemptsDays', 'auditDays'] as const).map((name) => (
              <Form.Item key={name} name={name} label={t(name)} rules={[{ required: true }]}>
                <InputNumber min={1} max={36_500} precision={0} suffix={t('days')} style={{ width: '100%' }} />
              </Form.Item>
            ))}
            {(['visitsDays', 'leadsDays'] as const).map((name) => (
              <Form.Item key={name} name={name} label={t(name)}>
                <InputNumber min={1} max={36_500} precision={0} suffix={t('days')} placeholder={t('always')} style={{ width: '100%' }} />
              </Form.Item>
            ))}
          </div>
        </Card>
      </div>
      <Flex>
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t('save')}
        </Button>
      </Flex>
    </Form>
  );
}
