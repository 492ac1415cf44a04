import { Radio, Table, Typography } from 'antd';
import type { ReactNode } from 'react';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { spokenPhone } from '../../parts/Contacts';
import { useDealMoney } from '../../parts/crm';
import { SourceLine } from '../../parts/passport';
import { ClientLink } from '../../parts/PersonLinks';
import { Answer } from '../../parts/States';

type Client = Schemas['GetClientResponse'];

const texts = defineTexts(
  {
    what: 'Что сравниваем', name: 'Имя', phones: 'Телефоны', emails: 'E-mail', messengers: 'Мессенджеры', crm: 'Контакты в CRM', first: 'Впервые', source: 'Первый источник', leads: 'Заявок', calls: 'Звонков', deals: 'Сделок', won: 'Куплено на', lastContact: 'Последний контакт',
    keep: 'Оставить эту карточку', stays: 'Что останется', noName: 'Без имени', same: 'совпадает', table: 'Сравнение двух клиентов',
    rule: 'Останется выбранная карточка: её имя и её адрес. Заявки, звонки, сделки и контакты второй перейдут к ней; первым источником станет самый ранний из двух. Ничего не пропадёт, объединение можно отменить.',
  },
  {
    what: 'What is compared', name: 'Name', phones: 'Phones', emails: 'E-mail', messengers: 'Messengers', crm: 'Contacts in the CRM', first: 'First seen', source: 'First source', leads: 'Leads', calls: 'Calls', deals: 'Deals', won: 'Bought for', lastContact: 'Last contact',
    keep: 'Keep this card', stays: 'Which stays', noName: 'No name', same: 'the same', table: 'Two clients compared',
    rule: 'The chosen card stays: its name and its address. Leads, calls, deals and contacts of the other go over to it; the first source becomes the earlier of the two. Nothing is lost, and it can be undone.',
  },
);

const of = (client: Client, kind: string): string[] => client.identities.filter((i) => i.kind === kind).map((i) => i.value);

/** Which of two is offered to stay: the one with more deals, then with more leads, then the older one. */
export const betterOf = (one: Client, other: Client): Client => {
  const weights = (c: Client): number[] => [c.deals.length, c.leadCount, -Date.parse(c.createdAt)];
  const [a, b] = [weights(one), weights(other)];
  const at = a.findIndex((w, i) => w !== b[i]);
  return at < 0 || (a[at] ?? 0) > (b[at] ?? 0) ? one : other;
};

export function useClient(id: string | undefined) {
  return queries.useQuery('get', '/v1/clients/{id}', { params: { path: { id: id ?? '' } } }, { enabled: Boolean(id) });
}

/** Two clients side by side, with the choice of whose card stays. */
export function Comparison({ ids, kept, onKeep }: { ids: readonly [string, string]; kept: string | undefined; onKeep: (id: string) => void }) {
  const [one, other] = [useClient(ids[0]), useClient(ids[1])];
  const both = { data: one.data && other.data && ([one.data, other.data] as const), error: one.error ?? other.error, isPending: one.isPending || other.isPending, refetch: () => Promise.all([one.refetch(), other.refetch()]) };
  return <Answer of={both}>{(pair) => <Pair pair={pair} kept={kept ?? betterOf(...pair).id} onKeep={onKeep} />}</Answer>;
}

function Pair({ pair, kept, onKeep }: { pair: readonly [Client, Client]; kept: string; onKeep: (id: string) => void }) {
  const t = texts.use();
  const f = useFormats();
  const money = useDealMoney();
  const values = (client: Client, kind: string, other: Client): ReactNode => {
    const shared = of(other, kind);
    return of(client, kind).map((v) => (
      <div key={v} className="breakable">
        {kind === 'phone' ? spokenPhone(v) : v} {shared.includes(v) && <Typography.Text type="success">· {t('same')}</Typography.Text>}
      </div>
    ));
  };
  const lines: { name: string; value: (c: Client, other: Client) => ReactNode }[] = [
    {
      name: t('stays'),
      value: (c) => (
        <Radio checked={kept === c.id} onChange={() => onKeep(c.id)} aria-label={`${t('keep')}: ${c.name ?? t('noName')}`}>
          {t('keep')}
        </Radio>
      ),
    },
    { name: t('name'), value: (c) => <ClientLink id={c.id}>{c.name || t('noName')}</ClientLink> },
    { name: t('phones'), value: (c, o) => values(c, 'phone', o) },
    { name: t('emails'), value: (c, o) => values(c, 'email', o) },
    { name: t('messengers'), value: (c, o) => values(c, 'messenger', o) },
    { name: t('crm'), value: (c) => c.crmContacts.map((k) => <div key={`${k.connectionId}${k.remoteId}`} className="breakable">{`${k.connectionName}: № ${k.remoteId}`}</div>) },
    { name: t('first'), value: (c) => <span className="numbers">{f.moment(c.createdAt)}</span> },
    { name: t('source'), value: (c) => c.acquisition && <SourceLine of={c.acquisition} /> },
    { name: t('leads'), value: (c) => f.count(c.leadCount) },
    { name: t('calls'), value: (c) => f.count(c.callCount) },
    { name: t('deals'), value: (c) => f.count(c.deals.length) },
    { name: t('won'), value: (c) => c.won.map((w) => money(w.amount, w.currency)).join(', ') },
    { name: t('lastContact'), value: (c) => <span className="numbers">{f.moment(c.lastContactAt)}</span> },
  ];
  const shown = lines.filter((l) => pair.some((c, i) => hasSomething(l.value(c, pair[1 - i] as Client))));
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Table
        aria-label={t('table')}
        size="small"
        pagination={false}
        scroll={{ x: 560 }}
        rowKey="name"
        dataSource={shown}
        columns={[
          { title: t('what'), width: 150, render: (_, l) => <Typography.Text type="secondary">{l.name}</Typography.Text> },
          ...pair.map((client, i) => ({
            key: client.id,
            width: '42%',
            title: client.name || t('noName'),
            render: (_: unknown, l: (typeof lines)[number]) => {
              const value = l.value(client, pair[1 - i] as Client);
              return hasSomething(value) ? value : f.none;
            },
          })),
        ]}
      />
      <Typography.Text type="secondary">{t('rule')}</Typography.Text>
    </div>
  );
}

const hasSomething = (value: ReactNode): boolean => Boolean(value) && !(Array.isArray(value) && value.length === 0);
