import { defineTexts } from '../../../app/texts';
import type { Option } from './CrmField';
import type { Known } from './directories';

const texts = defineTexts({ left: 'отключён в CRM' }, { left: 'disabled in the CRM' });

/** Who may answer for a card; people who have left are known by name and cannot be chosen. Null: these credentials may not see people. */
export function useUserOptions(known: Known): readonly Option[] | null {
  const t = texts.use();
  if (known.data && !known.data.users) return null;
  const users = [...(known.data?.users ?? [])].sort((a, b) => Number(b.isActive) - Number(a.isActive) || a.name.localeCompare(b.name));
  return users.map((u) => ({ value: u.id, label: u.name, about: u.isActive ? u.id : t('left'), disabled: !u.isActive }));
}
