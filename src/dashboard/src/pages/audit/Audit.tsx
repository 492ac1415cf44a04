import { Card, Select, type TableColumnsType } from 'antd';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { AddressSearch } from '../../parts/AddressSearch';
import { dayStart } from '../../parts/days';
import { PagedTable } from '../../parts/PagedTable';
import { usePaged } from '../../parts/paged';
import { RangeBar, useAddress, useRange } from '../../parts/range';
import { Room } from '../../parts/Room';

type Entry = Schemas['AuditEntry'];

const texts = defineTexts(
  {
    title: 'Журнал', about: 'Кто, когда и что менял, и кто смотрел личные данные. Записи не меняются и не удаляются; их цепочка проверяется.', at: 'Когда', who: 'Кто', action: 'Действие', entity: 'Над чем', detail: 'Подробности', address: 'Адрес',
    anyone: 'Все люди', anyAction: 'Действие, например CreateSite', empty: 'За эти дни никто ничего не менял и не смотрел.',
  },
  {
    title: 'Audit log', about: 'Who changed what and when, and who looked at personal data. Entries are never changed or removed; their chain is checked.', at: 'When', who: 'Who', action: 'Action', entity: 'Of what', detail: 'Details', address: 'Address',
    anyone: 'Everybody', anyAction: 'Action, such as CreateSite', empty: 'Nobody changed or looked at anything in these days.',
  },
);

/** {a: 1, b: [..]} as «a: 1; b: …»: the log holds names of fields and counts, no personal data. */
const words = (detail: unknown): string =>
  detail && typeof detail === 'object'
    ? Object.entries(detail)
        .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
        .join('; ')
    : '';

export default function Audit() {
  const t = texts.use();
  const f = useFormats();
  const { timeZone } = useOpenProject();
  const range = useRange(7);
  const [get, set] = useAddress();
  const users = queries.useQuery('get', '/v1/users', { params: { query: { limit: 500 } } });
  const list = usePaged<Entry>('/v1/audit', { userId: get('userId'), action: get('action'), from: dayStart(range.from, timeZone), to: dayStart(range.to, timeZone, 1) });
  const columns: TableColumnsType<Entry> = [
    { title: t('at'), className: 'numbers', render: (_, e) => f.moment(e.at) },
    { title: t('who'), dataIndex: 'who' },
    { title: t('action'), dataIndex: 'action' },
    { title: t('entity'), render: (_, e) => <span className="breakable">{[e.entity, e.entityId].filter(Boolean).join(' ')}</span> },
    { title: t('detail'), render: (_, e) => <span className="breakable">{words(e.detail)}</span> },
    { title: t('address'), dataIndex: 'address' },
  ];
  return (
    <Room
      title={t('title')}
      about={t('about')}
      tools={
        <>
          <RangeBar days={7} />
          <Select
            aria-label={t('who')}
            value={get('userId')}
            onChange={(userId) => set({ userId })}
            options={[{ value: '', label: t('anyone') }, ...(users.data?.items ?? []).map((u) => ({ value: u.id, label: u.name }))]}
            style={{ minWidth: 160 }}
          />
          <AddressSearch name="action" label={t('anyAction')} pause={900} width={290} />
        </>
      }
    >
      <Card size="small">
        <PagedTable list={list} columns={columns} empty={t('empty')} />
      </Card>
    </Room>
  );
}
