import { Alert, Button, Card, Flex, Typography } from 'antd';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { useCrmLinks, useCrmName } from '../../parts/crm';
import { DeliveryTag } from '../../parts/leadWords';
import { Said } from '../../parts/Said';
import { useTelling } from '../../parts/saving';
import { Nothing } from '../../parts/States';
import { useLeadCache } from './cache';
import type { Lead } from './filters';

type Delivery = Lead['deliveries'][number];
type Attempt = Schemas['GetDeliveryAttempt'];

const texts = defineTexts(
  {
    title: 'Доставка в CRM', none: 'Заявка никуда не отправляется: подключений нет, или это спам или тест.', next: 'Следующая попытка {{when}}', at: 'Доставлена {{when}}', inCrm: 'Карточка № {{id}}', contact: 'Контакт № {{id}}',
    note: 'Пометка в карточке № {{id}}', attempts: 'Попытки', retry: 'Отправить снова', error: 'Ответ CRM', tried_one: '{{count}} попытка', tried_few: '{{count}} попытки', tried_many: '{{count}} попыток', tried_other: '{{count}} попытки',
    send: 'отправка', lookup: 'проверка в CRM', d_delivered: 'принято', d_found: 'нашлась в CRM', d_refused: 'CRM отказала', d_unknown: 'ответа не было', d_not_executed: 'CRM попросила позже', d_redirected: 'перенаправлена в другую сделку',
    d_dropped: 'не понадобилась', d_absent: 'в CRM её нет', d_failed: 'CRM не ответила', d_credentials_refused: 'CRM не приняла ключ', d_account_blocked: 'аккаунт CRM закрыт', d_unreadable: 'заявку не удалось прочитать',
    pending: 'Стоит в очереди', sending: 'Отправляется прямо сейчас', in_doubt: 'Ответа CRM не было; проверяем, дошла ли, чтобы не завести вторую сделку', dead: 'Отправить не удалось, само больше не повторится', left: 'Что не вошло',
  },
  {
    title: 'Delivery to the CRM', none: 'The lead is sent nowhere: there are no connections, or it is spam or a test.', next: 'Next attempt {{when}}', at: 'Delivered {{when}}', inCrm: 'Card no. {{id}}', contact: 'Contact no. {{id}}',
    note: 'A note in card no. {{id}}', attempts: 'Attempts', retry: 'Send again', error: 'The CRM’s answer', tried_one: '{{count}} attempt', tried_other: '{{count}} attempts',
    send: 'sent', lookup: 'looked up', d_delivered: 'accepted', d_found: 'found in the CRM', d_refused: 'refused by the CRM', d_unknown: 'no answer', d_not_executed: 'the CRM asked for later', d_redirected: 'redirected to another deal',
    d_dropped: 'not needed', d_absent: 'not in the CRM', d_failed: 'the CRM did not answer', d_credentials_refused: 'the CRM did not take the key', d_account_blocked: 'the CRM account is closed', d_unreadable: 'the lead could not be read',
    pending: 'Waits in the queue', sending: 'Being sent right now', in_doubt: 'The CRM did not answer; we look whether it arrived, so that no second deal is made', dead: 'It could not be sent and will not be tried again by itself', left: 'What was left out',
  },
);

export function LeadDeliveries({ lead }: { lead: Lead }) {
  const t = texts.use();
  return (
    <Card size="small" title={t('title')}>
      {lead.deliveries.length === 0 ? <Nothing what={t('none')} /> : <div className="stack">{lead.deliveries.map((d) => <One key={d.id} delivery={d} lead={lead} />)}</div>}
    </Card>
  );
}

function One({ delivery: d, lead }: { delivery: Delivery; lead: Lead }) {
  const t = texts.use();
  const f = useFormats();
  const may = useMay();
  const crmName = useCrmName();
  const crm = useCrmLinks();
  const tell = useTelling();
  const cache = useLeadCache();
  const retry = queries.useMutation('post', '/v1/deliveries/{id}/retry', { onSuccess: () => cache.refreshAround(lead), onError: (e) => tell(e) });
  // The history of attempts is an operator's; what has come of them is everybody's.
  const { data } = queries.useQuery('get', '/v1/deliveries/{id}', { params: { path: { id: d.id } } }, { enabled: may('operate') });
  const isNote = data?.delivery.kind === 'note';
  const card = d.remoteLeadId && t(isNote ? 'note' : 'inCrm', { id: d.remoteLeadId });
  const url = d.remoteLeadId ? crm.urlOf(d.connectionId, crm.leadsAre(d.connectionId), d.remoteLeadId) : undefined;
  const contactUrl = d.remoteContactId ? crm.urlOf(d.connectionId, 'contact', d.remoteContactId) : undefined;
  return (
    <Flex vertical gap={6}>
      <Flex wrap gap={8} align="center">
        <strong>{d.connectionName ?? crmName(d.crm)}</strong>
        <DeliveryTag state={d.state} />
        {d.attempts > 0 && <Typography.Text type="secondary">{t('tried', { count: d.attempts })}</Typography.Text>}
      </Flex>
      <Flex wrap gap={12}>
        {card && <Outside to={url} text={card} />}
        {d.remoteContactId && <Outside to={contactUrl} text={t('contact', { id: d.remoteContactId })} />}
        {data?.delivery.deliveredAt && <Typography.Text type="secondary">{t('at', { when: f.moment(data.delivery.deliveredAt) })}</Typography.Text>}
      </Flex>
      {d.state !== 'delivered' && (
        <Typography.Text type="secondary">
          {t(d.state as 'pending')}. {d.nextAttemptAt && (d.state === 'pending' || d.state === 'in_doubt') && `${t('next', { when: f.ago(d.nextAttemptAt) })} (${f.moment(d.nextAttemptAt)}).`}
        </Typography.Text>
      )}
      {d.lastError && d.state !== 'delivered' && <Alert type={d.state === 'dead' ? 'error' : 'warning'} title={<span className="breakable">{t('error')}: <Said of={d.lastError} /></span>} />}
      {d.warnings.length > 0 && (
        <div>
          {t('left')}:
          <ul style={{ margin: '2px 0', paddingInlineStart: 20 }}>
            {d.warnings.map((w) => (
              <li key={w}><Said of={w} /></li>
            ))}
          </ul>
        </div>
      )}
      {(data?.attempts.length ?? 0) > 0 && <Attempts of={data?.attempts ?? []} />}
      {d.state === 'dead' && may('operate') && lead.deliveries.length > 1 && (
        <Button size="small" style={{ alignSelf: 'start' }} loading={retry.isPending} onClick={() => retry.mutate({ params: { path: { id: d.id } } })}>
          {t('retry')}
        </Button>
      )}
    </Flex>
  );
}

function Outside({ to, text }: { to: string | undefined; text: string }) {
  return to ? (
    <a href={to} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  ) : (
    <span>{text}</span>
  );
}

function Attempts({ of }: { of: readonly Attempt[] }) {
  const t = texts.use();
  const f = useFormats();
  return (
    <div>
      <Typography.Text type="secondary">{t('attempts')}</Typography.Text>
      <ol style={{ margin: '2px 0', paddingInlineStart: 22 }}>
        {of.map((a) => (
          <li key={a.id}>
            <span className="numbers">{f.moment(a.startedAt)}</span> · {t(a.action as 'send')}: {t(`d_${a.outcome}` as 'd_found')}
            {a.error && <div><Said of={a.error} /></div>}
          </li>
        ))}
      </ol>
    </div>
  );
}
