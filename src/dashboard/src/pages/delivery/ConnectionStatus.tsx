import { Alert, Button, Descriptions, Flex } from 'antd';
import type { ReactNode } from 'react';
import { api, queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { useChange } from '../../parts/change';
import { Figure } from '../../parts/Figure';
import { Said, useSaid } from '../../parts/Said';
import { Answer } from '../../parts/States';

const texts = defineTexts(
  {
    queue: 'В очереди', queueHint: 'Ещё не в CRM: ждут, отправляются или проверяются.', inDoubt: 'Проверяются', inDoubtHint: 'Ответ CRM потерялся: ищем карточку по нашему номеру, чтобы не завести вторую.', dead: 'Не доставлено', deadHint: 'CRM отказала окончательно или молчала 72 часа. Устраните причину и отправьте снова.',
    oldest: 'Самая старая ждёт', rate: 'Запросов за минуту', rateOf: 'можно {{allowed}} в секунду', paused: 'Отправка на паузе', needs_reauth: 'CRM не принимает вход', needs_reauthWhy: 'Заявки принимаются и ждут. Войдите заново или введите новый доступ — они уйдут первыми.',
    blocked: 'CRM отказала аккаунту', blockedProbe: 'Одна заявка пробуется сама {{at}}.', blockedWhy: 'Устраните причину и возобновите отправку.', since: 'с {{at}}', by: 'остановил: {{who}}', crm: 'сама CRM', restored: 'восстановление из копии', breaker: 'CRM подряд не отвечает: отправка придержана до {{at}}.',
    lastError: 'Последняя ошибка', lastDelivered: 'Последняя доставка', next: 'Следующая попытка', none: 'не было', fine: 'Всё доставляется', show: 'Показать', restoredWhy: 'База восстановлена из копии: что было отправлено после неё, здесь не помнят. Проверьте сверку, затем возобновите.', resumeAll: 'Возобновить все такие', resumed: 'Отправка возобновлена',
  },
  {
    queue: 'In the queue', queueHint: 'Not in the CRM yet: waiting, being sent or being looked up.', inDoubt: 'Being looked up', inDoubtHint: 'The CRM’s answer was lost: the card is looked for by our number, so that no second one is made.', dead: 'Not delivered', deadHint: 'The CRM refused for good or was silent for 72 hours. Mend the cause and send again.',
    oldest: 'The oldest waits', rate: 'Requests a minute', rateOf: '{{allowed}} a second allowed', paused: 'Sending is paused', needs_reauth: 'The CRM refuses the login', needs_reauthWhy: 'Leads are taken and wait. Log in anew or enter new credentials: they go first.',
    blocked: 'The CRM refuses the account', blockedProbe: 'One lead is tried by itself {{at}}.', blockedWhy: 'Mend the cause and resume sending.', since: 'since {{at}}', by: 'stopped by: {{who}}', crm: 'the CRM itself', restored: 'a restored backup', breaker: 'The CRM fails again and again: sending is held back until {{at}}.',
    lastError: 'Last error', lastDelivered: 'Last delivery', next: 'Next attempt', none: 'none yet', fine: 'Everything is delivered', show: 'Show', restoredWhy: 'The database was restored from a backup: what was sent after it is not remembered here. Look at the reconciliation, then resume.', resumeAll: 'Resume all of these', resumed: 'Sending goes on',
  },
);

type Status = Schemas['GetConnectionStatusResponse'];

/** How a connection is doing, in figures and in words. `onDead` opens what was given up. */
export function ConnectionStatus({ id, onDead, tools }: { id: string; onDead?: (() => void) | undefined; tools?: ReactNode }) {
  const status = queries.useQuery('get', '/v1/connections/{id}/status', { params: { path: { id } } }, { refetchInterval: 10_000 });
  return <Answer of={status} rows={3}>{(found) => <Shown of={found} onDead={onDead} tools={tools} />}</Answer>;
}

function Shown({ of, onDead, tools }: { of: Status; onDead?: (() => void) | undefined; tools?: ReactNode }) {
  const t = texts.use();
  const f = useFormats();
  const may = useMay();
  const said = useSaid();
  const [act, isBusy] = useChange();
  const who = of.stoppedBy === 'crm' || of.stoppedBy === 'restored' ? t(of.stoppedBy) : of.stoppedBy;
  const about = [of.reason && said(of.reason), of.since && t('since', { at: f.moment(of.since) }), who && t('by', { who })].filter(Boolean).join(' · ');
  return (
    <div className="stack" style={{ gap: 12 }}>
      {of.state !== 'active' && (
        <Alert
          type={of.state === 'paused' ? 'warning' : 'error'}
          showIcon
          title={t(of.state as 'paused')}
          description={
            <div className="breakable">
              <div>{about}</div>
              {of.state === 'needs_reauth' && <div>{t('needs_reauthWhy')}</div>}
              {of.stoppedBy === 'restored' && (
                <Flex vertical gap={8} align="start">
                  {t('restoredWhy')}
                  {may('settings') && (
                    <Button size="small" loading={isBusy} onClick={() => void act(api.POST('/v1/connections/resume'), { done: t('resumed'), touches: ['/v1/connections'] })}>
                      {t('resumeAll')}
                    </Button>
                  )}
                </Flex>
              )}
              {of.state === 'blocked' && <div>{of.probeAt ? t('blockedProbe', { at: f.ago(of.probeAt) }) : t('blockedWhy')}</div>}
            </div>
          }
        />
      )}
      {of.breakerOpen && <Alert type="warning" showIcon title={t('breaker', { at: f.clock(of.breakerRetryAt) })} />}
      {of.state === 'active' && !of.breakerOpen && of.queue === 0 && of.dead === 0 && <Alert type="success" showIcon title={t('fine')} />}
      <div className="figure-grid narrow">
        <Figure name={t('queue')} hint={t('queueHint')} value={f.count(of.queue)} />
        <Figure name={t('inDoubt')} hint={t('inDoubtHint')} value={f.count(of.inDoubt)} />
        <Figure
          name={t('dead')}
          hint={t('deadHint')}
          value={f.count(of.dead)}
          extra={
            of.dead > 0 &&
            onDead && (
              <Button size="small" aria-label={`${t('show')}: ${t('dead')}`} onClick={onDead}>
                {t('show')}
              </Button>
            )
          }
        />
        <Figure name={t('oldest')} value={f.span(of.oldestDueSeconds)} />
        <Figure name={t('rate')} value={f.count(of.requestsLastMinute)} hint={of.requestsPerSecondAllowed ? t('rateOf', { allowed: f.count(of.requestsPerSecondAllowed) }) : undefined} />
      </div>
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: 'delivered', label: t('lastDelivered'), children: of.lastDeliveredAt ? `${f.ago(of.lastDeliveredAt)} · ${f.moment(of.lastDeliveredAt)}` : t('none') },
          ...(of.nextAttemptAt ? [{ key: 'next', label: t('next'), children: f.moment(of.nextAttemptAt) }] : []),
          ...(of.lastError ? [{ key: 'error', label: t('lastError'), children: <span className="breakable">{`${f.moment(of.lastErrorAt)}: `}<Said of={of.lastError} /></span> }] : []),
        ]}
      />
      {tools && (
        <Flex wrap gap={8}>
          {tools}
        </Flex>
      )}
    </div>
  );
}
