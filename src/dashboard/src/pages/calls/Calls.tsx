import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { RangeBar } from '../../parts/range';
import { Room } from '../../parts/Room';
import { RoomTabs, useRoomTab } from '../../parts/RoomTabs';
import { CallList } from './CallList';
import { CallSummary } from './CallSummary';
import { MissedCalls } from './MissedCalls';
import { Numbers } from './Numbers';

const texts = defineTexts(
  { title: 'Звонки', summary: 'Сводка', missed: 'Не перезвонили', list: 'Все звонки', numbers: 'Номера' },
  { title: 'Calls', summary: 'Summary', missed: 'Not called back', list: 'All calls', numbers: 'Numbers' },
);

const tabs = [
  { key: 'summary', page: CallSummary },
  { key: 'missed', page: MissedCalls },
  { key: 'list', page: CallList },
  { key: 'numbers', page: Numbers },
] as const;

export default function Calls() {
  const t = texts.use();
  const may = useMay();
  const seesReports = may('reports');
  const { at } = useRoomTab(tabs);
  // Figures of the whole company are not for everybody who talks to clients.
  if (!seesReports)
    return (
      <Room title={t('title')} tools={<RangeBar />}>
        <CallList />
      </Room>
    );
  return (
    <Room title={t('title')} tools={<RangeBar comparable={at === 'summary'} />}>
      <RoomTabs room="calls" label={t('title')} tabs={tabs} nameOf={t} />
    </Room>
  );
}
