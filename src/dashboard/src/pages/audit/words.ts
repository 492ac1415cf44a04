import russian from '../../../../words/actions.json';
import { defineTexts, useLanguage } from '../../app/texts';

const texts = defineTexts(
  {
    outcome: 'ответ', fields: 'поля', filters: 'условия', format: 'файл', count: 'строк', what: 'что',
    leads: 'заявка', clients: 'клиент', calls: 'звонок', connections: 'подключение', visits: 'визит', deals: 'сделка', deliveries: 'доставка', rejects: 'неразобранное', reports: 'отчёт', sites: 'сайт', senders: 'отправитель', numbers: 'номер', users: 'человек', projects: 'проект', promotions: 'акция', rebuilds: 'пересчёт',
    reconcile: 'сверка', sources: 'словарь', spend: 'расход', privacy: 'личные данные', views: 'вид', audit: 'журнал', me: 'свой профиль', session: 'сеанс', alerts: 'предупреждения', apiKeys: 'ключ API', stopList: 'стоп-лист', invitations: 'приглашение',
  },
  {
    outcome: 'answer', fields: 'fields', filters: 'filters', format: 'file', count: 'rows', what: 'what',
    leads: 'lead', clients: 'client', calls: 'call', connections: 'connection', visits: 'visit', deals: 'deal', deliveries: 'delivery', rejects: 'not understood', reports: 'report', sites: 'site', senders: 'sender', numbers: 'number', users: 'person', projects: 'project', promotions: 'promotion', rebuilds: 'rebuild',
    reconcile: 'comparison', sources: 'dictionary', spend: 'spend', privacy: 'personal data', views: 'view', audit: 'audit log', me: 'own account', session: 'session', alerts: 'alerts', apiKeys: 'API key', stopList: 'stop list', invitations: 'invitation',
  },
);

type Key = Parameters<typeof texts.say>[0];
const details: readonly Key[] = ['outcome', 'fields', 'filters', 'format', 'count', 'what'];
const entities = new Map<string, Key>(
  (['leads', 'clients', 'calls', 'connections', 'visits', 'deals', 'deliveries', 'rejects', 'reports', 'sites', 'senders', 'numbers', 'users', 'projects', 'promotions', 'rebuilds', 'reconcile', 'sources', 'spend', 'privacy', 'views', 'audit', 'me', 'session', 'alerts', 'invitations'] as const).map((k): [string, Key] => [k, k]),
)
  .set('api-keys', 'apiKeys')
  .set('stop-list', 'stopList');

const names = new Map(Object.entries(russian));

/** Everything that the log may name, as the service names it: the operations of the API. */
export const actions: readonly string[] = [...names.keys()];

/** What stands in the log, in words. */
export function useAuditWords(): { action: (name: string) => string; entity: (name: string) => string; detail: (detail: unknown) => string } {
  const t = texts.use();
  const isRussian = useLanguage() === 'ru';
  return {
    // «CreateApiKey» reads as English as it is, with its words apart.
    action: (name) => (isRussian ? names.get(name) : undefined) ?? name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase().replace(/^./, (c) => c.toUpperCase()),
    entity: (name) => {
      const [first = '', ...rest] = name.split('/');
      const known = entities.get(first);
      return [known ? t(known) : first, ...rest].join(' / ');
    },
    // The log holds names of fields and counts, no personal data.
    detail: (detail) =>
      detail && typeof detail === 'object'
        ? Object.entries(detail)
            .map(([name, value]) => {
              const known = details.find((d) => d === name);
              return `${known ? t(known) : name}: ${Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
            })
            .join('; ')
        : '',
  };
}
