import { Checkbox, Form, Input, InputNumber, Select, Typography } from 'antd';
import { defineTexts } from '../../../app/texts';
import { CrmChoices } from './CrmField';
import { Destination } from './Destination';
import type { Known } from './directories';
import { FieldMap } from './FieldMap';
import { templateParts } from './templateParts';
import { useUserOptions } from './userOptions';

const texts = defineTexts(
  {
    previous: 'Знакомый клиент остаётся у своего ответственного', users: 'Ответственные', usersHint: 'Один — всегда он. Несколько — по очереди.', title: 'Заголовок карточки', tags: 'Теги', fields: 'Поля карточки',
    task: 'Задача ответственному', due: 'Срок, мин', dueHint: 'рабочих минут с прихода заявки', for: 'для каких', taskExample: 'Перезвонить: {name} {phone}', new: 'новый клиент', repeat: 'повторный', missed_call: 'пропущенный звонок', all: 'для всех', hint: 'Шаблоны: {{names}}. Чего у заявки нет, то пропускается.', asIs: 'как в настройках',
  },
  {
    previous: 'A known client stays with whoever answers for them', users: 'Responsible', usersHint: 'One: always that user. Several: they take turns.', title: 'Title of the card', tags: 'Tags', fields: 'Fields of the card',
    task: 'Task for the responsible', due: 'Due in, min', dueHint: 'working minutes from the lead’s arrival', for: 'for which', taskExample: 'Call back: {name} {phone}', new: 'new client', repeat: 'repeated', missed_call: 'missed call', all: 'all', hint: 'Templates: {{names}}. What a lead lacks is left out.', asIs: 'as in the settings',
  },
);

type Path = readonly (string | number)[];

interface Props {
  /** Of the fields, within the form's list they stand in. */
  readonly at: Path;
  /** The same from the root of the form. */
  readonly path: Path;
  /** Where what is not said here is looked for, the nearest first. */
  readonly behind: readonly Path[];
  readonly known: Known;
  readonly card: 'deal' | 'lead';
}

/** What is done with a lead: of one rule, or of all leads. */
export function ActionFields({ at, path, behind, known, card }: Props) {
  const t = texts.use();
  const users = useUserOptions(known);
  const kinds = (['new', 'repeat', 'missed_call'] as const).map((value) => ({ value, label: t(value) }));
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 260px), 1fr))', gap: '0 16px' }}>
      <Destination known={known} card={card} at={at} path={path} behind={behind} placeholder={t('asIs')} />
      <Form.Item name={[...at, 'responsible', 'users']} label={t('users')} extra={t('usersHint')}>
        <CrmChoices known={known} options={users} placeholder={t('asIs')} />
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
        <FieldMap name={[...at, 'fields']} path={[...path, 'fields']} known={known} card={card} />
      </div>
      <Typography.Text type="secondary" className="breakable" style={{ gridColumn: '1 / -1' }}>
        {t('hint', { names: templateParts.map((p) => `{${p}}`).join(' ') })}
      </Typography.Text>
    </div>
  );
}
