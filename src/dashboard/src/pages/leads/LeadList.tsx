import { Card, Flex, Typography, type TableColumnsType } from 'antd';
import { useEffect, useState } from 'react';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { spokenPhone } from '../../parts/Contacts';
import { Files } from '../../parts/Files';
import { DeliveryTag, StatusTag, useLeadWords } from '../../parts/leadWords';
import { LongTable } from '../../parts/LongTable';
import { usePaged } from '../../parts/paged';
import { Confidence, SourceLine } from '../../parts/passport';
import { Room } from '../../parts/Room';
import { Views } from '../../parts/Views';
import { useLeadCache } from './cache';
import { useLeadFeed } from './feed';
import { FeedDot, FreshBar } from './FeedBar';
import { useLeadQuery, viewNames, type Lead } from './filters';
import { LeadFilters } from './LeadFilters';

const texts = defineTexts(
  {
    title: 'Заявки', about: 'Обращения с сайта, из звонков и чатов', at: 'Время', who: 'Кто', source: 'Откуда', sure: 'Точность', status: 'Статус', crm: 'CRM', noContact: 'без контакта',
    none: 'Под такой отбор заявок нет. Измените или сбросьте его.', empty: 'Здесь появятся заявки: с форм сайта, из звонков и чатов. Подключите сайт или телефонию в настройках, и первая придёт сюда сама.', list: 'Список заявок',
  },
  {
    title: 'Leads', about: 'Enquiries from forms, calls and chats', at: 'Time', who: 'Who', source: 'Where from', sure: 'Sure', status: 'Status', crm: 'CRM', noContact: 'no contact',
    none: 'No leads match. Change or clear the filters.', empty: 'Leads will stand here: from forms, calls and chats. Connect a site or telephony in the settings, and the first one comes by itself.', list: 'Leads',
  },
);

/** Further down than this the list is being read, and must not move. */
const topOf = 120;

export function LeadList({ onOpen, onIds, openId }: { onOpen: (id: string) => void; onIds: (ids: readonly string[]) => void; openId: string | undefined }) {
  const t = texts.use();
  const f = useFormats();
  const word = useLeadWords();
  const cache = useLeadCache();
  const { query, takes, isFiltered } = useLeadQuery();
  const list = usePaged<Lead>('/v1/leads', query);
  const [page, setPage] = useState(1);
  const [waiting, setWaiting] = useState<ReadonlyMap<string, Lead>>(new Map());
  const [isBehind, setBehind] = useState(false);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());

  const asked = JSON.stringify(query);
  useEffect(() => {
    setPage(1);
    setWaiting(new Map());
    setBehind(false);
  }, [asked]);
  const ids = list.items.map((l) => l.id).join();
  useEffect(() => onIds(ids ? ids.split(',') : []), [ids, onIds]);

  const showNow = (leads: readonly Lead[]): void => {
    cache.add(query, leads);
    const added = leads.map((l) => l.id);
    setFresh((before) => new Set([...before, ...added]));
    setTimeout(() => setFresh((before) => new Set([...before].filter((id) => !added.includes(id)))), 8_000);
  };
  const state = useLeadFeed({
    onLeads: (leads, isCut) => {
      if (list.data === undefined) return;
      const newest = list.items[0]?.id ?? '';
      const known = new Map(list.items.map((l) => [l.id, l]));
      leads.filter((l) => known.has(l.id)).forEach((l) => JSON.stringify(known.get(l.id)) !== JSON.stringify(l) && cache.put(l));
      const news = leads.filter((l) => l.id > newest && !known.has(l.id) && takes(l));
      if (news.length === 0) return;
      if (isCut && leads.every((l) => l.id > newest)) setBehind(true);
      else if (isFiltered || page > 1 || window.scrollY > topOf || openId) setWaiting((before) => new Map([...before, ...news.map((l) => [l.id, l] as const)]));
      else showNow(news);
    },
    onChanged: (lead) => {
      cache.put(lead);
      setWaiting((before) => (before.has(lead.id) ? new Map(before).set(lead.id, lead) : before));
    },
    onGap: () => setBehind(true),
  });
  const show = (): void => {
    if (isBehind) cache.refreshLists();
    else showNow([...waiting.values()]);
    setWaiting(new Map());
    setBehind(false);
    setPage(1);
    window.scrollTo({ top: 0 });
  };

  const columns: TableColumnsType<Lead> = [
    {
      title: t('at'),
      width: 170,
      render: (_, l) => (
        <>
          <div className="numbers">{f.moment(l.receivedAt)}</div>
          <Typography.Text type="secondary" style={{ fontSize: 13 }}>
            {word(l.kind)}
            {l.formName || (l.formId && l.formId !== l.kind) ? ` · ${l.formName || l.formId}` : ''}
          </Typography.Text>
        </>
      ),
    },
    {
      title: t('who'),
      width: 270,
      render: (_, l) => {
        const contacts = [l.phone ? spokenPhone(l.phone) : l.phoneTyped, l.email ?? l.emailTyped, l.messenger].filter(Boolean);
        return (
          <div className="breakable" style={{ maxWidth: 340 }}>
            <div>{l.name || contacts[0] || t('noContact')}</div>
            <Typography.Text type="secondary" style={{ fontSize: 13 }}>
              {contacts.slice(l.name ? 0 : 1).join(' · ')}
            </Typography.Text>
          </div>
        );
      },
    },
    { title: t('source'), width: 290, render: (_, l) => <SourceLine of={l.passport} /> },
    { title: t('sure'), width: 105, render: (_, l) => <Confidence of={l.passport.confidence} /> },
    { title: t('status'), width: 115, render: (_, l) => <StatusTag of={l.status} isPlain /> },
    {
      title: t('crm'),
      width: 180,
      render: (_, l) => (
        <Flex vertical gap={4} align="start">
          {l.deliveries.length === 0 ? f.none : l.deliveries.map((d) => <DeliveryTag key={d.id} state={d.state} crm={d.crm ?? null} />)}
        </Flex>
      ),
    },
  ];

  return (
    <Room
      title={t('title')}
      about={t('about')}
      tools={
        <>
          <FeedDot state={state} />
          <Views page="leads" names={viewNames} hasDays />
          <FreshBar count={waiting.size} isMore={isBehind} onShow={show} />
          <Files path="/v1/leads" query={query} />
        </>
      }
    >
      <Card size="small">
        <div className="stack">
          <LeadFilters loaded={list.items} />
          <LongTable<Lead>
            list={list}
            page={page}
            onPage={setPage}
            onOpen={(l) => onOpen(l.id)}
            empty={isFiltered ? t('none') : t('empty')}
            aria-label={t('list')}
            columns={columns}
            scroll={{ x: 1120 }}
            rowClassName={(l) => (fresh.has(l.id) ? 'ant-table-row-selected' : '')}
          />
        </div>
      </Card>
    </Room>
  );
}
