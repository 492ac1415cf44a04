import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { rooms, type RoomPath } from '../../app/rooms';
import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';

export type Alert = Schemas['Alert'];

const texts = defineTexts(
  {
    noLeads: 'Источник «{{name}}» замолчал: обычно от него {{usual}} заявок в день.', noLeadsPlain: 'Источник «{{name}}» замолчал: заявок нет необычно долго.', toSource: 'Смотреть источник',
    paused: 'Подключение «{{name}}» поставлено на паузу: заявки копятся.', needsAuth: 'Подключение «{{name}}» не работает: CRM больше не принимает доступ.', unreachable: 'CRM подключения «{{name}}» не отвечает.', down: 'Подключение «{{name}}» не работает.', toConnections: 'К подключениям',
    dead_one: '{{count}} доставка в «{{name}}» не удалась и больше не повторяется.', dead_few: '{{count}} доставки в «{{name}}» не удались и больше не повторяются.', dead_many: '{{count}} доставок в «{{name}}» не удались и больше не повторяются.', dead_other: '{{count}} доставки в «{{name}}» не удались и больше не повторяются.',
    late_one: '{{count}} заявка ждёт доставки в «{{name}}» дольше 15 минут.', late_few: '{{count}} заявки ждут доставки в «{{name}}» дольше 15 минут.', late_many: '{{count}} заявок ждут доставки в «{{name}}» дольше 15 минут.', late_other: '{{count}} заявки ждут доставки в «{{name}}» дольше 15 минут.', toDelivery: 'К доставке',
    missed_one: '{{count}} пропущенный звонок за три дня, и этому человеку не перезвонили.', missed_few: '{{count}} пропущенных звонка за три дня, и этим людям не перезвонили.', missed_many: '{{count}} пропущенных звонков за три дня, и этим людям не перезвонили.', missed_other: '{{count}} пропущенного звонка за три дня, и этим людям не перезвонили.',
    atWork: 'В рабочее время: {{count}}.', toCalls: 'Перезвонить',
    tags_one: '{{count}} заявка за неделю пришла по ссылке с ошибкой разметки', tags_few: '{{count}} заявки за неделю пришли по ссылкам с ошибками разметки', tags_many: '{{count}} заявок за неделю пришли по ссылкам с ошибками разметки', tags_other: '{{count}} заявки за неделю пришли по ссылкам с ошибками разметки', worst: 'больше всего — «{{name}}»', toTags: 'Найти ошибки',
    pool_one: '{{count}} посетителю сайта «{{name}}» за сутки не хватило номера.', pool_few: '{{count}} посетителям сайта «{{name}}» за сутки не хватило номера.', pool_many: '{{count}} посетителям сайта «{{name}}» за сутки не хватило номера.', pool_other: '{{count}} посетителям сайта «{{name}}» за сутки не хватило номера.', toNumbers: 'Сколько нужно номеров',
    rejects_one: '{{count}} обращение не удалось разобрать.', rejects_few: '{{count}} обращения не удалось разобрать.', rejects_many: '{{count}} обращений не удалось разобрать.', rejects_other: '{{count}} обращения не удалось разобрать.', toRejects: 'Разобрать',
    spendAuth: 'Кабинет «{{name}}» больше не даёт доступа: расход не загружается.', spendStale: 'Кабинет «{{name}}»: расход не загружается больше полутора суток.', loadedTo: 'Последний день с расходом: {{day}}', toSpend: 'К расходам',
    figuresLate: 'Отчёты отстают на {{span}}.', rebuilding: 'Идёт пересчёт истории.', toRebuilds: 'Ход пересчёта',
    missing_one: '{{count}} расхождение между сервисом и CRM или сайтом.', missing_few: '{{count}} расхождения между сервисом и CRM или сайтом.', missing_many: '{{count}} расхождений между сервисом и CRM или сайтом.', missing_other: '{{count}} расхождения между сервисом и CRM или сайтом.', toReconcile: 'К сверке',
    exports_one: '{{name}}: за сутки выгружен {{count}} человек, это необычно много', exports_few: '{{name}}: за сутки выгружено {{count}} человека, это необычно много', exports_many: '{{name}}: за сутки выгружено {{count}} человек, это необычно много', exports_other: '{{name}}: за сутки выгружено {{count}} человека, это необычно много',
    usual: ' (раньше — не больше {{usual}} в день)', toAudit: 'Смотреть журнал',
    someSite: 'сайт', crm: 'CRM',
  },
  {
    noLeads: 'The source “{{name}}” has fallen silent: it usually brings {{usual}} leads a day.', noLeadsPlain: 'The source “{{name}}” has fallen silent: there have been no leads for unusually long.', toSource: 'See the source',
    paused: 'The connection “{{name}}” is paused: leads pile up.', needsAuth: 'The connection “{{name}}” does not work: the CRM refuses access.', unreachable: 'The CRM of the connection “{{name}}” does not answer.', down: 'The connection “{{name}}” does not work.', toConnections: 'To connections',
    dead_one: '{{count}} delivery to “{{name}}” failed and is not tried any more.', dead_other: '{{count}} deliveries to “{{name}}” failed and are not tried any more.', late_one: '{{count}} lead has waited for “{{name}}” for over 15 minutes.', late_other: '{{count}} leads have waited for “{{name}}” for over 15 minutes.', toDelivery: 'To delivery',
    missed_one: '{{count}} call was missed in three days and nobody called back.', missed_other: '{{count}} calls were missed in three days and nobody called back.', atWork: 'In working hours: {{count}}.', toCalls: 'Call back',
    tags_one: '{{count}} lead of this week came by a wrongly tagged link', tags_other: '{{count}} leads of this week came by wrongly tagged links', worst: 'most of all “{{name}}”', toTags: 'Find the faults',
    pool_one: '{{count}} visitor of “{{name}}” found no free number within a day.', pool_other: '{{count}} visitors of “{{name}}” found no free number within a day.', toNumbers: 'How many numbers it takes', rejects_one: '{{count}} enquiry could not be read.', rejects_other: '{{count}} enquiries could not be read.', toRejects: 'Sort it out',
    spendAuth: 'The account “{{name}}” refuses access: its spend is not loaded.', spendStale: 'The account “{{name}}”: no spend has been loaded for over a day and a half.', loadedTo: 'Last day with spend: {{day}}', toSpend: 'To spend', figuresLate: 'Reports are {{span}} behind.', rebuilding: 'History is being counted anew.',
    toRebuilds: 'See its progress', missing_one: '{{count}} difference between the service and the CRM or the site.', missing_other: '{{count}} differences between the service and the CRM or the site.', toReconcile: 'To the comparison',
    exports_one: '{{name}} took out {{count}} person within a day, which is unusually many', exports_other: '{{name}} took out {{count}} people within a day, which is unusually many', usual: ' (never over {{usual}} a day before)', toAudit: 'See the log', someSite: 'the site', crm: 'the CRM',
  },
);

interface Words {
  readonly text: string;
  readonly action?: string;
  /** The page that mends it; absent when the reader may not open it. */
  readonly to?: string | undefined;
}

const text = (v: unknown): string | undefined => (typeof v === 'string' && v ? v : undefined);
const number = (v: unknown): number | undefined => (typeof v === 'number' ? v : undefined);

/** The campaign with most faults: `detail.campaigns` begins with it. */
function worstOf(detail: Readonly<Record<string, unknown>>): string | undefined {
  const [first] = Array.isArray(detail.campaigns) ? (detail.campaigns as unknown[]) : [];
  if (typeof first !== 'object' || first === null) return undefined;
  const { campaign, source } = first as { campaign?: unknown; source?: unknown };
  return text(campaign) ?? text(source);
}

/** An alert in words, with where it is mended. */
export function useAlertWords(): (alert: Alert) => Words {
  const t = texts.use();
  const f = useFormats();
  const may = useMay();
  const at = (room: RoomPath, rest = ''): string | undefined => (rooms.find((r) => r.path === room)?.rights.some(may) ? `../${room}${rest}` : undefined);

  return (alert) => {
    const { kind, count, detail } = alert;
    const name = alert.name ?? (kind === 'poolExhausted' ? t('someSite') : t('crm'));
    const queue = (state: string): string => `/queue?${new URLSearchParams({ state, ...(alert.id ? { connection: alert.id } : {}) })}`;
    const of = (words: string, action: string, to: string | undefined): Words => ({ text: words, action, to });
    switch (kind) {
      case 'noLeads': {
        const usual = number(detail.usualPerDay);
        return of(usual === undefined ? t('noLeadsPlain', { name }) : t('noLeads', { name, usual: f.count(usual) }), t('toSource'), at('sources', `?${new URLSearchParams({ source: name, by: 'source,campaign,keyword' })}`));
      }
      case 'connectionDown': {
        const state = text(detail.state);
        const words = state === 'paused' ? t('paused', { name }) : state === 'needs_reauth' ? t('needsAuth', { name }) : state === 'unreachable' ? t('unreachable', { name }) : t('down', { name });
        return of(words, t('toConnections'), may('settings') ? at('settings', '/connections') : at('delivery'));
      }
      case 'deliveriesDead':
        return of(t('dead', { count, name }), t('toDelivery'), at('delivery', queue('dead')));
      case 'deliveriesLate':
        return of(t('late', { count, name }), t('toDelivery'), at('delivery', queue('pending')));
      case 'missedCalls': {
        const atWork = number(detail.inWorkingHours);
        return of([t('missed', { count }), atWork ? t('atWork', { count: atWork }) : ''].filter(Boolean).join(' '), t('toCalls'), at('calls', '/missed'));
      }
      case 'tagFaults': {
        const worst = worstOf(detail) ?? alert.name;
        return of(`${[t('tags', { count }), worst && t('worst', { name: worst })].filter(Boolean).join(', ')}.`, t('toTags'), at('rules', '/tags'));
      }
      case 'poolExhausted':
        return of(t('pool', { count, name }), t('toNumbers'), at('calls', '/numbers'));
      case 'rejects':
        return of(t('rejects', { count }), t('toRejects'), at('delivery', '/rejects'));
      case 'spendStale': {
        const day = text(detail.loadedTo);
        return of([detail.state === 'needs_reauth' ? t('spendAuth', { name }) : t('spendStale', { name }), day ? t('loadedTo', { day: f.day(day) }) : ''].filter(Boolean).join(' '), t('toSpend'), at('money', '/cabinets'));
      }
      case 'figuresLate': {
        const seconds = number(detail.seconds);
        const isRebuilding = number(detail.rebuilding) !== undefined;
        return of([t('figuresLate', { span: f.span(seconds) }), isRebuilding ? t('rebuilding') : ''].filter(Boolean).join(' '), t('toRebuilds'), at('rules', '/rebuilds'));
      }
      case 'reconcileMissing':
        return of(t('missing', { count }), t('toReconcile'), at('delivery', '/reconcile'));
      case 'exportsUnusual': {
        const usual = number(detail.usual);
        return of(`${t('exports', { count, name })}${usual ? t('usual', { usual: f.count(usual) }) : ''}.`, t('toAudit'), at('audit', detail.isKey === true || !alert.id ? '' : `?${new URLSearchParams({ userId: alert.id })}`));
      }
      default:
        // A newer service may know more kinds than this page.
        return { text: '' };
    }
  };
}
