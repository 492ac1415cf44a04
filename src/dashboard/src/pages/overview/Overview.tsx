import { lazy, useMemo, Suspense } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Panel } from '../../parts/Panel';
import { Caution } from '../../parts/Caution';
import { countDays, type Unit } from '../../parts/days';
import { RangeBar, useRange } from '../../parts/range';
import { Shown, useReport } from '../../parts/report';
import { Room } from '../../parts/Room';
import { Alerts } from './Alerts';
import { Campaigns } from './Campaigns';
import { Figures } from './Figures';
import { Freshness } from './Freshness';
import { Trend } from './Trend';

const texts = defineTexts(
  {
    title: 'Обзор', noSpend: 'Загрузите расходы, чтобы увидеть CPL и ROMI', noSpendWhy: 'Заявки уже считаются. Чтобы узнать, сколько стоит каждая и что окупается, подключите рекламный кабинет или загрузите файл с расходами.',
    toSpend: 'К расходам', partial: 'Расход известен не для всех источников: показана его известная часть, CPL и ROMI посчитаны по ней.', noRate: 'Выигранных сделок без курса валюты: {{count}}. Их выручки здесь нет.',
    noSpendRate: 'Строк расхода без курса валюты: {{count}}. Они не вошли в расход.',
  },
  {
    title: 'Overview', noSpend: 'Load your spend to see CPL and ROMI', noSpendWhy: 'Leads are counted already. To learn what each of them costs and what pays back, connect an advertising account or upload a file with spend.',
    toSpend: 'To spend', partial: 'Spend is not known for all sources: this is its known part, and CPL and ROMI are counted on it.', noRate: 'Won deals without an exchange rate: {{count}}. Their revenue is not in these figures.',
    noSpendRate: 'Rows of spend without an exchange rate: {{count}}. They are not in the spend.',
  },
);

const FirstSteps = lazy(() => import('./FirstSteps'));

export type SourcesReport = Schemas['GetSourcesResponse'];

/** So that a chart has neither three points nor three hundred. */
const unitOf = (from: string, to: string): Unit => {
  const days = countDays(from, to);
  return days <= 62 ? 'day' : days <= 270 ? 'week' : 'month';
};

export default function Overview() {
  const t = texts.use();
  const range = useRange(30, 'previous');
  const unit = unitOf(range.from, range.to);
  const query = useMemo(() => ({ groupBy: unit, from: range.from, to: range.to, compare: range.compare }), [unit, range]);
  const report = useReport<SourcesReport>('/v1/reports/sources', query);
  return (
    <Room title={t('title')} about={report.data && <Freshness of={report.data.freshness} />} tools={<RangeBar comparable compared="previous" />}>
      <Shown of={report} rows={12}>
        {(data) =>
          isNothingThere(data.totals) ? (
            <>
              <Suspense>
                <FirstSteps />
              </Suspense>
              <Alerts />
            </>
          ) : (
            <Picture of={data} unit={unit} />
          )
        }
      </Shown>
    </Room>
  );
}

const isNothingThere = (totals: Schemas['SourceFigures']): boolean => totals.leads === 0 && totals.visits === 0 && totals.deals === 0 && totals.won === 0 && totals.spend === null;

function Picture({ of, unit }: { of: SourcesReport; unit: Unit }) {
  const t = texts.use();
  const may = useMay();
  const { totals } = of;
  return (
    <>
      <Figures of={of} />
      <Alerts />
      {totals.spend === null && (
        <Panel title={t('noSpend')}>
          {t('noSpendWhy')} {may('spend') && <Link className="text-link" to="../money">{t('toSpend')}</Link>}
        </Panel>
      )}
      {totals.spend !== null && totals.spendIsPartial && <Note text={t('partial')} />}
      {of.dealsUnconverted > 0 && <Note text={t('noRate', { count: of.dealsUnconverted })} />}
      {totals.spendUnconverted > 0 && <Note text={t('noSpendRate', { count: totals.spendUnconverted })} />}
      <Trend of={of} unit={unit} />
      <Campaigns from={of.from} to={of.to} />
    </>
  );
}

const Note = ({ text }: { text: string }) => (
  <Panel>
    <Caution>{text}</Caution>
  </Panel>
);
