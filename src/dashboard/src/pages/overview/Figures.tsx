import { Typography } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Figure } from '../../parts/Figure';
import type { SourcesReport } from './Overview';

const texts = defineTexts(
  {
    spend: 'Расход', leads: 'Заявки', cpl: 'CPL', won: 'Выиграно сделок', revenue: 'Выручка', romi: 'ROMI', made: 'заведено {{count}}', noSpend: 'расход не загружен', gross: 'с НДС', net: 'без НДС',
    payback: 'выручка / расход, 100 % — окупились', netRomi: '(выручка − расход) / расход, 0 % — окупились', check: 'средний чек {{value}}', spam: 'спам не в счёт: {{count}}',
    spendHint: 'Расход на рекламу за эти дни по данным кабинетов, файлов и ручного ввода.', leadsHint: 'Без спама, проверок и повторных обращений в пределах окна дублей.', cplHint: 'Расход, делённый на заявки.',
    wonHint: 'Сделки, выигранные в эти дни и не проигранные после.', revenueHint: 'Суммы выигранных сделок, за вычетом возвратов.', romiHint: 'Смысл ROMI выбирается в настройках проекта.',
  },
  {
    spend: 'Spend', leads: 'Leads', cpl: 'CPL', won: 'Deals won', revenue: 'Revenue', romi: 'ROMI', made: '{{count}} made', noSpend: 'no spend loaded', gross: 'with VAT', net: 'without VAT',
    payback: 'revenue / spend, 100 % is break-even', netRomi: '(revenue − spend) / spend, 0 % is break-even', check: 'average deal {{value}}', spam: 'spam left out: {{count}}',
    spendHint: 'What advertising cost on these days, by accounts, files and manual entries.', leadsHint: 'Without spam, tests and repeated enquiries within the duplicate window.', cplHint: 'Spend divided by leads.',
    wonHint: 'Deals won on these days and not lost since.', revenueHint: 'Amounts of won deals, refunds taken off.', romiHint: 'Which meaning ROMI has is chosen in the project’s settings.',
  },
);

/** The six figures that an owner looks at first; each leads to the report by sources of the same days. */
export function Figures({ of }: { of: SourcesReport }) {
  const t = texts.use();
  const f = useFormats();
  const { totals: now, previousTotals } = of;
  const before: Schemas['SourceFigures'] | undefined = previousTotals ?? undefined;
  const romi = of.romi === 'net' ? ('romiNet' as const) : ('romiPayback' as const);
  const link = (value: ReactNode): ReactNode => (
    <Link className="figure-link" to={`../sources?${new URLSearchParams({ from: of.from, to: of.to })}`}>
      {value}
    </Link>
  );
  const note = (text: string | undefined): ReactNode =>
    text && (
      <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13 }}>
        {text}
      </Typography.Text>
    );
  return (
    <div className="figure-grid of-six">
      <Figure
        name={t('spend')} hint={t('spendHint')} value={link(f.money(now.spend))} now={now.spend} before={before?.spend} write={f.money}
        extra={note(now.spend === null || now.spend === undefined ? t('noSpend') : of.spendVat === 'net' ? t('net') : t('gross'))}
      />
      <Figure name={t('leads')} hint={t('leadsHint')} value={link(f.count(now.leads))} now={now.leads} before={before?.leads} isLessBetter={false} extra={note(now.spam > 0 ? t('spam', { count: f.count(now.spam) }) : undefined)} />
      <Figure name={t('cpl')} hint={t('cplHint')} value={link(f.money(now.cpl.value))} now={now.cpl.value} before={before?.cpl.value} write={f.money} isLessBetter />
      <Figure name={t('won')} hint={t('wonHint')} value={link(f.count(now.won))} now={now.won} before={before?.won} isLessBetter={false} extra={note(t('made', { count: f.count(now.deals) }))} />
      <Figure
        name={t('revenue')} hint={t('revenueHint')} value={link(f.money(now.revenue))} now={now.revenue} before={before?.revenue} write={f.money} isLessBetter={false}
        extra={note(now.averageCheck.value === null || now.averageCheck.value === undefined ? undefined : t('check', { value: f.money(now.averageCheck.value) }))}
      />
      <Figure
        name={t('romi')} hint={t('romiHint')} value={link(f.share(now[romi].value))} now={now[romi].value} before={before?.[romi].value} write={f.share} isLessBetter={false}
        extra={note(of.romi === 'net' ? t('netRomi') : t('payback'))}
      />
    </div>
  );
}
