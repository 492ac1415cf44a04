import { Descriptions, Flex } from 'antd';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client';
import { defineTexts } from '../../app/texts';
import { MailLink, PhoneLink } from '../../parts/Contacts';
import { useCrmLinks } from '../../parts/crm';
import { Nothing } from '../../parts/States';

const texts = defineTexts(
  {
    phone: 'Телефоны', email: 'E-mail', messenger: 'Мессенджеры', visitor: 'Браузеры', crm: 'Контакты в CRM', browsers_one: '{{count}} браузер на сайте', browsers_few: '{{count}} браузера на сайте', browsers_many: '{{count}} браузеров на сайте', browsers_other: '{{count}} браузера на сайте',
    empty: 'Ни телефона, ни e-mail, ни контакта в CRM.',
  },
  {
    phone: 'Phones', email: 'E-mail', messenger: 'Messengers', visitor: 'Browsers', crm: 'Contacts in the CRM', browsers_one: '{{count}} browser on the site', browsers_other: '{{count}} browsers on the site',
    empty: 'Neither a phone, nor an e-mail, nor a contact in the CRM.',
  },
);

/** By what a client is recognised. */
export function ClientIdentities({ client }: { client: Schemas['GetClientResponse'] }) {
  const t = texts.use();
  const crm = useCrmLinks();
  const of = (kind: string): string[] => client.identities.filter((i) => i.kind === kind).map((i) => i.value);
  const browsers = of('visitor').length;
  const rows: { name: string; values: ReactNode[] }[] = [
    { name: t('phone'), values: of('phone').map((v) => <PhoneLink key={v} phone={v} />) },
    { name: t('email'), values: of('email').map((v) => <MailLink key={v} email={v} />) },
    { name: t('messenger'), values: of('messenger').map((v) => <span key={v} className="breakable">{v}</span>) },
    {
      name: t('crm'),
      values: client.crmContacts.map((c) => {
        const url = crm.urlOf(c.connectionId, 'contact', c.remoteId);
        const text = `${c.connectionName}: № ${c.remoteId}`;
        return <span key={`${c.connectionId}${c.remoteId}`}>{url ? <a href={url} target="_blank" rel="noopener noreferrer">{text}</a> : text}</span>;
      }),
    },
    { name: t('visitor'), values: browsers > 0 ? [<span key="browsers">{t('browsers', { count: browsers })}</span>] : [] },
  ].filter((r) => r.values.length > 0);
  if (rows.length === 0) return <Nothing what={t('empty')} />;
  return (
    <Descriptions
      size="small"
      column={1}
      bordered
      styles={{ label: { width: 150 } }}
      items={rows.map((r) => ({ key: r.name, label: r.name, children: <Flex vertical gap={2}>{r.values}</Flex> }))}
    />
  );
}
