import { defineTexts } from '../../app/texts';
import { useAddress, RangeBar } from '../../parts/range';
import { PageTabs } from '../../parts/PageTabs';
import { Pick, useChoice, useNames } from '../../parts/Pick';
import { Room } from '../../parts/Room';
import { Losses } from './Losses';
import { Stages } from './Stages';

const texts = defineTexts(
  { title: 'Воронка', stages: 'Этапы', losses: 'Потери', source: 'Источник', allSources: 'Все источники', manager: 'Менеджер', allManagers: 'Все менеджеры' },
  { title: 'Funnel', stages: 'Stages', losses: 'Losses', source: 'Source', allSources: 'All sources', manager: 'Manager', allManagers: 'All managers' },
);

export default function Funnel() {
  const t = texts.use();
  const [, set] = useAddress();
  const tab = useChoice('tab', ['stages', 'losses'], 'stages');
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
      <PageTabs
        label={t('title')}
        active={tab}
        onChange={(key) => set({ tab: key === 'stages' ? undefined : key })}
        tabs={[
          { key: 'stages', label: t('stages'), page: () => <Stages /> },
          { key: 'losses', label: t('losses'), page: () => <Losses /> },
        ]}
      />
    </Room>
  );
}
