import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { RangeBar, useAddress } from '../../parts/range';
import { PageTabs } from '../../parts/PageTabs';
import { useChoice } from '../../parts/Pick';
import { Room } from '../../parts/Room';
import { CallList } from './CallList';
import { CallSummary } from './CallSummary';
import { MissedCalls } from './MissedCalls';
import { Numbers } from './Numbers';

const texts = defineTexts(
  { title: 'Звонки', summary: 'Сводка', missed: 'Не перезвонили', list: 'Все звонки', numbers: 'Номера' },
  { title: 'Calls', summary: 'Summary', missed: 'Not called back', list: 'All calls', numbers: 'Numbers' },
);

export default function Calls() {
  const t = texts.use();
  const may = useMay();
  const [, set] = useAddress();
  const seesReports = may('reports');
  const tab = useChoice('tab', ['summary', 'missed', 'list', 'numbers'], 'summary');
  // Figures of the whole company are not for everybody who talks to clients.
  if (!seesReports)
    return (
      <Room title={t('title')} tools={<RangeBar />}>
        <CallList />
      </Room>
    );
  return (
    <Room title={t('title')} tools={<RangeBar comparable={tab === 'summary'} />}>
      <PageTabs
        label={t('title')}
        active={tab}
        onChange={(key) => set({ tab: key === 'summary' ? undefined : key, by: undefined })}
        tabs={[
          { key: 'summary', label: t('summary'), page: () => <CallSummary /> },
          { key: 'missed', label: t('missed'), page: () => <MissedCalls /> },
          { key: 'list', label: t('list'), page: () => <CallList /> },
          { key: 'numbers', label: t('numbers'), page: () => <Numbers /> },
        ]}
      />
    </Room>
  );
}
