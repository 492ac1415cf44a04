import { defineTexts } from '../../app/texts';
import { PageTabs } from '../../parts/PageTabs';
import { useChoice } from '../../parts/Pick';
import { RangeBar, useAddress } from '../../parts/range';
import { Room } from '../../parts/Room';
import { Answering } from './Answering';
import { Hygiene } from './Hygiene';
import { ResponseTimes } from './ResponseTimes';

const texts = defineTexts(
  { title: 'Команда', response: 'Время ответа', answering: 'Ответы на звонки', hygiene: 'Порядок в CRM' },
  { title: 'Team', response: 'Response time', answering: 'Answering calls', hygiene: 'CRM hygiene' },
);

export default function Team() {
  const t = texts.use();
  const [, set] = useAddress();
  const tab = useChoice('tab', ['response', 'answering', 'hygiene'], 'response');
  return (
    <Room title={t('title')} tools={<RangeBar comparable={tab !== 'hygiene'} />}>
      <PageTabs
        label={t('title')}
        active={tab}
        onChange={(key) => set({ tab: key === 'response' ? undefined : key, by: undefined })}
        tabs={[
          { key: 'response', label: t('response'), page: () => <ResponseTimes /> },
          { key: 'answering', label: t('answering'), page: () => <Answering /> },
          { key: 'hygiene', label: t('hygiene'), page: () => <Hygiene /> },
        ]}
      />
    </Room>
  );
}
