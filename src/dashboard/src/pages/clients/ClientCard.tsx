import { Card, Flex, Typography } from 'antd';
import { Link } from 'react-router';
import type { Problem, Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { spokenPhone } from '../../parts/Contacts';
import { useDealMoney } from '../../parts/crm';
import { Figure } from '../../parts/Figure';
import { Journey, useJourney } from '../../parts/Journey';
import { PassportCard } from '../../parts/passport';
import { usePlace } from '../../parts/PersonLinks';
import { Room } from '../../parts/Room';
import { Answer, Nothing, State } from '../../parts/States';
import { ClientActions } from './ClientActions';
import { ClientDeals } from './ClientDeals';
import { ClientIdentities } from './ClientIdentities';
import { ClientCalls, ClientLeads } from './ClientLeads';
import { useClient } from './Comparison';
import { MergedClients } from './MergedClients';

const texts = defineTexts(
  {
    client: 'Клиент', all: 'Все клиенты', missing: 'Такого клиента нет', missingWhy: 'Его данные удалены, или он из другого проекта.', ltv: 'LTV', ltvHint: 'Сумма выигранных сделок за всё время, по валютам. Удалённые сделки и лиды Битрикс24 не считаются.', won_one: '{{count}} покупка', won_few: '{{count}} покупки',
    won_many: '{{count}} покупок', won_other: '{{count}} покупки', average: 'Средний чек', leads: 'Заявок', calls: 'Звонков', last: 'Последний контакт', lastHint: 'Последняя заявка или последний звонок, в том числе наш клиенту.', since: 'Впервые', known: 'Как узнаём', origin: 'Откуда пришёл впервые',
    originNone: 'Заявок от этого человека ещё не было: его знает CRM или телефония.', deals: 'Сделки', leadList: 'Заявки', callList: 'Звонки', path: 'Путь', merged: 'Объединён с этим', none: 'Без имени',
  },
  {
    client: 'Client', all: 'All clients', missing: 'There is no such client', missingWhy: 'Their data was erased, or they belong to another project.', ltv: 'LTV', ltvHint: 'The sum of all won deals, by currency. Deleted deals and leads of Bitrix24 do not count.', won_one: '{{count}} purchase',
    won_other: '{{count}} purchases', average: 'Average sale', leads: 'Leads', calls: 'Calls', last: 'Last contact', lastHint: 'The last lead or call, be it ours to the client.', since: 'First seen', known: 'Known by', origin: 'Where they first came from',
    originNone: 'No leads of this person yet: the CRM or the telephony knows them.', deals: 'Deals', leadList: 'Leads', callList: 'Calls', path: 'Way', merged: 'Merged into this one', none: 'No name',
  },
);

type Client = Schemas['GetClientResponse'];

export function ClientTitle({ id }: { id: string }) {
  const t = texts.use();
  const { data } = useClient(id);
  if (!data) return t('client');
  const phone = data.identities.find((i) => i.kind === 'phone')?.value;
  return <span className="breakable">{data.name || (phone ? spokenPhone(phone) : t('none'))}</span>;
}

/** The card as a page of its own. */
export function ClientPage({ id }: { id: string }) {
  const t = texts.use();
  const place = usePlace();
  return (
    <Room title={<ClientTitle id={id} />} about={<Link to={place.clients}>← {t('all')}</Link>}>
      <ClientCard id={id} />
    </Room>
  );
}

/** Everything about one client; the same over the list and alone. */
export function ClientCard({ id }: { id: string }) {
  const t = texts.use();
  const query = useClient(id);
  if ((query.error as Problem | null)?.status === 404) return <State title={t('missing')} why={t('missingWhy')} />;
  return <Answer of={query} rows={12}>{(client) => <Content client={client} />}</Answer>;
}

function Content({ client }: { client: Client }) {
  const t = texts.use();
  const journey = useJourney(client.id);
  return (
    <div className="stack" data-test="client-card">
      <ClientActions client={client} />
      <Figures client={client} />
      <div className="two-columns">
        <Card size="small" title={t('known')}>
          <ClientIdentities client={client} />
        </Card>
        <Card size="small" title={t('origin')}>
          {client.acquisition ? <PassportCard of={client.acquisition} /> : <Nothing what={t('originNone')} />}
        </Card>
      </div>
      {client.merged.length > 0 && (
        <Card size="small" title={t('merged')}>
          <MergedClients client={client} />
        </Card>
      )}
      <Card size="small" title={t('deals')}>
        <ClientDeals clientId={client.id} journey={journey} />
      </Card>
      <div className="two-columns">
        <div className="stack">
          <Card size="small" title={t('leadList')}>
            <ClientLeads clientId={client.id} />
          </Card>
          {client.callCount > 0 && (
            <Card size="small" title={t('callList')}>
              <ClientCalls clientId={client.id} />
            </Card>
          )}
        </div>
        <Card size="small" title={t('path')}>
          <Journey list={journey} />
        </Card>
      </div>
    </div>
  );
}

function Figures({ client }: { client: Client }) {
  const t = texts.use();
  const f = useFormats();
  const money = useDealMoney();
  const won = client.won.filter((w) => w.deals > 0);
  const deals = won.reduce((sum, w) => sum + w.deals, 0);
  const [only] = won.length === 1 ? won : [];
  return (
    <div className="figure-grid">
      <Figure
        name={t('ltv')}
        hint={t('ltvHint')}
        value={won.length === 0 ? f.none : <Flex vertical>{won.map((w) => <span key={w.currency ?? ''}>{money(w.amount, w.currency)}</span>)}</Flex>}
        extra={<Typography.Text type="secondary">{t('won', { count: deals })}</Typography.Text>}
      />
      <Figure name={t('average')} value={only ? money(Math.round(only.amount / only.deals), only.currency) : f.none} />
      <Figure name={t('leads')} value={f.count(client.leadCount)} />
      <Figure name={t('calls')} value={f.count(client.callCount)} />
      <Figure name={t('last')} hint={t('lastHint')} value={<span style={{ fontSize: 16 }}>{f.ago(client.lastContactAt)}</span>} extra={<Typography.Text type="secondary">{f.moment(client.lastContactAt)}</Typography.Text>} />
      <Figure name={t('since')} value={<span style={{ fontSize: 16 }}>{f.ago(client.createdAt)}</span>} extra={<Typography.Text type="secondary">{f.moment(client.createdAt)}</Typography.Text>} />
    </div>
  );
}
