import { Tag } from 'antd';
import { defineTexts } from '../../app/texts';

const texts = defineTexts(
  { active: 'Работает', paused: 'На паузе', needs_reauth: 'Нужен вход', blocked: 'CRM отказала' },
  { active: 'Working', paused: 'Paused', needs_reauth: 'Needs a login', blocked: 'Refused by the CRM' },
);

const colors: Readonly<Record<string, string>> = { active: 'green', paused: 'gold', needs_reauth: 'red', blocked: 'red' };

export function ConnectionTag({ state }: { state: string }) {
  const t = texts.use();
  return <Tag color={colors[state] ?? 'default'}>{t(state as 'active')}</Tag>;
}
