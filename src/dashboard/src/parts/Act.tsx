import { Alert, Descriptions, Typography } from 'antd';
import type { Schemas } from '../api/client';
import { useFormats } from '../app/formats';
import { defineTexts } from '../app/texts';

const texts = defineTexts(
  {
    number: 'Акт', at: 'Когда', by: 'Кто', reason: 'Основание', erased: 'Что удалено', crm: 'Удалите вручную в CRM', due: 'Срок — {{when}}. Сервис в CRM ничего не удаляет.', noCrm: 'В CRM об этом человеке ничего нет.', contact: 'контакт', company: 'компания', deal: 'сделка', lead: 'лид', nothing: 'ничего не нашлось',
    identities: 'контакты и признаки', visitors: 'браузеры', leads: 'заявки', leadsOfOthers: 'упоминания в чужих заявках', deliveries: 'доставки', attempts: 'попытки доставки', visits: 'визиты', numberHolds: 'показы номеров', numbers: 'номера', calls: 'звонки', callEvents: 'сообщения о звонках', deals: 'сделки',
    stopList: 'строки стоп-листа', mergeSuggestions: 'предложения объединить', idempotencyKeys: 'ключи повторов', clients: 'карточки клиента', rejects: 'неразобранные заявки', crmEvents: 'сообщения CRM', texts: 'упоминания в текстах',
  },
  {
    number: 'Act', at: 'When', by: 'Who', reason: 'Reason', erased: 'What was erased', crm: 'Erase by hand in the CRM', due: 'By {{when}}. The service erases nothing in a CRM.', noCrm: 'No CRM holds anything of this person.', contact: 'contact', company: 'company', deal: 'deal', lead: 'lead', nothing: 'nothing was found',
    identities: 'contacts and marks', visitors: 'browsers', leads: 'leads', leadsOfOthers: 'mentions in leads of others', deliveries: 'deliveries', attempts: 'delivery attempts', visits: 'visits', numberHolds: 'numbers shown', numbers: 'numbers', calls: 'calls', callEvents: 'messages about calls', deals: 'deals',
    stopList: 'rows of the stop-list', mergeSuggestions: 'suggested merges', idempotencyKeys: 'keys of repeats', clients: 'cards of the client', rejects: 'rejects', crmEvents: 'messages of the CRM', texts: 'mentions in texts',
  },
);

/** The act of an erasure: what is gone, and what people still have to erase in the CRMs. */
export function Act({ of }: { of: Schemas['ErasureAct'] }) {
  const t = texts.use();
  const f = useFormats();
  const counts = Object.entries(of.counts).filter(([, n]) => typeof n === 'number' && n > 0);
  return (
    <div className="stack" data-test="erasure-act">
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          { key: 'id', label: t('number'), children: <span className="breakable">{of.id}</span> },
          { key: 'at', label: t('at'), children: f.moment(of.at) },
          { key: 'by', label: t('by'), children: <span className="breakable">{of.by}</span> },
          { key: 'reason', label: t('reason'), children: <span className="breakable">{of.reason}</span> },
          { key: 'counts', label: t('erased'), children: counts.length === 0 ? t('nothing') : counts.map(([kind, n]) => `${t(kind as 'leads')}: ${f.count(n as number)}`).join(', ') },
        ]}
      />
      {of.crmObjects.length === 0 ? (
        <Typography.Text type="secondary">{t('noCrm')}</Typography.Text>
      ) : (
        <Alert
          type="warning"
          showIcon
          title={t('crm')}
          description={
            <>
              {of.dueAt && <div>{t('due', { when: f.moment(of.dueAt) })}</div>}
              <ul style={{ margin: '6px 0 0', paddingInlineStart: 20 }}>
                {of.crmObjects.map((o) => (
                  <li key={`${o.connectionId}${o.kind}${o.remoteId}`} className="breakable">
                    {o.connectionName}: {o.url && /^https:\/\//.test(o.url) ? <a href={o.url} target="_blank" rel="noopener noreferrer">{`${t(o.kind as 'deal')} № ${o.remoteId}`}</a> : `${t(o.kind as 'deal')} № ${o.remoteId}`}
                  </li>
                ))}
              </ul>
            </>
          }
        />
      )}
    </div>
  );
}
