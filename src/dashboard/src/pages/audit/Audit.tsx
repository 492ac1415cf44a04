import { Card, Select, Typography, type TableColumnsType } from 'antd';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { dayStart } from '../../parts/days';
import { PagedTable } from '../../parts/PagedTable';
import { usePaged } from '../../parts/paged';
import { RangeBar, useAddress, useRange } from '../../parts/range';
import { Room } from '../../parts/Room';
import { actions, useAuditWords } from './words';

type Entry = Schemas['AuditEntry'];

const texts = defineTexts(
  {
    title: 'Журнал', about: 'Кто, когда и что менял, и кто смотрел личные данные. Записи не меняются и не удаляются; их цепочка проверяется.', at: 'Когда', who: 'Кто', action: 'Действие', entity: 'Над чем', detail: 'Подробности', address: 'Адрес',
    anyone: 'Все люди', anyAction: 'Любое действие', empty: 'За эти дни никто ничего не менял и не смотрел.',
  },
  {
    title: 'Audit log', about: 'Who changed what and when, and who looked at personal data. Entries are never changed or removed; their chain is checked.', at: 'When', who: 'Who', action: 'Action', entity: 'Of what', detail: 'Details', address: 'Address',
    anyone: 'Everybody', anyAction: 'Any action', empty: 'Nobody changed or looked at anything in these days.',
  },
);

export default function Audit() {
  const t = texts.use();
  const f = useFormats();
  const { timeZone } = useOpenProject();
  const w = useAuditWords();
  const range = useRange(7);
  const [get, set] = useAddress();
  const users = queries.useQuery('get', '/v1/users', { params: { query: { limit: 500 } } });
  const list = usePaged<Entry>('/v1/audit', { userId: get('userId'), action: get('action'), from: dayStart(range.from, timeZone), to: dayStart(range.to, timeZone, 1) });
  const columns: TableColumnsType<Entry> = [
    { title: t('at'), className: 'numbers', render: (_, e) => f.moment(e.at) },
    { title: t('who'), dataIndex: 'who' },
    { title: t('action'), render: (_, e) => <span title={e.action}>{w.action(e.action)}</span> },
    { title: t('entity'), render: (_, e) => <span className="breakable">{e.entity && w.entity(e.entity)} {e.entityId && <Typography.Text type="secondary">{e.entityId}</Typography.Text>}</span> },
    { title: t('detail'), render: (_, e) => <span className="breakable">{w.detail(e.detail)}</span> },
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
          <Select
            aria-label={t('action')}
            value={get('action')}
            onChange={(action) => set({ action })}
            showSearch={{ optionFilterProp: 'label' }}
            options={[{ value: '', label: t('anyAction') }, ...actions.map((value) => ({ value, label: w.action(value) })).sort((a, b) => a.label.localeCompare(b.label))]}
            style={{ width: 280 }}
          />
        </>
      }
    >
      <Card size="small">
        <PagedTable list={list} columns={columns} empty={t('empty')} />
      </Card>
    </Room>
  );
}
