import { Card, Descriptions, Typography } from 'antd';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useCallWords } from '../../parts/calls';
import { PhoneLink, spokenPhone } from '../../parts/Contacts';
import { useLeadWords } from '../../parts/leadWords';
import { hasRecording, Recording } from '../../parts/Recording';
import { Answer } from '../../parts/States';

const texts = defineTexts(
  {
    title: 'Звонок', who: 'Клиент', line: 'Набранный номер', employee: 'Ответил', at: 'Начало', wait: 'Ожидание', talk: 'Разговор', noRecording: 'Записи нет: телефония её не передала.', hidden: 'номер скрыт',
    matched: 'Как найден визит', holder: 'номер был показан этому визиту', session: 'визит назвала телефония', provider: 'метки передала телефония', recent: 'последний визит, видевший номер', static: 'постоянный источник номера', none: 'не найден', notes: 'Замечания',
  },
  {
    title: 'Call', who: 'Client', line: 'Number called', employee: 'Answered by', at: 'Began', wait: 'Waited', talk: 'Talked', noRecording: 'No recording: the telephony did not send one.', hidden: 'hidden number',
    matched: 'How the visit was found', holder: 'the number was shown to this visit', session: 'the telephony named the visit', provider: 'the telephony sent the tags', recent: 'the last visit that saw the number', static: 'the fixed source of the number', none: 'not found', notes: 'Notes',
  },
);

export function LeadCall({ id }: { id: string }) {
  const t = texts.use();
  const call = queries.useQuery('get', '/v1/calls/{id}', { params: { path: { id } } });
  return (
    <Card size="small" title={t('title')}>
      <Answer of={call} rows={3}>
        {({ call: c }) => <CallDetails call={c} />}
      </Answer>
    </Card>
  );
}

function CallDetails({ call: c }: { call: Schemas['CallAnswer'] }) {
  const t = texts.use();
  const f = useFormats();
  const word = useLeadWords();
  const words = useCallWords();
  const rows = [
    { label: t('who'), value: c.clientPhone ? <PhoneLink phone={c.clientPhone} /> : (c.clientPhoneTyped ?? t('hidden')) },
    { label: t('line'), value: c.linePhone && <span className="numbers">{spokenPhone(c.linePhone)}</span> },
    { label: t('employee'), value: c.employee },
    { label: t('at'), value: <span className="numbers">{f.moment(c.startedAt ?? c.firstSeenAt)}</span> },
    { label: t('wait'), value: c.waitSeconds !== null && c.waitSeconds !== undefined && f.span(c.waitSeconds) },
    { label: t('talk'), value: c.talkSeconds ? f.span(c.talkSeconds) : undefined },
    { label: t('matched'), value: c.matchedBy && t(c.matchedBy as 'none') },
    { label: t('notes'), value: c.warnings.length > 0 && c.warnings.map(word).join('; ') },
  ].filter((r) => r.value);
  return (
    <div className="stack" style={{ gap: 10 }}>
      <div>
        {words.direction(c.direction)}, {words.outcome(c.outcome)}
      </div>
      <Descriptions size="small" column={1} bordered styles={{ label: { width: 150 } }} items={rows.map((r) => ({ key: r.label, label: r.label, children: <span className="breakable">{r.value}</span> }))} />
      {hasRecording(c) ? <Recording of={c} /> : <Typography.Text type="secondary">{t('noRecording')}</Typography.Text>}
    </div>
  );
}
