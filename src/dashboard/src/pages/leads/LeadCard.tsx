import { Card, Descriptions, Flex, Space, Typography } from 'antd';
import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { queries, type Problem } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { MailLink, PhoneLink, spokenPhone } from '../../parts/Contacts';
import { Journey, useJourney } from '../../parts/Journey';
import { StatusTag, useLeadWords } from '../../parts/leadWords';
import { PassportCard, SafeLink } from '../../parts/passport';
import { ClientLink, LeadLink, usePlace } from '../../parts/PersonLinks';
import { Room } from '../../parts/Room';
import { Answer, State } from '../../parts/States';
import { useLeadCache } from './cache';
import type { Lead } from './filters';
import { LeadActions } from './LeadActions';
import { LeadCall } from './LeadCall';
import { LeadDeliveries } from './LeadDeliveries';
import { LeadVisit } from './LeadVisit';

const texts = defineTexts(
  {
    lead: 'Заявка', all: 'Все заявки', contact: 'Контакты и текст', origin: 'Откуда', path: 'Путь клиента', phone: 'Телефон', email: 'E-mail', messenger: 'Мессенджер', name: 'Имя', comment: 'Комментарий', typed: 'введено: {{text}}',
    form: 'Форма', page: 'Страница формы', site: 'Сайт', received: 'Получена', occurred: 'Отправлена', consent: 'Согласие', given: 'дано', refused: 'не дано', unknown: 'не передано', notes: 'Замечания', reasons: 'Почему такой статус',
    client: 'Клиент', noClient: 'Клиента нет: спам и тесты ни к кому не относятся', duplicate: 'Дубль заявки', original: 'Открыть первую', missing: 'Такой заявки нет', missingWhy: 'Её удалили, или она из другого проекта.', fields: 'Другие поля формы',
    openClient: 'Карточка клиента',
  },
  {
    lead: 'Lead', all: 'All leads', contact: 'Contacts and text', origin: 'Where from', path: 'Way of the client', phone: 'Phone', email: 'E-mail', messenger: 'Messenger', name: 'Name', comment: 'Comment', typed: 'typed: {{text}}',
    form: 'Form', page: 'Page of the form', site: 'Site', received: 'Received', occurred: 'Sent', consent: 'Consent', given: 'given', refused: 'not given', unknown: 'not told', notes: 'Notes', reasons: 'Why this status',
    client: 'Client', noClient: 'No client: spam and tests belong to nobody', duplicate: 'Repeats a lead', original: 'Open the first', missing: 'There is no such lead', missingWhy: 'It was deleted, or it belongs to another project.', fields: 'Other fields of the form',
    openClient: 'The client’s card',
  },
);

/** So many steps of a client's way are looked through for the lead's own place. */
const farthest = 5_000;

function useLead(id: string) {
  const cache = useLeadCache();
  // The list knows it already: nothing is waited for.
  return queries.useQuery('get', '/v1/leads/{id}', { params: { path: { id } } }, { placeholderData: () => cache.find(id) });
}

const nameOf = (lead: Lead, otherwise: string): string => lead.name || (lead.phone ? spokenPhone(lead.phone) : lead.email) || lead.messenger || otherwise;

export function LeadTitle({ id }: { id: string }) {
  const t = texts.use();
  const f = useFormats();
  const { data } = useLead(id);
  if (!data) return t('lead');
  return (
    <span className="breakable">
      {nameOf(data, t('lead'))}{' '}
      <Typography.Text type="secondary" style={{ fontWeight: 400 }} className="numbers">
        {f.moment(data.receivedAt)}
      </Typography.Text>
    </span>
  );
}

/** The card as a page of its own. */
export function LeadPage({ id }: { id: string }) {
  const t = texts.use();
  const place = usePlace();
  return (
    <Room title={<LeadTitle id={id} />} about={<Link to={place.leads}>← {t('all')}</Link>}>
      <LeadCard id={id} />
    </Room>
  );
}

/** Everything about one lead; the same over the list and alone. */
export function LeadCard({ id }: { id: string }) {
  const t = texts.use();
  const query = useLead(id);
  if ((query.error as Problem | null)?.status === 404) return <State title={t('missing')} why={t('missingWhy')} />;
  return <Answer of={query} rows={12}>{(lead) => <Content lead={lead} />}</Answer>;
}

function Content({ lead }: { lead: Lead }) {
  const t = texts.use();
  const journey = useJourney(lead.clientId);
  const own = journey.items.find((s) => s.kind === 'lead' && s.id === lead.id);
  const isFurther = !own && journey.hasMore && !journey.isMore && journey.items.length < farthest;
  useEffect(() => {
    if (isFurther) journey.more();
  }, [isFurther, journey]);
  return (
    <div className="stack" data-test="lead-card">
      <Flex wrap gap={8} align="center" justify="space-between">
        <Space wrap>
          <StatusTag of={lead.status} />
          {lead.clientId ? <ClientLink id={lead.clientId}>{t('openClient')}</ClientLink> : <Typography.Text type="secondary">{t('noClient')}</Typography.Text>}
          {lead.duplicateOf && (
            <span>
              {t('duplicate')}: <LeadLink id={lead.duplicateOf}>{t('original')}</LeadLink>
            </span>
          )}
        </Space>
        <LeadActions lead={lead} />
      </Flex>
      <div className="two-columns">
        <div className="stack">
          <Card size="small" title={t('contact')}>
            <Details lead={lead} />
          </Card>
          <LeadDeliveries lead={lead} />
          {lead.callId && <LeadCall id={lead.callId} />}
        </div>
        <div className="stack">
          <Card size="small" title={t('origin')}>
            <PassportCard of={lead.passport} />
          </Card>
          {lead.clientId && (
            <Card size="small" title={t('path')}>
              <Journey list={journey} hereId={lead.id} visitId={lead.visitId} />
            </Card>
          )}
          {lead.visitId && <LeadVisit id={lead.visitId} />}
        </div>
      </div>
    </div>
  );
}

function Details({ lead }: { lead: Lead }) {
  const t = texts.use();
  const f = useFormats();
  const word = useLeadWords();
  const typed = (text: string | null | undefined) => text && <Typography.Text type="secondary"> ({t('typed', { text })})</Typography.Text>;
  const fields = Object.entries(lead.fields);
  const rows: { label: string; value: ReactNode }[] = [
    { label: t('name'), value: lead.name },
    { label: t('phone'), value: (lead.phone || lead.phoneTyped) && <>{lead.phone ? <PhoneLink phone={lead.phone} /> : f.none}{typed(lead.phoneTyped)}</> },
    { label: t('email'), value: (lead.email || lead.emailTyped) && <>{lead.email ? <MailLink email={lead.email} /> : f.none}{typed(lead.emailTyped)}</> },
    { label: t('messenger'), value: lead.messenger },
    { label: t('comment'), value: lead.comment && <span style={{ whiteSpace: 'pre-wrap' }}>{lead.comment}</span> },
    ...fields.map(([label, value]) => ({ label, value: Array.isArray(value) ? value.join(', ') : value })),
    { label: t('form'), value: [word(lead.kind), lead.formName || (lead.formId !== lead.kind && lead.formId)].filter(Boolean).join(' · ') },
    { label: t('page'), value: lead.page && <SafeLink to={lead.page} /> },
    { label: t('site'), value: lead.siteName },
    { label: t('received'), value: <span className="numbers">{f.moment(lead.receivedAt)}</span> },
    { label: t('occurred'), value: lead.occurredAt && lead.kind !== 'call' && f.moment(lead.occurredAt) !== f.moment(lead.receivedAt) && <span className="numbers">{f.moment(lead.occurredAt)}</span> },
    { label: t('consent'), value: lead.consent && <Consent of={lead.consent} /> },
    { label: t('reasons'), value: lead.reasons.length > 0 && lead.reasons.map(word).join('; ') },
    { label: t('notes'), value: lead.warnings.length > 0 && lead.warnings.map(word).join('; ') },
  ];
  return (
    <Descriptions
      size="small"
      column={1}
      bordered
      styles={{ label: { width: 150 } }}
      items={rows.filter((r) => r.value).map((r, i) => ({ key: i, label: <span className="breakable">{r.label}</span>, children: <span className="breakable">{r.value}</span> }))}
    />
  );
}

function Consent({ of }: { of: NonNullable<Lead['consent']> }) {
  const t = texts.use();
  return (
    <>
      {of.given === true ? t('given') : of.given === false ? t('refused') : t('unknown')}
      {of.text && <Typography.Text type="secondary">: «{of.text}»</Typography.Text>}
    </>
  );
}
