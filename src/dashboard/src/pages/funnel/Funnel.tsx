import { defineTexts } from '../../app/texts';
import { Pick, useNames } from '../../parts/Pick';
import { RangeBar } from '../../parts/range';
import { Room } from '../../parts/Room';
import { RoomTabs } from '../../parts/RoomTabs';
import { Losses } from './Losses';
import { Stages } from './Stages';

const texts = defineTexts(
  { title: 'Воронка', stages: 'Этапы', losses: 'Потери', source: 'Источник', allSources: 'Все источники', manager: 'Менеджер', allManagers: 'Все менеджеры' },
  { title: 'Funnel', stages: 'Stages', losses: 'Losses', source: 'Source', allSources: 'All sources', manager: 'Manager', allManagers: 'All managers' },
);

const tabs = [
  { key: 'stages', page: Stages },
  { key: 'losses', page: Losses },
] as const;

export default function Funnel() {
  const t = texts.use();
  const [sources, managers] = [useNames('source'), useNames('manager')];
  return (
    <Room
      title={t('title')}
      tools={
        <>
          <Pick name="source" label={t('source')} all={t('allSources')} options={sources} />
          <Pick name="manager" label={t('manager')} all={t('allManagers')} options={managers} />
          <RangeBar days={90} comparable />
        </>
      }
    >
      <RoomTabs room="funnel" label={t('title')} tabs={tabs} nameOf={t} keep={['source', 'manager']} />
    </Room>
  );
}
