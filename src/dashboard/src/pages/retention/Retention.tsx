import { defineTexts } from '../../app/texts';
import { PageTabs } from '../../parts/PageTabs';
import { useChoice } from '../../parts/Pick';
import { RangeBar, useAddress } from '../../parts/range';
import { Room } from '../../parts/Room';
import { Abc } from './Abc';
import { Base } from './Base';
import { Cohorts } from './Cohorts';
import { Ltv } from './Ltv';
import { Rfm } from './Rfm';

const texts = defineTexts(
  { title: 'Возвращаемость', cohorts: 'Когорты', ltv: 'LTV', rfm: 'RFM', abc: 'ABC и XYZ', base: 'Клиентская база' },
  { title: 'Retention', cohorts: 'Cohorts', ltv: 'LTV', rfm: 'RFM', abc: 'ABC and XYZ', base: 'Client base' },
);

/** A year: clients come back by months, not by days. */
export const usualDays = 365;

export default function Retention() {
  const t = texts.use();
  const [, set] = useAddress();
  const tab = useChoice('tab', ['cohorts', 'ltv', 'rfm', 'abc', 'base'], 'cohorts');
  return (
    // RFM looks at all time up to today.
    <Room title={t('title')} tools={tab !== 'rfm' && <RangeBar days={usualDays} comparable={tab === 'base'} />}>
      <PageTabs
        label={t('title')}
        active={tab}
        onChange={(key) => set({ tab: key === 'cohorts' ? undefined : key, by: undefined, unit: undefined, groupBy: undefined })}
        tabs={[
          { key: 'cohorts', label: t('cohorts'), page: () => <Cohorts /> },
          { key: 'ltv', label: t('ltv'), page: () => <Ltv /> },
          { key: 'rfm', label: t('rfm'), page: () => <Rfm /> },
          { key: 'abc', label: t('abc'), page: () => <Abc /> },
          { key: 'base', label: t('base'), page: () => <Base /> },
        ]}
      />
    </Room>
  );
}
