import { Alert, Card, Descriptions, Drawer, Tag } from 'antd';
import { useState } from 'react';
import type { Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { useCrmName } from '../../../parts/crm';
import { PagedTable } from '../../../parts/PagedTable';
import { usePaged } from '../../../parts/paged';
import { SafeLink } from '../../../parts/passport';

const texts = defineTexts(
  {
    title: 'Акты удаления', at: 'Когда', by: 'Кто', reason: 'Почему', crm: 'Осталось в CRM', none: 'ничего', due: 'Удалить в CRM до', act: 'Акт удаления', counts: 'Удалено здесь', cards: 'Карточки в CRM', cardsHint: 'Сервис не удаляет карточки в вашей CRM: удалите их там сами.', contact: 'контакт', deal: 'сделка', lead: 'лид', empty: 'Здесь будут акты: что и когда удалено по просьбе человека. Удалить человека можно в его карточке.',
    leads: 'заявок', visits: 'визитов', calls: 'звонков', clients: 'клиентов', deliveries: 'доставок', touches: 'касаний', identities: 'контактов', overdue: 'просрочено',
  },
  {
    title: 'Acts of erasure', at: 'When', by: 'Who', reason: 'Why', crm: 'Left in the CRM', none: 'nothing', due: 'Delete in the CRM by', act: 'Act of erasure', counts: 'Deleted here', cards: 'Cards in the CRM', cardsHint: 'The service deletes no cards in your CRM: delete them there yourself.', contact: 'contact', deal: 'deal', lead: 'lead', empty: 'Acts will stand here: what was erased at a person’s request, and when. A person is erased in their card.',
    leads: 'leads', visits: 'visits', calls: 'calls', clients: 'clients', deliveries: 'deliveries', touches: 'touches', identities: 'contacts', overdue: 'overdue',
  },
);

type Act = Schemas['ErasureAct'];
const counted = ['leads', 'visits', 'calls', 'clients', 'deliveries', 'touches', 'identities'] as const;

export function Acts() {
  const t = texts.use();
  const f = useFormats();
  const crm = useCrmName();
  const list = usePaged<Act>('/v1/privacy/acts');
  const [opened, open] = useState<Act>();
  const isOverdue = (a: Act): boolean => Boolean(a.dueAt) && a.crmObjects.length > 0 && new Date(a.dueAt ?? 0).getTime() < Date.now();
  return (
    <Card size="small" title={t('title')}>
      <PagedTable
        list={list}
        empty={t('empty')}
        onOpen={open}
        columns={[
          { title: t('at'), render: (_, a) => f.moment(a.at) },
          { title: t('by'), dataIndex: 'by' },
          { title: t('reason'), render: (_, a) => <span className="breakable">{a.reason}</span> },
          { title: t('crm'), render: (_, a) => (a.crmObjects.length > 0 ? f.count(a.crmObjects.length) : t('none')) },
          {
            title: t('due'),
            render: (_, a) => (
              <>
                {f.moment(a.dueAt)} {isOverdue(a) && <Tag color="red">{t('overdue')}</Tag>}
              </>
            ),
          },
        ]}
      />
      {opened && (
        <Drawer open size={520} title={t('act')} onClose={() => open(undefined)}>
          <div className="stack">
            <Descriptions
              size="small"
              bordered
              column={1}
              items={[
                { key: 'at', label: t('at'), children: f.moment(opened.at) },
                { key: 'by', label: t('by'), children: opened.by },
                { key: 'reason', label: t('reason'), children: <span className="breakable">{opened.reason}</span> },
                {
                  key: 'counts',
                  label: t('counts'),
                  children: Object.entries(opened.counts).map(([what, n]) => {
                    const name = counted.find((c) => c === what);
                    return <div key={what}>{`${name ? t(name) : what}: ${String(n)}`}</div>;
                  }),
                },
                ...(opened.dueAt ? [{ key: 'due', label: t('due'), children: f.moment(opened.dueAt) }] : []),
              ]}
            />
            {opened.crmObjects.length > 0 && (
              <>
                <Alert type="warning" showIcon title={t('cardsHint')} />
                <ul style={{ margin: 0, paddingInlineStart: 20 }}>
                  {opened.crmObjects.map((o) => (
                    <li key={`${o.connectionId}${o.kind}${o.remoteId}`} className="breakable">
                      {`${crm(o.crm)} · ${o.connectionName} · ${t(o.kind as 'deal')} ${o.remoteId} `}
                      {o.url && <SafeLink to={o.url} />}
                    </li>
                  ))}
                </ul>
              </>
            )}
          </div>
        </Drawer>
      )}
    </Card>
  );
}
