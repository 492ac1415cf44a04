import { Tabs } from 'antd';
import { defineTexts } from '../../app/texts';
import { useAddress, RangeBar } from '../../parts/range';
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
      <Tabs
        activeKey={tab}
        onChange={(key) => set({ tab: key === 'stages' ? undefined : key })}
        destroyOnHidden
        items={[
          { key: 'stages', label: t('stages'), children: <Stages /> },
          { key: 'losses', label: t('losses'), children: <Losses /> },
        ]}
      />
    </Room>
  );
}
