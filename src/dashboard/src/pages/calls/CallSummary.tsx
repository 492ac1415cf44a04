import { Card, Flex, Typography } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useBehind, type Behind } from '../../parts/Behind';
import { Figure } from '../../parts/Figure';
import { Files } from '../../parts/Files';
import { GroupPick } from '../../parts/GroupPick';
import { Opens } from '../../parts/Opens';
import { Pick, useChoice } from '../../parts/Pick';
import { useRange } from '../../parts/range';
import { Shown, useReport } from '../../parts/report';
import { SmallSharesNote } from '../../parts/Share';
import { Nothing } from '../../parts/States';
import { Callbacks } from './Callbacks';
import { CallGroups, groups } from './CallGroups';
import { CallHeat } from './CallHeat';
import { Durations } from './Durations';

const texts = defineTexts(
  {
    incoming: 'Входящие', incomingHint: 'Отвеченные, пропущенные и те, о которых провайдер не сказал, чем кончились. Без внутренних, спама и проверок.', answered: 'Отвечено', missed: 'Пропущено', offHours: 'из них вне рабочего времени {{share}}', wait: 'Ждут ответа', waitHint: 'Медиана; девять из десяти ждали не дольше второго числа.',
    slow: '9 из 10: {{span}}', callback: 'Перезванивают через', callbackHint: 'Медиана времени от первого пропущенного звонка до разговора.', lost: 'Потеряно', lostHint: 'Пропущенные обращения, с которыми не поговорили за сутки рабочего времени.', first: 'Впервые звонят', repeat: 'повторных {{count}}', talk: 'Разговор', talkHint: 'Медиана отвеченных звонков.',
    outgoing: 'исходящих {{count}}, дозвонились до {{answered}}', within: 'за 15 минут {{share}}', waitingNow: 'ждут звонка: {{count}}', heat: 'Пропущенные по дням недели и часам', durations: 'Сколько длятся разговоры', callbacks: 'Кто перезванивает', by: 'По сотрудникам и источникам', unknown: 'неизвестно: {{count}}',
    empty: 'За эти дни звонков не было. Подключите телефонию или коллтрекинг — здесь станет видно, кто отвечает и кого теряют.', shorter: 'Короткие пропущенные', shorterNone: 'Все пропущенные', shorterThan: 'Кроме короче {{count}} с', title: 'Звонки · {{what}}', dropped: 'короче порога, не в счёт: {{count}}',
    of: '{{part}} из {{whole}}',
  },
  {
    incoming: 'Incoming', incomingHint: 'Answered, missed, and those of which the provider did not say how they ended. Without internal calls, spam and tests.', answered: 'Answered', missed: 'Missed', offHours: '{{share}} of them out of hours', wait: 'Wait for an answer', waitHint: 'The median; nine of ten waited no longer than the second figure.', slow: '9 of 10: {{span}}',
    callback: 'Called back after', callbackHint: 'Median time from the first missed call to a talk.', lost: 'Lost', lostHint: 'Missed contacts that nobody spoke to within 24 working hours.', first: 'First-time callers', repeat: '{{count}} repeated', talk: 'Talk', talkHint: 'Median of answered calls.', outgoing: '{{count}} outgoing, {{answered}} taken', within: '{{share}} within 15 minutes',
    waitingNow: 'waiting for a call: {{count}}', heat: 'Missed calls by weekday and hour', durations: 'How long people talk', callbacks: 'Who calls back', by: 'By employee and source', unknown: 'unknown: {{count}}', empty: 'There were no calls on these days. Connect telephony or call tracking to see who answers and who is lost.',
    shorter: 'Short missed calls', shorterNone: 'All missed calls', shorterThan: 'But those under {{count}} s', title: 'Calls · {{what}}', dropped: 'too short, left out: {{count}}', of: '{{part}} of {{whole}}',
  },
);

/** Who answers the phone, when nobody does, and what becomes of those who were not answered. */
export function CallSummary() {
  const t = texts.use();
  const { from, to, compare } = useRange();
  const by = useChoice('by', groups, 'employee');
  const shorterThan = useChoice('shorterThan', ['0', '3', '5', '10', '20'], '0');
  const query = { from, to, compare, groupBy: by, shorterThan: shorterThan === '0' ? undefined : shorterThan };
  const report = useReport<Schemas['GetCallReportResponse']>('/v1/reports/calls', query);
  const [open, drawer] = useBehind();
  const show = (what: string, title: string, more: Behind['query'] = {}): void =>
    open({ kind: 'calls', path: '/v1/reports/calls/rows', title: t('title', { what: title }), query: { from, to, shorterThan: query.shorterThan, what, ...more } });
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="flex-end">
        <Pick name="shorterThan" label={t('shorter')} first="0" options={[{ value: '0', label: t('shorterNone') }, ...['3', '5', '10', '20'].map((s) => ({ value: s, label: t('shorterThan', { count: s }) }))]} width={190} />
        <Files path="/v1/reports/calls" query={query} />
      </Flex>
      <Shown of={report} rows={12}>
        {(data) =>
          data.total.incoming === 0 && data.total.outgoing === 0 ? (
            <Card><Nothing what={t('empty')} /></Card>
          ) : (
            <>
              <CallFigures of={data.total} show={show} />
              <Card size="small" title={t('heat')}>
                <CallHeat of={data.heat} show={show} />
              </Card>
              <div className="two-columns">
                <Card size="small" title={t('durations')}>
                  <Durations of={data.total.durations} />
                </Card>
                <Card size="small" title={t('callbacks')}>
                  <Callbacks of={data.callbacks} />
                </Card>
              </div>
              <Card size="small" title={t('by')} extra={<GroupPick groups={groups} first="employee" />}>
                <CallGroups of={data.items} by={by} show={show} />
                <SmallSharesNote />
              </Card>
            </>
          )
        }
      </Shown>
      {drawer}
    </div>
  );
}

function CallFigures({ of, show }: { of: Schemas['CallFigures']; show: (what: string, title: string) => void }) {
  const t = texts.use();
  const f = useFormats();
  const before = of.previous ?? undefined;
  const note = (...lines: (string | false | undefined)[]) => (
    <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13 }}>
      {lines.filter(Boolean).join(' · ')}
    </Typography.Text>
  );
  const part = (share: Schemas['Share']): string => t('of', { part: share.part, whole: share.whole });
  return (
    <div className="figure-grid">
      <Figure name={t('incoming')} hint={t('incomingHint')} value={<Opens onOpen={() => show('incoming', t('incoming').toLowerCase())}>{f.count(of.incoming)}</Opens>} now={of.incoming} before={before?.incoming} extra={note(of.unknown > 0 && t('unknown', { count: of.unknown }), of.dropped > 0 && t('dropped', { count: of.dropped }), t('outgoing', { count: of.outgoing, answered: of.outgoingAnswered }))} />
      <Figure name={t('answered')} value={<Opens onOpen={() => show('answered', t('answered').toLowerCase())}>{f.share(of.answerRate.value)}</Opens>} now={of.answerRate.value} before={before?.answerRate.value} write={f.share} isLessBetter={false} extra={note(part(of.answerRate))} />
      <Figure name={t('missed')} value={<Opens onOpen={() => show('missed', t('missed').toLowerCase())}>{f.count(of.missedCalls)}</Opens>} now={of.missedCalls} before={before?.missedCalls} isLessBetter extra={note(of.offHoursMissed.value !== null && t('offHours', { share: f.share(of.offHoursMissed.value) }))} />
      <Figure name={t('lost')} hint={t('lostHint')} value={f.share(of.missed.lost.value)} now={of.missed.lost.value} before={before?.missed.lost.value} write={f.share} isLessBetter extra={note(part(of.missed.lost), of.missed.waiting > 0 && t('waitingNow', { count: of.missed.waiting }))} />
      <Figure name={t('callback')} hint={t('callbackHint')} value={f.span(of.missed.medianCallbackSeconds)} now={of.missed.medianCallbackSeconds} before={before?.missed.medianCallbackSeconds} write={f.span} isLessBetter extra={note(t('within', { share: f.share(of.missed.within15Minutes.value) }))} />
      <Figure name={t('wait')} hint={t('waitHint')} value={f.span(of.medianWaitSeconds)} now={of.medianWaitSeconds} before={before?.medianWaitSeconds} write={f.span} isLessBetter extra={note(t('slow', { span: f.span(of.slowWaitSeconds) }))} />
      <Figure name={t('talk')} hint={t('talkHint')} value={f.span(of.medianTalkSeconds)} now={of.medianTalkSeconds} before={before?.medianTalkSeconds} write={f.span} />
      <Figure name={t('first')} value={f.count(of.firstCallers)} now={of.firstCallers} before={before?.firstCallers} isLessBetter={false} extra={note(t('repeat', { count: of.repeatCallers }))} />
    </div>
  );
}
