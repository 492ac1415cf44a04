import { defineTexts } from '../../app/texts';
import { RangeBar } from '../../parts/range';
import { Room } from '../../parts/Room';
import { RoomTabs, useRoomTab } from '../../parts/RoomTabs';
import { Answering } from './Answering';
import { Hygiene } from './Hygiene';
import { ResponseTimes } from './ResponseTimes';

const texts = defineTexts(
  { title: 'Команда', response: 'Время ответа', answering: 'Ответы на звонки', hygiene: 'Порядок в CRM' },
  { title: 'Team', response: 'Response time', answering: 'Answering calls', hygiene: 'CRM hygiene' },
);

const tabs = [
  { key: 'response', page: ResponseTimes },
  { key: 'answering', page: Answering },
  { key: 'hygiene', page: Hygiene },
] as const;

export default function Team() {
  const t = texts.use();
  const { at } = useRoomTab(tabs);
  return (
    <Room title={t('title')} tools={<RangeBar comparable={at !== 'hygiene'} />}>
      <RoomTabs room="team" label={t('title')} tabs={tabs} nameOf={t} />
    </Room>
  );
}
