import { Form, Select } from 'antd';
import { queries } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { namedChannels, useChannelName } from '../../../parts/passport';

const texts = defineTexts(
  {
    sites: 'Сайт', forms: 'Форма', channels: 'Канал', sources: 'Источник', campaignContains: 'В названии кампании есть', keywordContains: 'В ключевой фразе есть', phonePrefixes: 'Номер начинается с', kinds: 'Вид обращения', client: 'Клиент', hours: 'Время',
    any: 'любой', form: 'форма', call: 'звонок', missed_call: 'пропущенный звонок', chat: 'чат', new: 'новый', repeat: 'повторный', working: 'рабочее', off: 'нерабочее', needsHours: 'нужны рабочие часы',
  },
  {
    sites: 'Site', forms: 'Form', channels: 'Channel', sources: 'Source', campaignContains: 'Campaign’s name contains', keywordContains: 'Keyword contains', phonePrefixes: 'Phone begins with', kinds: 'Kind', client: 'Client', hours: 'Time',
    any: 'any', form: 'form', call: 'call', missed_call: 'missed call', chat: 'chat', new: 'new', repeat: 'repeated', working: 'working', off: 'off', needsHours: 'needs working hours',
  },
);

/** When a rule applies: all conditions that are filled in must hold, of each any value will do. */
export function ConditionFields({ at, hasHours }: { at: readonly (string | number)[]; hasHours: boolean }) {
  const t = texts.use();
  const channel = useChannelName();
  const sites = queries.useQuery('get', '/v1/sites', { params: { query: { limit: 200 } } });
  const tags = (name: 'forms' | 'sources' | 'campaignContains' | 'keywordContains' | 'phonePrefixes', placeholder?: string) => (
    <Form.Item name={[...at, name]} label={t(name)}>
      <Select mode="tags" open={false} suffixIcon={null} placeholder={placeholder ?? t('any')} tokenSeparators={[';']} />
    </Form.Item>
  );
  const one = (name: 'client' | 'hours', values: readonly ('new' | 'repeat' | 'working' | 'off')[]) => (
    <Form.Item name={[...at, name]} label={t(name)}>
      <Select allowClear placeholder={name === 'hours' && !hasHours ? t('needsHours') : t('any')} disabled={name === 'hours' && !hasHours} options={values.map((value) => ({ value, label: t(value) }))} />
    </Form.Item>
  );
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 220px), 1fr))', gap: '0 16px' }}>
      <Form.Item name={[...at, 'sites']} label={t('sites')}>
        <Select mode="tags" placeholder={t('any')} options={(sites.data?.items ?? []).map((s) => ({ value: s.id, label: s.name }))} />
      </Form.Item>
      {tags('forms')}
      <Form.Item name={[...at, 'channels']} label={t('channels')}>
        <Select mode="multiple" placeholder={t('any')} options={namedChannels.map((value) => ({ value, label: channel(value) }))} />
      </Form.Item>
      {tags('sources', 'Яндекс.Директ')}
      {tags('campaignContains')}
      {tags('keywordContains')}
      {tags('phonePrefixes', '+7495')}
      <Form.Item name={[...at, 'kinds']} label={t('kinds')}>
        <Select mode="multiple" placeholder={t('any')} options={(['form', 'call', 'missed_call', 'chat'] as const).map((value) => ({ value, label: t(value) }))} />
      </Form.Item>
      {one('client', ['new', 'repeat'])}
      {one('hours', ['working', 'off'])}
    </div>
  );
}
