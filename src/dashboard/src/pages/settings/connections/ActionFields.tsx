import { AutoComplete, Checkbox, Form, Input, InputNumber, Select, Typography } from 'antd';
import { defineTexts } from '../../../app/texts';
import { MapField } from '../MapField';
import { CrmId } from './CrmField';
import type { useCrmNames } from './crmNames';

const texts = defineTexts(
  {
    pipeline: 'Воронка', stage: 'Этап', previous: 'Знакомый клиент остаётся у своего ответственного', users: 'Ответственные', usersHint: 'Один — всегда он. Несколько — по очереди.', title: 'Заголовок карточки', tags: 'Теги', fields: 'Поля карточки', field: 'Поле CRM (id или код)', template: 'Шаблон',
    task: 'Задача ответственному', due: 'Срок, мин', dueHint: 'рабочих минут с прихода заявки', for: 'для каких', taskExample: 'Перезвонить: {name} {phone}', new: 'новый клиент', repeat: 'повторный', missed_call: 'пропущенный звонок', all: 'для всех', hint: 'Шаблоны: {{names}}. Чего у заявки нет, то пропускается.', asIs: 'как в настройках',
  },
  {
    pipeline: 'Pipeline', stage: 'Stage', previous: 'A known client stays with whoever answers for them', users: 'Responsible', usersHint: 'One: always that user. Several: they take turns.', title: 'Title of the card', tags: 'Tags', fields: 'Fields of the card', field: 'Field of the CRM (id or code)', template: 'Template',
    task: 'Task for the responsible', due: 'Due in, min', dueHint: 'working minutes from the lead’s arrival', for: 'for which', taskExample: 'Call back: {name} {phone}', new: 'new client', repeat: 'repeated', missed_call: 'missed call', all: 'all', hint: 'Templates: {{names}}. What a lead lacks is left out.', asIs: 'as in the settings',
  },
);

const placeholders = ['name', 'phone', 'email', 'comment', 'site', 'form', 'page', 'channel', 'source', 'medium', 'campaign', 'content', 'keyword', 'referrer', 'kind', 'line', 'yclid', 'gclid', 'ym_client_id', 'ga_client_id', 'lead_id'];

/** What is done with a lead: of one rule, or of all leads. */
export function ActionFields({ at, place, names }: { at: readonly (string | number)[]; place: readonly (string | number)[]; names: ReturnType<typeof useCrmNames> }) {
  const t = texts.use();
  const kinds = (['new', 'repeat', 'missed_call'] as const).map((value) => ({ value, label: t(value) }));
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 260px), 1fr))', gap: '0 16px' }}>
      <Form.Item name={[...at, 'pipelineId']} label={t('pipeline')}>
        <CrmId options={names.pipelines} placeholder={t('asIs')} />
      </Form.Item>
      <Form.Item name={[...at, 'stageId']} label={t('stage')}>
        <AutoComplete allowClear options={names.stages} placeholder={t('asIs')} />
      </Form.Item>
      <Form.Item name={[...at, 'responsible', 'users']} label={t('users')} extra={t('usersHint')}>
        <Select mode="tags" options={names.users.map((u) => ({ ...u, value: String(u.value) }))} placeholder={t('asIs')} tokenSeparators={[',', ' ']} />
      </Form.Item>
      <Form.Item name={[...at, 'responsible', 'previous']} valuePropName="checked" label=" " colon={false}>
        <Checkbox>{t('previous')}</Checkbox>
      </Form.Item>
      <Form.Item name={[...at, 'title']} label={t('title')}>
        <Input placeholder="{form}: {name} ({source})" />
      </Form.Item>
      <Form.Item name={[...at, 'tags']} label={t('tags')}>
        <Select mode="tags" open={false} suffixIcon={null} placeholder="{source}" />
      </Form.Item>
      <Form.Item name={[...at, 'task', 'text']} label={t('task')}>
        <Input placeholder={t('taskExample')} />
      </Form.Item>
      <Form.Item name={[...at, 'task', 'dueMinutes']} label={`${t('due')} (${t('dueHint')})`}>
        <InputNumber min={1} max={43_200} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name={[...at, 'task', 'for']} label={`${t('task')}, ${t('for')}`}>
        <Select mode="multiple" options={kinds} placeholder={t('all')} />
      </Form.Item>
      <div style={{ gridColumn: '1 / -1', marginBottom: 12 }}>
        <Typography.Paragraph style={{ marginBottom: 8 }}>{t('fields')}</Typography.Paragraph>
        <MapField name={[...place, 'fields']} from={t('field')} to={t('template')} known={placeholders.map((p) => ({ value: `{${p}}` }))} />
      </div>
      <Typography.Text type="secondary" className="breakable" style={{ gridColumn: '1 / -1' }}>
        {t('hint', { names: placeholders.map((p) => `{${p}}`).join(' ') })}
      </Typography.Text>
    </div>
  );
}
