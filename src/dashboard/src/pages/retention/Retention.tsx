import { defineTexts } from '../../app/texts';
import { RangeBar } from '../../parts/range';
import { Room } from '../../parts/Room';
import { RoomTabs, useRoomTab } from '../../parts/RoomTabs';
import { Abc } from './Abc';
import { Base } from './Base';
import { Cohorts } from './Cohorts';
import { Ltv } from './Ltv';
import { Rfm } from './Rfm';

const texts = defineTexts(
  { title: 'Возвращаемость', cohorts: 'Когорты', ltv: 'LTV', rfm: 'RFM', abc: 'ABC и XYZ', base: 'Клиентская база' },
  { title: 'Retention', cohorts: 'Cohorts', ltv: 'LTV', rfm: 'RFM', abc: 'ABC and XYZ', base: 'Client base' },
);

const tabs = [
  { key: 'cohorts', page: Cohorts },
  { key: 'ltv', page: Ltv },
  { key: 'rfm', page: Rfm },
  { key: 'abc', page: Abc },
  { key: 'base', page: Base },
] as const;

/** A year: clients come back by months, not by days. */
export const usualDays = 365;

export default function Retention() {
  const t = texts.use();
  const { at } = useRoomTab(tabs);
  return (
    // RFM looks at all time up to today.
    <Room title={t('title')} tools={at !== 'rfm' && <RangeBar days={usualDays} comparable={at === 'base'} />}>
      <RoomTabs room="retention" label={t('title')} tabs={tabs} nameOf={t} />
    </Room>
  );
}
