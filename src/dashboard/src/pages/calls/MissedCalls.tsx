import { Card, Flex, Tag, Typography } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { PhoneLink, spokenPhone } from '../../parts/Contacts';
import { Files } from '../../parts/Files';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { Pick } from '../../parts/Pick';
import { useAddress, useRange } from '../../parts/range';

const texts = defineTexts(
  {
    about: 'Кто звонил, не дождался ответа и с кем с тех пор не говорили. Самые новые сверху.', state: 'Состояние', all: 'Все', waiting: 'ещё можно перезвонить', lost: 'потерян', waitingAll: 'Ещё можно перезвонить', lostAll: 'Потеряны', first: 'Звонил', phone: 'Телефон', client: 'Клиент', calls: 'Звонков', age: 'Прошло', working: 'Рабочего времени',
    source: 'Источник', brought: 'Принёс', manager: 'Менеджер', line: 'Набранный номер', hidden: 'номер скрыт', empty: 'Всем, кто не дозвонился за эти дни, перезвонили.', noName: 'Без имени', deals_one: '{{count}} сделка', deals_few: '{{count}} сделки', deals_many: '{{count}} сделок', deals_other: '{{count}} сделки',
  },
  {
    about: 'Who called, was not answered, and has not been spoken to since. The newest first.', state: 'State', all: 'All', waiting: 'still time', lost: 'lost', waitingAll: 'Still time to call', lostAll: 'Lost', first: 'Called', phone: 'Phone', client: 'Client', calls: 'Calls', age: 'Since', working: 'Working time', source: 'Source', brought: 'Has brought', manager: 'Manager',
    line: 'Number dialled', hidden: 'hidden number', empty: 'Everybody who was not answered on these days has been called back.', noName: 'No name', deals_one: '{{count}} deal', deals_other: '{{count}} deals',
  },
);

type Missed = Schemas['ListMissedCallsMissed'];
const number = { align: 'right', className: 'numbers' } as const;

/** Whom to call back, with what they are worth. */
export function MissedCalls() {
  const t = texts.use();
  const f = useFormats();
  const project = useOpenProject();
  const [get] = useAddress();
  const { from, to } = useRange();
  const query = { from, to, state: get('state') };
  const list = usePaged<Missed>('/v1/reports/calls/missed', query);
  return (
    <div className="stack">
      <Flex wrap gap={8} justify="space-between" align="center">
        <Typography.Text type="secondary" style={{ flex: '1 1 320px' }}>{t('about')}</Typography.Text>
        <Flex gap={8}>
          <Pick name="state" label={t('state')} all={t('all')} options={[{ value: 'waiting', label: t('waitingAll') }, { value: 'lost', label: t('lostAll') }]} width={200} />
          <Files path="/v1/reports/calls/missed" query={query} />
        </Flex>
      </Flex>
      <Card size="small">
        <PagedTable<Missed>
          list={list}
          empty={t('empty')}
          size="small"
          columns={[
            { title: t('first'), dataIndex: 'firstMissAt', className: 'numbers', render: f.moment },
            { title: t('phone'), dataIndex: 'phone', className: 'numbers', render: (p: string | null) => (p ? <PhoneLink phone={p} /> : t('hidden')) },
            { title: t('client'), render: (_, m) => (m.clientId ? <Link to={`/p/${project.id}/clients/${m.clientId}`}>{m.clientName || t('noName')}</Link> : f.none) },
            { title: t('state'), dataIndex: 'state', render: (s: string) => <Tag color={s === 'lost' ? 'red' : 'orange'}>{t(s as 'lost')}</Tag> },
            { title: t('calls'), dataIndex: 'calls', ...number },
            { title: t('age'), dataIndex: 'ageSeconds', ...number, render: f.span },
            { title: t('working'), dataIndex: 'workingAgeSeconds', ...number, render: f.span },
            {
              title: t('brought'), ...number,
              render: (_, m) => (
                <>
                  {f.money(m.revenue)}
                  {(m.wonDeals ?? 0) > 0 && <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13 }}>{t('deals', { count: m.wonDeals ?? 0 })}</Typography.Text>}
                </>
              ),
            },
            { title: t('source'), dataIndex: 'source', render: (s: string | null) => s ?? f.none },
            { title: t('manager'), dataIndex: 'manager', render: (m: string | null) => m ?? f.none },
            { title: t('line'), dataIndex: 'line', className: 'numbers', render: (l: string | null) => (l ? spokenPhone(l) : f.none) },
          ]}
        />
      </Card>
    </div>
  );
}
