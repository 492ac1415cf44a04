import { PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Select, Tag, Typography } from 'antd';
import { useState } from 'react';
import { queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { spokenPhone } from '../../../parts/Contacts';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';
import { useAddress } from '../../../parts/range';
import { AddNumbers } from './AddNumbers';
import { EditNumber } from './EditNumber';
import { kindTexts } from './kinds';
import { PoolUse } from './PoolUse';

const texts = defineTexts(
  {
    add: 'Добавить номера', number: 'Номер', kind: 'Вид', region: 'Регион', name: 'Название и источник', state: 'Сейчас', lastCall: 'Последний звонок', site: 'Сайт', allSites: 'Все сайты', allKinds: 'Все виды', held: 'у визита до {{till}}', free: 'свободен', off: 'выключен', shown: 'показывается',
    resting: 'отдыхает до {{till}}', empty: 'Здесь будут номера коллтрекинга. Добавьте номера, которые арендуете у оператора: каждому визиту сайта достаётся свой, и звонок находит рекламу.',
    about: 'Динамический номер выдаётся одному визиту за раз. Статический — одной рекламе навсегда. Запасной видят те, кому динамических не хватило.',
  },
  {
    add: 'Add numbers', number: 'Number', kind: 'Kind', region: 'Region', name: 'Name and source', state: 'Now', lastCall: 'Last call', site: 'Site', allSites: 'All sites', allKinds: 'All kinds', held: 'with a visit until {{till}}', free: 'free', off: 'off', shown: 'shown',
    resting: 'rests until {{till}}', empty: 'Tracking numbers will stand here. Add those that you rent from an operator: every visit of the site gets one of its own, and a call finds its advertising.',
    about: 'A dynamic number is lent to one visit at a time. A static one belongs to one advertisement. The overflow one is for those whom no dynamic one was left.',
  },
);

type TrackingNumber = Schemas['NumberAnswer'];

export default function NumbersTab() {
  const t = texts.use();
  const kind = kindTexts.use();
  const f = useFormats();
  const [get, set] = useAddress();
  const siteId = get('site');
  const sites = queries.useQuery('get', '/v1/sites', { params: { query: { limit: 200 } } });
  const list = usePaged<TrackingNumber>('/v1/numbers', { siteId, kind: get('kind') });
  const [isAdding, setAdding] = useState(false);
  const [edited, edit] = useState<TrackingNumber>();

  const stateOf = (n: TrackingNumber) => {
    if (!n.isActive) return <Tag>{t('off')}</Tag>;
    if (n.kind !== 'dynamic') return <Tag color="blue">{t('shown')}</Tag>;
    const now = Date.now();
    if (n.heldUntil && new Date(n.heldUntil).getTime() > now) return <Tag color="green">{t('held', { till: f.clock(n.heldUntil) })}</Tag>;
    if (n.freeAt && new Date(n.freeAt).getTime() > now) return <Tag color="gold">{t('resting', { till: f.clock(n.freeAt) })}</Tag>;
    return <Tag>{t('free')}</Tag>;
  };

  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary" style={{ flex: '1 1 300px' }}>
          {t('about')}
        </Typography.Text>
        <Flex wrap gap={8}>
          <Select
            aria-label={t('site')}
            value={siteId}
            onChange={(v) => set({ site: v })}
            options={[{ value: '', label: t('allSites') }, ...(sites.data?.items ?? []).map((s) => ({ value: s.id, label: s.name }))]}
            style={{ minWidth: 140 }}
          />
          <Select
            aria-label={t('kind')}
            value={get('kind')}
            onChange={(v) => set({ kind: v })}
            options={[{ value: '', label: t('allKinds') }, ...(['dynamic', 'static', 'overflow'] as const).map((value) => ({ value, label: kind(value) }))]}
            style={{ minWidth: 140 }}
          />
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t('add')}
          </Button>
        </Flex>
      </Flex>
      <PoolUse siteId={siteId} />
      <PagedTable
        list={list}
        empty={t('empty')}
        onOpen={edit}
        columns={[
          { title: t('number'), render: (_, n) => <span className="numbers">{spokenPhone(n.number)}</span> },
          { title: t('kind'), render: (_, n) => kind(n.kind as 'dynamic') },
          { title: t('region'), render: (_, n) => n.region || f.none },
          { title: t('name'), render: (_, n) => [n.name, n.source, n.campaign].filter((x, i, all) => x && all.indexOf(x) === i).join(' · ') || f.none },
          { title: t('site'), render: (_, n) => n.siteName },
          { title: t('state'), render: (_, n) => stateOf(n) },
          { title: t('lastCall'), render: (_, n) => f.moment(n.lastCallAt) },
        ]}
      />
      {isAdding && <AddNumbers sites={sites.data?.items ?? []} siteId={siteId} onClose={() => setAdding(false)} />}
      {edited && <EditNumber of={edited} onClose={() => edit(undefined)} />}
    </div>
  );
}
