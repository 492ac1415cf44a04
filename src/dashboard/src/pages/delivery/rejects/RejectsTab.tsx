import { Flex, Select, Tag, Typography } from 'antd';
import { queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';
import { useAddress } from '../../../parts/range';
import { useOpened } from '../../../parts/RoomTabs';
import { useSaid } from '../../../parts/Said';
import { RejectCard } from './RejectCard';
import { rejectTexts, useReason, useRouteName } from './words';

const texts = defineTexts(
  {
    about: 'Присланное, которое не стало заявкой: хранится целиком. Исправьте и прочитайте снова — время останется прежним.', state: 'Состояние', site: 'Сайт', allSites: 'Все сайты', received: 'Пришло', route: 'Откуда', why: 'Что не так', size: 'Размер', bytes: '{{n}} Б',
    emptyOpen: 'Всё разобрано. Здесь появится присланное, которое не удалось прочитать: без телефона и почты, с ошибкой в JSON.', empty: 'Здесь ничего нет.',
  },
  {
    about: 'What was sent and became no lead: it is kept whole. Mend it and read it again; its time stays.', state: 'State', site: 'Site', allSites: 'All sites', received: 'Came', route: 'From', why: 'What is wrong', size: 'Size', bytes: '{{n}} B',
    emptyOpen: 'Everything is understood. What could not be read will stand here: without phone and e-mail, with a fault in its JSON.', empty: 'There is nothing here.',
  },
);

const states = ['open', 'replayed', 'discarded'] as const;
const colors = { open: 'red', replayed: 'green', discarded: 'default' } as const;

export default function RejectsTab() {
  const t = texts.use();
  const w = rejectTexts.use();
  const f = useFormats();
  const routeName = useRouteName();
  const reasonOf = useReason();
  const said = useSaid();
  const [get, set] = useAddress();
  const [opened, open] = useOpened('delivery', 'rejects', true);
  const state = get('state') || 'open';
  const sites = queries.useQuery('get', '/v1/sites', { params: { query: { limit: 200 } } });
  const list = usePaged<Schemas['RejectSummary']>('/v1/rejects', { state, siteId: get('site') });
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary" style={{ flex: '1 1 300px' }}>
          {t('about')}
        </Typography.Text>
        <Flex wrap gap={8}>
          <Select aria-label={t('state')} value={state} onChange={(v) => set({ state: v === 'open' ? undefined : v })} style={{ minWidth: 150 }} options={states.map((value) => ({ value, label: w(value) }))} />
          <Select aria-label={t('site')} value={get('site')} onChange={(v) => set({ site: v })} style={{ minWidth: 140 }} options={[{ value: '', label: t('allSites') }, ...(sites.data?.items ?? []).map((s) => ({ value: s.id, label: s.name }))]} />
        </Flex>
      </Flex>
      <PagedTable
        list={list}
        empty={t(state === 'open' ? 'emptyOpen' : 'empty')}
        onOpen={(r) => open(r.id)}
        columns={[
          { title: t('received'), render: (_, r) => f.moment(r.receivedAt) },
          { title: t('route'), render: (_, r) => routeName(r.route) },
          { title: t('site'), render: (_, r) => r.siteName ?? f.none },
          {
            title: t('why'),
            render: (_, r) => (
              <span className="breakable" style={{ display: 'inline-block', maxWidth: 420 }}>
                {Object.entries(r.errors)
                  .map(([field, errors]) => `${field}: ${errors.map(said).join(' ')}`)
                  .join(' ') || reasonOf(r.reason)}
              </span>
            ),
          },
          { title: t('size'), align: 'right', className: 'numbers', render: (_, r) => t('bytes', { n: f.count(r.bytes) }) },
          { title: t('state'), render: (_, r) => <Tag color={colors[r.state as 'open']}>{w(r.state as 'open')}</Tag> },
        ]}
      />
      {opened && <RejectCard id={opened} onClose={() => open()} />}
    </div>
  );
}
