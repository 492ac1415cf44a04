import { Input } from 'antd';
import { defineTexts } from '../../app/texts';
import { useAddress } from '../../parts/range';

const texts = defineTexts({ phone: 'Номер клиента целиком' }, { phone: 'The client’s whole number' });

/** Calls of one number, in any spelling. */
export function PhoneSearch() {
  const t = texts.use();
  const [get, set] = useAddress();
  return <Input.Search key={get('phone')} aria-label={t('phone')} placeholder={t('phone')} defaultValue={get('phone')} allowClear inputMode="tel" style={{ width: 270 }} onSearch={(phone) => set({ phone: phone.trim() })} />;
}
