import { Alert, Button, Descriptions, Drawer, Flex, Timeline, Typography } from 'antd';
import { Link } from 'react-router';
import { api, queries } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { useOpenProject } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { useCrmName } from '../../../parts/crm';
import { DeliveryTag } from '../../../parts/leadWords';
import { Said } from '../../../parts/Said';
import { Answer, Nothing } from '../../../parts/States';
import { useAttemptWord, wordTexts } from './words';

const texts = defineTexts(
  {
    title: 'Доставка', connection: 'Подключение', kind: 'Что', lead: 'Заявка', open: 'Открыть заявку', card: 'Карточка в CRM', contact: 'Контакт в CRM', next: 'Следующая попытка', error: 'Последняя ошибка', warnings: 'Что пропущено', attempts: 'Попытки', none: 'Попыток ещё не было.', notKept: 'Записи о попытках не сохранились: они хранятся столько дней, сколько указано в настройках.', attempt: 'Попытка {{n}}', took: 'заняла {{span}}', retry: 'Отправить снова', retried: 'Поставлено в очередь',
    retryHint: 'Что могло дойти, сначала ищется в CRM: второй карточки не будет.',
  },
  {
    title: 'Delivery', connection: 'Connection', kind: 'What', lead: 'Lead', open: 'Open the lead', card: 'Card in the CRM', contact: 'Contact in the CRM', next: 'Next attempt', error: 'Last error', warnings: 'What was left out', attempts: 'Attempts', none: 'No attempts yet.', notKept: 'What was noted of the attempts is gone: it is kept for as many days as the settings say.', attempt: 'Attempt {{n}}', took: 'took {{span}}', retry: 'Send again', retried: 'Put into the queue',
    retryHint: 'What may have arrived is looked for in the CRM first: there will be no second card.',
  },
);

const good = ['delivered', 'found'];
const bad = ['refused', 'credentials_refused', 'account_blocked', 'unreadable'];

/** One delivery with the history of its attempts. */
export function DeliveryCard({ id, onClose }: { id: string; onClose: () => void }) {
  const t = texts.use();
  const w = wordTexts.use();
  const word = useAttemptWord();
  const f = useFormats();
  const crm = useCrmName();
  const project = useOpenProject();
  const [act, isBusy] = useChange();
  const query = queries.useQuery('get', '/v1/deliveries/{id}', { params: { path: { id } } }, { refetchInterval: 5_000 });
  return (
    <Drawer open size={560} title={t('title')} onClose={onClose}>
      <Answer of={query}>
        {({ delivery: d, attempts }) => (
          <div className="stack">
            <Flex gap={8} align="center">
              <DeliveryTag state={d.state} />
              {d.state === 'dead' && (
                <Button type="primary" loading={isBusy} onClick={() => void act(api.POST('/v1/deliveries/{id}/retry', { params: { path: { id } } }), { done: t('retried'), touches: ['/v1/deliveries', '/v1/connections'] })}>
                  {t('retry')}
                </Button>
              )}
            </Flex>
            {d.state === 'dead' && <Typography.Text type="secondary">{t('retryHint')}</Typography.Text>}
            {d.lastError && <Alert type={d.state === 'dead' ? 'error' : 'warning'} showIcon title={t('error')} description={<Said of={d.lastError} />} />}
            {d.warnings.length > 0 && <Alert type="warning" showIcon title={t('warnings')} description={d.warnings.map((x) => <div key={x}><Said of={x} /></div>)} />}
            <Descriptions
              size="small"
              bordered
              column={1}
              items={[
                { key: 'connection', label: t('connection'), children: [d.connectionName, crm(d.crm)].filter(Boolean).join(' · ') },
                { key: 'kind', label: t('kind'), children: w(d.kind as 'deal') },
                { key: 'lead', label: t('lead'), children: <Link to={`/p/${project.id}/leads/${d.leadId}`}>{t('open')}</Link> },
                { key: 'card', label: t('card'), children: d.remoteLeadId ?? f.none },
                { key: 'contact', label: t('contact'), children: d.remoteContactId ?? f.none },
                ...(d.nextAttemptAt ? [{ key: 'next', label: t('next'), children: f.moment(d.nextAttemptAt) }] : []),
              ]}
            />
            <Typography.Title level={2} style={{ fontSize: 16, margin: 0 }}>
              {t('attempts')}
            </Typography.Title>
            {attempts.length === 0 ? (
              <Nothing what={t(d.attempts > 0 ? 'notKept' : 'none')} />
            ) : (
              <Timeline
                items={attempts.map((a) => ({
                  key: a.id,
                  color: good.includes(a.outcome) ? 'green' : bad.includes(a.outcome) ? 'red' : 'gray',
                  content: (
                    <>
                      <div>
                        <strong>{t('attempt', { n: a.number })}</strong>: {word(a.action)} — {word(a.outcome)}
                      </div>
                      <Typography.Text type="secondary">
                        {f.moment(a.startedAt)} · {t('took', { span: f.span((new Date(a.endedAt).getTime() - new Date(a.startedAt).getTime()) / 1000) })}
                      </Typography.Text>
                      {a.error && <div><Said of={a.error} /></div>}
                    </>
                  ),
                }))}
              />
            )}
          </div>
        )}
      </Answer>
    </Drawer>
  );
}
