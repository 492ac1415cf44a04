import { Card, type TableColumnsType } from 'antd';
import { useEffect, useState } from 'react';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { AddressSearch } from '../../parts/AddressSearch';
import { spokenPhone } from '../../parts/Contacts';
import { Files } from '../../parts/Files';
import { LongTable } from '../../parts/LongTable';
import { usePaged } from '../../parts/paged';
import { useAddress } from '../../parts/range';

export type ClientSummary = Schemas['ClientSummary'];

const texts = defineTexts(
  {
    search: 'Имя, телефон или e-mail', name: 'Имя', phones: 'Телефоны', emails: 'E-mail', leads: 'Заявок', since: 'Впервые', last: 'Последняя заявка', noName: 'Без имени', list: 'Список клиентов',
    empty: 'Здесь появятся люди, от которых пришли заявки и звонки, и те, кого уже знает CRM.', none: 'Никого не нашлось. Телефон и e-mail ищутся целиком, имя — по любой части.',
  },
  {
    search: 'Name, phone or e-mail', name: 'Name', phones: 'Phones', emails: 'E-mail', leads: 'Leads', since: 'First seen', last: 'Last lead', noName: 'No name', list: 'Clients',
    empty: 'People who sent leads or called will stand here, and those whom the CRM knows already.', none: 'Nobody found. A phone or an e-mail is looked for whole, a name by any part of it.',
  },
);

export function ClientList({ onOpen }: { onOpen: (id: string) => void }) {
  const t = texts.use();
  const f = useFormats();
  const [get] = useAddress();
  const q = get('q');
  const [page, setPage] = useState(1);
  useEffect(() => setPage(1), [q]);
  const list = usePaged<ClientSummary>('/v1/clients', { limit: 100, q });
  const columns: TableColumnsType<ClientSummary> = [
    { title: t('name'), render: (_, c) => <span className="breakable">{c.name || t('noName')}</span> },
    { title: t('phones'), render: (_, c) => <span className="numbers">{c.phones.map(spokenPhone).slice(0, 3).join(', ') || f.none}</span> },
    { title: t('emails'), render: (_, c) => <span className="breakable">{c.emails.slice(0, 3).join(', ') || f.none}</span> },
    { title: t('leads'), align: 'right', width: 100, render: (_, c) => <span className="numbers">{f.count(c.leadCount)}</span> },
    { title: t('since'), width: 190, render: (_, c) => <span className="numbers">{f.moment(c.createdAt)}</span> },
    { title: t('last'), width: 190, render: (_, c) => <span className="numbers">{f.moment(c.lastLeadAt)}</span> },
  ];
  return (
    <Card size="small">
      <div className="stack">
        <div role="search" style={{ display: 'flex', gap: 8, flexWrap: 'wrap', justifyContent: 'space-between' }}>
          <AddressSearch name="q" label={t('search')} width={320} />
          <Files path="/v1/clients" query={{ q }} />
        </div>
        <LongTable<ClientSummary> list={list} page={page} onPage={setPage} aria-label={t('list')} columns={columns} scroll={{ x: 'max-content' }} empty={q ? t('none') : t('empty')} onOpen={(c) => onOpen(c.id)} />
      </div>
    </Card>
  );
}
