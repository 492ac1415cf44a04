import { SearchOutlined } from '@ant-design/icons';
import { Button, Flex, Input, Modal } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { spokenPhone } from '../../parts/Contacts';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { usePlace } from '../../parts/PersonLinks';
import { useTyped } from '../../parts/typed';
import type { ClientSummary } from './ClientList';
import { betterOf, Comparison, useClient } from './Comparison';
import { useMerging } from './merging';

const texts = defineTexts(
  { title: 'Объединить с другим клиентом', search: 'Кого объединить: имя, телефон или e-mail', name: 'Имя', contacts: 'Контакты', leads: 'Заявок', noName: 'Без имени', none: 'Никого не нашлось.', ask: 'Найдите второго клиента: по имени, целому телефону или e-mail.', merge: 'Объединить', back: 'Выбрать другого', list: 'Найденные клиенты' },
  { title: 'Merge with another client', search: 'Whom: name, phone or e-mail', name: 'Name', contacts: 'Contacts', leads: 'Leads', noName: 'No name', none: 'Nobody found.', ask: 'Find the other client: by name, whole phone or e-mail.', merge: 'Merge', back: 'Choose another', list: 'Clients found' },
);

export default function MergeClient({ client, onClose }: { client: Schemas['GetClientResponse']; onClose: () => void }) {
  const t = texts.use();
  const f = useFormats();
  const place = usePlace();
  const navigate = useNavigate();
  const merging = useMerging();
  const [q, setQ] = useState('');
  const [typed, setTyped] = useTyped(q, setQ);
  const [other, setOther] = useState<string>();
  const [chosen, setChosen] = useState<string>();
  const second = useClient(other);
  const kept = chosen ?? (second.data ? betterOf(client, second.data).id : undefined);
  const found = usePaged<ClientSummary>('/v1/clients', { q, limit: 20 }, q !== '');

  const merge = async (): Promise<void> => {
    if (!other || !kept || !(await merging.merge(kept, kept === client.id ? other : client.id))) return;
    onClose();
    // The card of the one who was joined is the kept one's from now on.
    if (kept !== client.id) void navigate(place.client(kept), { replace: true });
  };

  return (
    <Modal
      open
      title={t('title')}
      width={860}
      onCancel={onClose}
      footer={
        other ? (
          <Flex gap={8} justify="end" wrap>
            <Button onClick={() => setOther(undefined)}>{t('back')}</Button>
            <Button type="primary" disabled={!kept} loading={merging.isBusy} onClick={() => void merge()}>
              {t('merge')}
            </Button>
          </Flex>
        ) : null
      }
    >
      {other ? (
        <Comparison ids={[client.id, other]} kept={kept} onKeep={setChosen} />
      ) : (
        <div className="stack">
          <Input type="search" autoFocus aria-label={t('search')} placeholder={t('search')} prefix={<SearchOutlined aria-hidden />} allowClear maxLength={200} value={typed} onChange={(e) => setTyped(e.target.value)} />
          {q === '' ? (
            <span>{t('ask')}</span>
          ) : (
            <PagedTable<ClientSummary>
              list={{ ...found, items: found.items.filter((c) => c.id !== client.id), data: found.data?.filter((c) => c.id !== client.id) }}
              size="small"
              aria-label={t('list')}
              empty={t('none')}
              onOpen={(c) => setOther(c.id)}
              columns={[
                { title: t('name'), render: (_, c) => <span className="breakable">{c.name || t('noName')}</span> },
                { title: t('contacts'), render: (_, c) => <span className="breakable">{[...c.phones.map(spokenPhone), ...c.emails].slice(0, 3).join(', ') || f.none}</span> },
                { title: t('leads'), align: 'right', render: (_, c) => <span className="numbers">{f.count(c.leadCount)}</span> },
              ]}
            />
          )}
        </div>
      )}
    </Modal>
  );
}
