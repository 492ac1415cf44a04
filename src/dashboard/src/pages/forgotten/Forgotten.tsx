import { Card, Flex, Segmented, Typography } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useMay, useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { AddressNumber } from '../../parts/AddressNumber';
import { Files } from '../../parts/Files';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { SourceLine } from '../../parts/passport';
import { Pick, useChoice, useNames } from '../../parts/Pick';
import { useAddress } from '../../parts/range';
import { Room } from '../../parts/Room';
import { Views } from '../../parts/Views';
import { AskedPhone } from './AskedPhone';

const texts = defineTexts(
  {
    title: 'Забытые клиенты', kind: 'Кто забыт', noContact: 'Давно без контакта', stoppedBuying: 'Перестали покупать', openDealNoTask: 'Открытая сделка без дела', noContact_: 'Покупали или имеют открытую сделку, но ни звонка, ни сообщения, ни заявки за эти дни.', stoppedBuying_: 'Принесли больше других и давно не покупали.',
    openDealNoTask_: 'Сделка открыта, а задачи нет и никто не связывался; или задача просрочена.', days: 'Дней тишины', daysNoTask: 'Рабочих дней', minLtv: 'Принёс не меньше', manager: 'Менеджер', allManagers: 'Все менеджеры', sort: 'Порядок', ltv: 'Сначала ценные', silence: 'Сначала давние', lastPurchase: 'Сначала недавно купившие', client: 'Клиент', noName: 'Без имени',
    silent: 'Тишина', silentDays_one: '{{count}} день', silentDays_few: '{{count}} дня', silentDays_many: '{{count}} дней', silentDays_other: '{{count}} дня', brought: 'Принёс', purchases_one: '{{count}} покупка', purchases_few: '{{count}} покупки', purchases_many: '{{count}} покупок', purchases_other: '{{count}} покупки', last: 'Последняя покупка',
    contact: 'Последний контакт', open: 'Открытые сделки', deals: '{{count}} на {{amount}}', withoutTask: 'без задачи: {{count}}', overdue: 'просрочено задач: {{count}}', call: 'Позвонить', source: 'Откуда пришёл', never: 'не было',
    found_one: '{{count}} клиент, принёс {{ltv}}', found_few: '{{count}} клиента, принесли {{ltv}}', found_many: '{{count}} клиентов, принесли {{ltv}}', found_other: '{{count}} клиента, принесли {{ltv}}', from: 'ценные здесь — от {{ltv}}', empty: 'Никто не забыт: таких клиентов нет. Уменьшите число дней или порог, чтобы увидеть больше.',
  },
  {
    title: 'Forgotten clients', kind: 'Who is forgotten', noContact: 'No contact for long', stoppedBuying: 'Stopped buying', openDealNoTask: 'Open deal, nothing to do', noContact_: 'They bought or have an open deal, but there has been no call, message or enquiry on these days.', stoppedBuying_: 'They brought more than others and have not bought for long.', openDealNoTask_: 'A deal is open without a task or contact, or its task is overdue.',
    days: 'Days of silence', daysNoTask: 'Working days', minLtv: 'Brought at least', manager: 'Manager', allManagers: 'All managers', sort: 'Order', ltv: 'Most valuable first', silence: 'Longest silent first', lastPurchase: 'Latest buyers first', client: 'Client', noName: 'No name', silent: 'Silence', silentDays_one: '{{count}} day', silentDays_other: '{{count}} days', brought: 'Has brought',
    purchases_one: '{{count}} purchase', purchases_other: '{{count}} purchases', last: 'Last purchase', contact: 'Last contact', open: 'Open deals', deals: '{{count}}, {{amount}}', withoutTask: 'without a task: {{count}}', overdue: 'tasks overdue: {{count}}', call: 'Call', source: 'Came from', never: 'never', found_one: '{{count}} client, has brought {{ltv}}', found_other: '{{count}} clients, have brought {{ltv}}',
    from: 'valuable here means {{ltv}} and more', empty: 'Nobody is forgotten: there are no such clients. Lower the days or the threshold to see more.',
  },
);

type Client = Schemas['ListForgottenClientsClient'];
const kinds = ['noContact', 'stoppedBuying', 'openDealNoTask'] as const;
const usual = { noContact: 60, stoppedBuying: 180, openDealNoTask: 3 } as const;
const number = { align: 'right', className: 'numbers' } as const;
const path = '/v1/reports/forgotten';

/** A list to work through: whom to call, and what they are worth. */
export default function Forgotten() {
  const t = texts.use();
  const f = useFormats();
  const may = useMay();
  const project = useOpenProject();
  const [get, set] = useAddress();
  const kind = useChoice('kind', kinds, 'noContact');
  const managers = useNames('manager', may('reports'));
  const query = { kind, days: get('days') || String(usual[kind]), minLtv: get('minLtv'), manager: get('manager'), sort: get('sort') };
  const list = usePaged<Client, Schemas['ListForgottenClientsResponse']>(path, query);
  const whole = list.first;

  return (
    <Room
      title={t('title')}
      about={t(`${kind}_`)}
      tools={
        <>
          <Views page="forgotten" names={['kind', 'days', 'minLtv', 'manager', 'sort']} />
          <Files path={path} query={query} />
        </>
      }
    >
      <Flex wrap gap={12} align="end">
        <Segmented aria-label={t('kind')} value={kind} onChange={(k) => set({ kind: k === 'noContact' ? undefined : k, days: undefined, minLtv: undefined })} options={kinds.map((k) => ({ value: k, label: t(k) }))} style={{ maxWidth: '100%', overflowX: 'auto' }} />
        <AddressNumber name="days" label={t(kind === 'openDealNoTask' ? 'daysNoTask' : 'days')} usual={usual[kind]} min={1} max={3650} />
        <AddressNumber name="minLtv" label={t('minLtv')} min={0} max={1_000_000_000} step={1000} />
        {may('reports') && <Pick name="manager" label={t('manager')} all={t('allManagers')} options={managers} />}
        <Pick name="sort" label={t('sort')} first="ltv" options={(['ltv', 'silence', 'lastPurchase'] as const).map((s) => ({ value: s, label: t(s) }))} width={210} />
      </Flex>
      <Card size="small">
        <div className="stack" style={{ gap: 10 }}>
          {whole && (
            <span>
              {t('found', { count: whole.clients, ltv: f.money(whole.ltv) })}
              {whole.minLtv !== null && whole.minLtv !== undefined && !get('minLtv') && <Typography.Text type="secondary"> · {t('from', { ltv: f.money(whole.minLtv) })}</Typography.Text>}
            </span>
          )}
          <PagedTable<Client>
            list={list}
            empty={t('empty')}
            size="small"
            rowKey="clientId"
            columns={[
              { title: t('client'), render: (_, c) => <Link to={`/p/${project.id}/clients/${c.clientId}`}>{c.name || t('noName')}</Link> },
              { title: t('silent'), dataIndex: 'silentDays', ...number, render: (d: number | null) => (d === null || d === undefined ? t('never') : t('silentDays', { count: d })) },
              {
                title: t('brought'), ...number,
                render: (_, c) => (
                  <>
                    {f.money(c.ltv)}
                    <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13 }}>{t('purchases', { count: c.purchases })}</Typography.Text>
                  </>
                ),
              },
              { title: t('last'), dataIndex: 'lastPurchase', ...number, render: f.day },
              { title: t('call'), render: (_, c) => <AskedPhone clientId={c.clientId} name={c.name ?? t('noName')} /> },
              { title: t('manager'), dataIndex: 'manager', render: (m: string | null) => m ?? f.none },
              {
                title: t('open'), ...number,
                render: (_, c) =>
                  c.openDeals === 0 ? f.none : (
                    <>
                      {c.openAmount > 0 ? t('deals', { count: c.openDeals, amount: f.money(c.openAmount) }) : f.count(c.openDeals)}
                      <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13 }}>
                        {[c.dealsWithoutTask > 0 && t('withoutTask', { count: c.dealsWithoutTask }), c.overdueTasks > 0 && t('overdue', { count: c.overdueTasks })].filter(Boolean).join(' · ')}
                      </Typography.Text>
                    </>
                  ),
              },
              { title: t('contact'), dataIndex: 'lastContactAt', ...number, render: (m: string | null) => (m ? f.dayAt(m) : t('never')) },
              { title: t('source'), render: (_, c) => <SourceLine of={{ channel: c.channel ?? 'unknown', source: c.source, campaign: c.campaign, keyword: null }} /> },
            ]}
          />
        </div>
      </Card>
    </Room>
  );
}
