import { Button, Flex, Tag, Timeline, Tooltip, Typography } from 'antd';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { useFormats } from '../app/formats';
import { defineTexts } from '../app/texts';
import { useCallWords } from './calls';
import { Caution } from './Caution';
import { useDealMoney } from './crm';
import { DealTag } from './DealTag';
import { StatusTag } from './leadWords';
import { usePaged } from './paged';
import { useChannelName } from './passport';
import { LeadLink } from './PersonLinks';
import { Answer, Nothing } from './States';

export type Step = Schemas['GetClientJourneyStep'];

const texts = defineTexts(
  {
    visit: 'Визит', lead: 'Заявка', call: 'Звонок', deal: 'Сделка', contactCall: 'звонок', contactMessage: 'сообщение', contactEmail: 'письмо', contactSms: 'СМС', in: 'от клиента', out: 'клиенту',
    contacts: 'Общение в CRM', here: 'вы здесь', empty: 'Здесь появятся визиты, заявки, звонки и сделки этого человека.', more: 'Показать ещё', fold: 'Показать не все', foldedVisits_one: 'ещё {{count}} визит', foldedVisits_few: 'ещё {{count}} визита', foldedVisits_many: 'ещё {{count}} визитов',
    foldedVisits_other: 'ещё {{count}} визита', partial: 'Касаний больше 10 000: самые старые в расчёте не участвуют.',
  },
  {
    visit: 'Visit', lead: 'Lead', call: 'Call', deal: 'Deal', contactCall: 'call', contactMessage: 'message', contactEmail: 'letter', contactSms: 'SMS', in: 'from the client', out: 'to the client',
    contacts: 'Talk in the CRM', here: 'you are here', empty: 'Visits, leads, calls and deals of this person will stand here.', more: 'Show more', fold: 'Show fewer', foldedVisits_one: '{{count}} more visit',
    foldedVisits_other: '{{count}} more visits', partial: 'More than 10,000 touches: the oldest take no part.',
  },
);

/** The whole way of a client, oldest first. */
export function useJourney(clientId: string | null | undefined) {
  return usePaged<Step, Pick<Schemas['GetClientJourneyResponse'], 'isPartial'>>(`/v1/clients/${clientId}/journey`, { limit: 500 }, Boolean(clientId));
}

const colours: Record<string, string> = { visit: 'gray', lead: 'blue', call: 'blue', deal: 'green', contact: 'gray' };

/** What is said in the CRM one after another stands in one line; so do visits without an enquiry between them. */
function gathered(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]?.kind === step.kind && (step.kind === 'contact' || step.kind === 'visit')) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** @param hereId The lead whose card this is: its own place on the way is marked. */
export function Journey({ list, hereId, visitId }: { list: ReturnType<typeof useJourney>; hereId?: string; visitId?: string | null | undefined }) {
  const t = texts.use();
  const f = useFormats();
  return (
    <Answer of={list} rows={4}>
      {(steps) =>
        steps.length === 0 ? (
          <Nothing what={t('empty')} />
        ) : (
          <div>
            {list.first?.isPartial && <Caution>{t('partial')}</Caution>}
            <Timeline
              style={{ paddingTop: 6 }}
              items={gathered(steps).map((group) => {
                const first = group[0] as Step;
                const isHere = first.id === hereId;
                return {
                  key: `${first.kind}${first.id ?? first.at}`,
                  color: isHere ? 'red' : first.kind === 'deal' && first.deal?.state === 'lost' ? 'gray' : (colours[first.kind] ?? 'gray'),
                  content: (
                    <div aria-current={isHere ? 'step' : undefined} style={isHere ? { fontWeight: 600 } : undefined}>
                      <Typography.Text type="secondary" className="numbers" style={{ fontSize: 13, fontWeight: 400, whiteSpace: 'normal' }}>
                        {f.moment(first.at)}
                        {group.length > 1 && ` – ${f.moment(group.at(-1)?.at)}`}
                      </Typography.Text>
                      <div className="breakable">
                        {first.kind === 'contact' ? <Talk group={group} /> : first.kind === 'visit' ? <Visits group={group} visitId={visitId} /> : <One step={first} hereId={hereId} />}
                        {isHere && <Tag color="red" style={{ marginInlineStart: 8 }}>{t('here')}</Tag>}
                      </div>
                    </div>
                  ),
                };
              })}
            />
            {list.hasMore && (
              <Button onClick={list.more} loading={list.isMore}>
                {t('more')}
              </Button>
            )}
          </div>
        )
      }
    </Answer>
  );
}

function From({ of }: { of: Step['passport'] }) {
  const channel = useChannelName();
  if (!of) return null;
  const words = [of.source ?? channel(of.channel), of.campaign, of.keyword && `«${of.keyword}»`].filter(Boolean);
  return <> · {words.join(' · ')}</>;
}

function One({ step, hereId }: { step: Step; hereId: string | undefined }) {
  const t = texts.use();
  const words = useCallWords();
  const money = useDealMoney();
  if (step.kind === 'lead' && step.id)
    return (
      <>
        {step.id === hereId ? t('lead') : <LeadLink id={step.id} />} {step.status && <StatusTag of={step.status} />}
        <From of={step.passport} />
      </>
    );
  if (step.kind === 'call') {
    const name = `${words.direction(step.direction ?? 'unknown')} ${t('call').toLowerCase()}`;
    return (
      <>
        {step.leadId && step.leadId !== hereId ? <LeadLink id={step.leadId}>{name}</LeadLink> : name}
        {step.outcome && `, ${words.outcome(step.outcome)}`}
        <From of={step.passport} />
      </>
    );
  }
  const deal = step.deal;
  return (
    <>
      {t('deal')}
      {deal && (
        <>
          {` ${deal.name ? `«${deal.name}»` : ''} ${money(deal.amount, deal.currency)} · ${deal.stage.name ?? deal.stage.id} `}
          <DealTag state={deal.state} isDeleted={Boolean(deal.deletedAt)} />
        </>
      )}
    </>
  );
}

function Talk({ group }: { group: readonly Step[] }) {
  const t = texts.use();
  const f = useFormats();
  const words = { call: t('contactCall'), message: t('contactMessage'), email: t('contactEmail'), sms: t('contactSms') } as Record<string, string>;
  const counts = new Map<string, number>();
  for (const s of group) {
    const name = `${words[s.contact ?? ''] ?? s.contact ?? ''} ${s.direction === 'in' ? t('in') : t('out')}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return (
    <Tooltip title={group.slice(0, 12).map((s) => f.moment(s.at)).join(', ')}>
      <Typography.Text type="secondary">
        {t('contacts')}: {[...counts].map(([name, n]) => (n > 1 ? `${name} × ${n}` : name)).join(', ')}
      </Typography.Text>
    </Tooltip>
  );
}

const most = 3;

function Visits({ group, visitId }: { group: readonly Step[]; visitId?: string | null | undefined }) {
  const t = texts.use();
  const [isOpen, setOpen] = useState(false);
  // Of a long row of visits the last ones say most: what led to what comes next.
  const shown = isOpen ? group : group.filter((s, i) => i >= group.length - most || s.id === visitId);
  return (
    <Flex vertical>
      {group.length > most && (
        <Button type="link" size="small" style={{ alignSelf: 'start', padding: 0, height: 'auto' }} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('fold') : t('foldedVisits', { count: group.length - shown.length })}
        </Button>
      )}
      {shown.map((s) => (
        <span key={s.id} style={s.id === visitId ? { fontWeight: 600 } : undefined}>
          {t('visit')}
          <From of={s.passport} />
        </span>
      ))}
    </Flex>
  );
}
