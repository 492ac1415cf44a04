import { Alert } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';

const texts = defineTexts(
  {
    rows_one: '{{count}} строка расхода в валюте без курса: её нет ни в одной сумме.', rows_few: '{{count}} строки расхода в валюте без курса: их нет ни в одной сумме.', rows_many: '{{count}} строк расхода в валюте без курса: их нет ни в одной сумме.', rows_other: '{{count}} строки расхода в валюте без курса: их нет ни в одной сумме.',
    deals_one: '{{count}} выигранная сделка в валюте без курса: её выручки здесь нет.', deals_few: '{{count}} выигранные сделки в валюте без курса: их выручки здесь нет.', deals_many: '{{count}} выигранных сделок в валюте без курса: их выручки здесь нет.', deals_other: '{{count}} выигранной сделки в валюте без курса: их выручки здесь нет.',
    rates: 'Загрузить курсы', partial: 'У части рекламных источников расход неизвестен: суммы со знаком «≥» — известная часть, CPL и ROMI по ним неточны.', load: 'Загрузить расход', where: 'Посмотреть, где его нет', none: 'Расход за эти дни неизвестен: CPL, CAC и ROMI посчитать не из чего.',
    behind: 'Цифры отстают: самое старое изменение ждёт {{span}}.', rebuilding: 'История пересчитывается: готово {{share}}. До конца пересчёта цифры меняются.', watch: 'Посмотреть ход',
  },
  {
    rows_one: '{{count}} row of spend is in a currency without a rate: it is in no sum.', rows_other: '{{count}} rows of spend are in a currency without a rate: they are in no sum.',
    deals_one: '{{count}} won deal is in a currency without a rate: its revenue is missing here.', deals_other: '{{count}} won deals are in a currency without a rate: their revenue is missing here.',
    rates: 'Load rates', partial: 'Of some advertised sources the spend is unknown: sums with “≥” are the known part, their CPL and ROMI are not exact.', load: 'Load spend', where: 'See where it is missing', none: 'Spend of these days is unknown: there is nothing to count CPL, CAC and ROMI from.',
    behind: 'Figures are behind: the oldest change has waited {{span}}.', rebuilding: 'History is being counted anew: {{share}} is done. Until then figures move.', watch: 'See how far',
  },
);

/** What the reader must know before believing the figures, each with the page that mends it. */
export function Warnings({ report }: { report: Schemas['GetSourcesResponse'] }) {
  const t = texts.use();
  const f = useFormats();
  const { id } = useOpenProject();
  const { totals, freshness } = report;
  const to = (path: string, words: string) => <Link to={`/p/${id}/${path}`}>{words}</Link>;
  const all = [
    typeof freshness.rebuilding === 'number' && { type: 'info' as const, text: t('rebuilding', { share: f.share(freshness.rebuilding) }), link: to('rules/rebuilds', t('watch')) },
    freshness.behindSeconds >= 60 && { type: 'info' as const, text: t('behind', { span: f.span(freshness.behindSeconds) }), link: null },
    report.dealsUnconverted > 0 && { type: 'warning' as const, text: t('deals', { count: report.dealsUnconverted }), link: to('money/rates', t('rates')) },
    totals.spendUnconverted > 0 && { type: 'warning' as const, text: t('rows', { count: totals.spendUnconverted }), link: to('money/rates', t('rates')) },
    totals.spend === null && totals.leads > 0
      ? { type: 'info' as const, text: t('none'), link: to('money/import', t('load')) }
      : totals.spendIsPartial && totals.spendUnconverted === 0 && { type: 'warning' as const, text: t('partial'), link: to('money/unmatched', t('where')) },
  ].filter((a) => a !== false);
  return all.map((a) => <Alert key={a.text} type={a.type} showIcon title={<>{a.text} {a.link}</>} style={{ padding: '6px 12px' }} />);
}
