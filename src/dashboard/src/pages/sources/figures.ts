import type { Schemas } from '../../api/client';
import type { Formats } from '../../app/formats';
import { defineTexts, type Say } from '../../app/texts';

export type Figures = Schemas['SourceFigures'];
type Ratio = Schemas['RatioFigure'];
type Kind = 'money' | 'count' | 'share';
/** What the service lists behind a figure. */
export type What = 'visits' | 'leads' | 'calls' | 'answeredCalls' | 'clients' | 'deals' | 'won' | 'revenue' | 'spend';
export type Romi = 'payback' | 'net';

const ru = {
  spend: 'Расход', visits: 'Визиты', leads: 'Заявки', calls: 'Звонки', answeredCalls: 'Отвеченные звонки', spam: 'Спам', clients: 'Клиенты', deals: 'Сделки', won: 'Продажи', newClients: 'Новые покупатели', revenue: 'Выручка', firstRevenue: 'Выручка первых', repeatRevenue: 'Выручка повторных',
  cpl: 'CPL', cpo: 'CPO', cac: 'CAC', cohortConversion: 'Конверсия когорты', periodConversion: 'Конверсия периода', averageCheck: 'Средний чек', ltv: 'LTV', drr: 'ДРР', roas: 'ROAS', romi: 'ROMI', firstRomi: 'ROMI первых сделок',
  spend_: 'Расход из кабинетов, файлов и внесённый вручную. Неизвестный расход — прочерк, а не ноль.', visits_: 'Визиты без ботов.', leads_: 'Заявки без спама, проверочных и дублей; по их собственному паспорту, какая бы модель ни была выбрана.',
  calls_: 'Входящие звонки по паспорту их заявки, без спама и проверочных. Перезвоны в счёт: звонков может быть больше, чем заявок.', answeredCalls_: 'Звонки, на которые ответили.',
  spam_: 'Заявки, признанные спамом.', clients_: 'Клиенты, впервые обратившиеся в этот период; по первому касанию.', deals_: 'Сделки, созданные в периоде; у моделей с долями — части сделок.', won_: 'Сделки, выигранные в периоде и не потерянные потом.',
  newClients_: 'Продажи, которые стали первыми у своего клиента.', revenue_: 'Сумма выигранных сделок минус возвраты.', firstRevenue_: 'Выручка первых сделок клиентов.', repeatRevenue_: 'Выручка повторных сделок.',
  cpl_: 'Расход / заявки.', cpo_: 'Расход / продажи.', cac_: 'Расход / новые покупатели.', cohortConversion_: 'Из заявок этого периода стали продажей, когда бы она ни случилась.', periodConversion_: 'Продажи периода / заявки периода; может быть больше 100 %, когда покупают по старым заявкам.',
  averageCheck_: 'Выручка / продажи.', ltv_: 'Сколько к сегодняшнему дню принёс покупатель этого периода в среднем.', drr_: 'Доля рекламных расходов: расход / выручка.', roas_: 'Выручка / расход.',
  payback: 'Выручка / расход, 100 % — окупились.', net: '(Выручка − расход) / расход, 0 % — окупились.', firstPayback: 'Выручка первых сделок / расход, 100 % — окупились.', firstNet: '(Выручка первых сделок − расход) / расход, 0 % — окупились.',
  unknown: 'нет: расход неизвестен', zeroBase: 'нет: делить не на что', negativeBase: 'нет: возвращено больше, чем оплачено',
};

const texts = defineTexts(ru, {
  spend: 'Spend', visits: 'Visits', leads: 'Leads', calls: 'Calls', answeredCalls: 'Answered calls', spam: 'Spam', clients: 'Clients', deals: 'Deals', won: 'Won', newClients: 'New buyers', revenue: 'Revenue', firstRevenue: 'Revenue of first', repeatRevenue: 'Revenue of repeat',
  cpl: 'CPL', cpo: 'CPO', cac: 'CAC', cohortConversion: 'Cohort conversion', periodConversion: 'Period conversion', averageCheck: 'Average check', ltv: 'LTV', drr: 'Ad cost share', roas: 'ROAS', romi: 'ROMI', firstRomi: 'ROMI of first deals',
  spend_: 'Spend of cabinets, files and by hand. Unknown spend is a dash, not zero.', visits_: 'Visits without bots.', leads_: 'Leads without spam, tests and duplicates; by their own passports, whatever the model.',
  calls_: 'Incoming calls by the passports of their leads, without spam and tests. Redials count: there may be more calls than leads.', answeredCalls_: 'Calls that somebody answered.',
  spam_: 'Leads marked as spam.', clients_: 'Clients whose first enquiry came in the period; by their first touch.', deals_: 'Deals made in the period; parts of deals under models that share.', won_: 'Deals won in the period and not lost since.',
  newClients_: 'Won deals that are their client’s first.', revenue_: 'Won deals less refunds.', firstRevenue_: 'Revenue of clients’ first deals.', repeatRevenue_: 'Revenue of repeat deals.',
  cpl_: 'Spend / leads.', cpo_: 'Spend / won deals.', cac_: 'Spend / new buyers.', cohortConversion_: 'Of the leads of this period, those that became a won deal, whenever that was.', periodConversion_: 'Won deals of the period / leads of the period; above 100 % when old leads buy.',
  averageCheck_: 'Revenue / won deals.', ltv_: 'What a buyer of the period has brought by today, on average.', drr_: 'Spend / revenue.', roas_: 'Revenue / spend.',
  payback: 'Revenue / spend, 100 % is break-even.', net: '(Revenue − spend) / spend, 0 % is break-even.', firstPayback: 'Revenue of first deals / spend, 100 % is break-even.', firstNet: '(Revenue of first deals − spend) / spend, 0 % is break-even.',
  unknown: 'none: spend is unknown', zeroBase: 'none: there is nothing to divide by', negativeBase: 'none: more was paid back than paid',
});

export type SayFigure = Say<typeof ru>;
export const useFigureTexts = texts.use;

export interface Figure {
  readonly name: string;
  readonly kind: Kind;
  readonly what: What | undefined;
  readonly isLessBetter: boolean | undefined;
  /** Under which name the service sorts by it. */
  readonly sort: (romi: Romi) => string;
  readonly value: (of: Figures, romi: Romi) => number | null;
  /** A quotient shows its parts. */
  readonly ratio: ((of: Figures, romi: Romi) => Ratio) | undefined;
}

type Plain = 'spend' | 'visits' | 'leads' | 'calls' | 'answeredCalls' | 'spam' | 'clients' | 'deals' | 'won' | 'newClients' | 'revenue' | 'firstRevenue' | 'repeatRevenue';
type Quotient = 'cpl' | 'cpo' | 'cac' | 'cohortConversion' | 'periodConversion' | 'averageCheck' | 'ltv' | 'drr' | 'roas';

const plain = (name: Plain, kind: Kind, what: What | undefined, isLessBetter?: boolean): Figure => ({ name, kind, what, isLessBetter, sort: () => name, value: (of) => of[name] ?? null, ratio: undefined });
const quotient = (name: Quotient, kind: Kind, what: What | undefined, isLessBetter: boolean): Figure => ({ name, kind, what, isLessBetter, sort: () => name, value: (of) => of[name].value ?? null, ratio: (of) => of[name] });
const romi = (name: string, payback: 'romiPayback' | 'firstRomiPayback', net: 'romiNet' | 'firstRomiNet'): Figure => {
  const key = (meaning: Romi) => (meaning === 'net' ? net : payback);
  return { name, kind: 'share', what: 'revenue', isLessBetter: false, sort: key, value: (of, m) => of[key(m)].value ?? null, ratio: (of, m) => of[key(m)] };
};

/** The columns, in their order. */
export const figures: readonly Figure[] = [
  plain('spend', 'money', 'spend'), plain('visits', 'count', 'visits', false), plain('leads', 'count', 'leads', false), quotient('cpl', 'money', 'leads', true), plain('clients', 'count', 'clients', false),
  plain('deals', 'count', 'deals', false), plain('won', 'count', 'won', false), quotient('cohortConversion', 'share', 'leads', false), quotient('periodConversion', 'share', 'won', false), quotient('cpo', 'money', 'won', true),
  plain('newClients', 'count', 'won', false), quotient('cac', 'money', 'won', true), plain('revenue', 'money', 'revenue', false), quotient('averageCheck', 'money', 'won', false), romi('romi', 'romiPayback', 'romiNet'),
  quotient('drr', 'share', 'revenue', true), quotient('roas', 'share', 'revenue', false), quotient('ltv', 'money', 'won', false), plain('firstRevenue', 'money', 'revenue', false), plain('repeatRevenue', 'money', 'revenue', false),
  romi('firstRomi', 'firstRomiPayback', 'firstRomiNet'), plain('calls', 'count', 'calls', false), plain('answeredCalls', 'count', 'answeredCalls', false), plain('spam', 'count', undefined, true),
];

export const trends = ['trendLeads', 'trendRevenue'] as const;
export type Trend = (typeof trends)[number];

export const usualColumns: readonly string[] = ['trendLeads', 'spend', 'visits', 'leads', 'cpl', 'won', 'cohortConversion', 'revenue', 'averageCheck', 'romi'];

export const writeFigure = (f: Formats, figure: Figure, value: number | null): string => f[figure.kind](value);

export function hintOf(t: SayFigure, figure: Figure, meaning: Romi): string {
  if (figure.name === 'romi') return t(meaning);
  if (figure.name === 'firstRomi') return t(meaning === 'net' ? 'firstNet' : 'firstPayback');
  return t(`${figure.name}_` as 'spend_');
}

export const nameOf = (t: SayFigure, figure: Figure): string => t(figure.name as 'spend');

/** «287 943 ₽ / 54 = 5 332 ₽», or why there is no value. */
export function formulaOf(t: SayFigure, f: Formats, figure: Figure, of: Figures, meaning: Romi): string | undefined {
  const ratio = figure.ratio?.(of, meaning);
  if (!ratio) return undefined;
  if (ratio.value === null || ratio.value === undefined) return t((ratio.why ?? 'zeroBase') as 'unknown');
  const isMoney = { part: figure.name !== 'cohortConversion' && figure.name !== 'periodConversion', whole: figure.kind === 'share' && figure.name !== 'cohortConversion' && figure.name !== 'periodConversion' };
  return `${isMoney.part ? f.money(ratio.part) : f.count(ratio.part)} / ${isMoney.whole ? f.money(ratio.whole) : f.count(ratio.whole)} = ${writeFigure(f, figure, ratio.value)}`;
}
