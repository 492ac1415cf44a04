import { Alert, Button, Card, Flex, Popconfirm, Spin, Tag, Typography } from 'antd';
import { api } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Figure } from '../../../parts/Figure';
import { Said } from '../../../parts/Said';
import { Answer } from '../../../parts/States';
import { useImportProgress } from './importProgress';

const texts = defineTexts(
  {
    title: 'Клиенты и сделки из CRM', about: 'Кто уже есть в CRM, узнаётся с первой заявки: второй контакт не создаётся. Заявки важнее: чтение идёт, когда отправлять нечего.', none: 'не читалось', waiting: 'ждёт очереди', running: 'читается', paused: 'на паузе', cancelled: 'отменено', failed: 'CRM не отдаёт', done: 'прочитано', off: 'выключено',
    people: 'Клиенты', deals: 'Сделки', contacts: 'Контактов', companies: 'Компаний', identities: 'Телефонов и адресов', skipped: 'Пропущено', skippedHint: 'Карточки, по которым никого не узнать: без телефона и почты или больше десяти номеров.', read: 'Сделок', changes: 'Изменений', tasks: 'Задач', touches: 'Звонков и писем',
    until: 'Известно всё до {{at}}', start: 'Прочитать', anew: 'Прочитать заново', pause: 'Пауза', resume: 'Продолжить', cancel: 'Отменить', cancelSure: 'Отменить чтение?', cancelWhy: 'Прочитанное останется, изменения будут видны и дальше.', keep: 'Нет', refused: 'CRM не даёт прочитать: {{parts}}',
    history: 'историю сделок', lead_history: 'историю лидов', leads: 'лиды', tasksPart: 'задачи', asked: 'Чтение поставлено в очередь',
  },
  {
    title: 'Clients and deals of the CRM', about: 'Who is in the CRM already is recognised from the first lead on: no second contact is made. Leads go first: reading goes on when there is nothing to send.', none: 'not read', waiting: 'waiting its turn', running: 'reading', paused: 'paused', cancelled: 'cancelled', failed: 'the CRM gives nothing', done: 'read', off: 'off',
    people: 'Clients', deals: 'Deals', contacts: 'Contacts', companies: 'Companies', identities: 'Phones and e-mails', skipped: 'Skipped', skippedHint: 'Cards that nobody can be recognised by: without phone and e-mail, or with more than ten of them.', read: 'Deals', changes: 'Changes', tasks: 'Tasks', touches: 'Calls and letters',
    until: 'Everything until {{at}} is known', start: 'Read', anew: 'Read anew', pause: 'Pause', resume: 'Go on', cancel: 'Cancel', cancelSure: 'Cancel reading?', cancelWhy: 'What was read stays, and changes are seen from now on.', keep: 'No', refused: 'The CRM does not let us read: {{parts}}',
    history: 'the history of deals', lead_history: 'the history of leads', leads: 'leads', tasksPart: 'tasks', asked: 'The reading will begin',
  },
);

const colors: Readonly<Record<string, string>> = { running: 'processing', waiting: 'blue', done: 'green', failed: 'red', paused: 'gold' };

/** The reading of what the CRM knew before, live. */
export function ImportCard({ id }: { id: string }) {
  const t = texts.use();
  const f = useFormats();
  const [act, isBusy] = useChange();
  const { query, isMoving } = useImportProgress(id);
  const at = { params: { path: { id } } };
  const touches = ['/v1/connections/{id}/import'];
  const state = (value: string) => <Tag color={colors[value] ?? 'default'}>{t(value as 'done')}</Tag>;
  return (
    <Card size="small" title={t('title')}>
      <Answer of={query} rows={4}>
        {(p) => (
          <div className="stack" style={{ gap: 12 }} aria-live="polite">
            <Typography.Text type="secondary">{t('about')}</Typography.Text>
            <div>
              <strong>{t('people')}</strong> {state(p.state)} {isMoving && <Spin size="small" aria-label={t('running')} />} <Typography.Text type="secondary">{p.readUntil && t('until', { at: f.moment(p.readUntil) })}</Typography.Text>
            </div>
            <div className="figure-grid narrow">
              <Figure name={t('contacts')} value={f.count(p.contacts)} />
              <Figure name={t('companies')} value={f.count(p.companies)} />
              <Figure name={t('identities')} value={f.count(p.identities)} />
              <Figure name={t('skipped')} hint={t('skippedHint')} value={f.count(p.skipped)} />
            </div>
            {p.lastError && <Alert type="warning" showIcon title={<Said of={p.lastError} />} />}
            {p.deals && (
              <>
                <div>
                  <strong>{t('deals')}</strong> {state(p.deals.state)}
                </div>
                <div className="figure-grid narrow">
                  <Figure name={t('read')} value={f.count(p.deals.read)} />
                  <Figure name={t('changes')} value={f.count(p.deals.changes)} />
                  <Figure name={t('tasks')} value={f.count(p.deals.tasks)} />
                  <Figure name={t('touches')} value={f.count(p.deals.touches)} />
                </div>
                {p.deals.refused.length > 0 && <Alert type="info" showIcon title={t('refused', { parts: p.deals.refused.map((r) => t(r === 'tasks' ? 'tasksPart' : (r as 'history'))).join(', ') })} />}
                {p.deals.lastError && <Alert type="warning" showIcon title={<Said of={p.deals.lastError} />} />}
              </>
            )}
            <Flex wrap gap={8}>
              {isMoving ? (
                <>
                  <Button loading={isBusy} onClick={() => void act(api.POST('/v1/connections/{id}/import/pause', at), { touches })}>
                    {t('pause')}
                  </Button>
                  <Popconfirm title={t('cancelSure')} description={t('cancelWhy')} okText={t('cancel')} cancelText={t('keep')} onConfirm={() => act(api.POST('/v1/connections/{id}/import/cancel', at), { touches })}>
                    <Button danger>{t('cancel')}</Button>
                  </Popconfirm>
                </>
              ) : p.state === 'paused' || p.deals?.state === 'paused' ? (
                <Button type="primary" loading={isBusy} onClick={() => void act(api.POST('/v1/connections/{id}/import/resume', at), { touches })}>
                  {t('resume')}
                </Button>
              ) : (
                <Button loading={isBusy} onClick={() => void act(api.POST('/v1/connections/{id}/import', at), { done: t('asked'), touches })}>
                  {t(p.state === 'none' ? 'start' : 'anew')}
                </Button>
              )}
            </Flex>
          </div>
        )}
      </Answer>
    </Card>
  );
}
