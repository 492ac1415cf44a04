import { Card, Collapse, Flex, Table, Tag, Typography } from 'antd';
import type { Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { Scrolled } from '../../../parts/Scrolled';

const texts = defineTexts(
  {
    last: 'Последняя сверка: {{at}}, дни {{from}} – {{to}}', now: 'Только что сверено: дни {{from}} – {{to}}', fine: 'расхождений нет', found_one: '{{count}} расхождение', found_few: '{{count}} расхождения', found_many: '{{count}} расхождений', found_other: '{{count}} расхождения', counts: 'По дням и подключениям', calls: 'Звонки',
    day: 'День', connection: 'Подключение', leads: 'Обращений', cards: 'Доставлено', deals: 'Есть в CRM', callsIn: 'Входящих звонков', callLeads: 'С заявкой', differs: 'не сходится',
  },
  {
    last: 'Last comparison: {{at}}, days {{from}} – {{to}}', now: 'Compared just now: days {{from}} – {{to}}', fine: 'no differences', found_one: '{{count}} difference', found_other: '{{count}} differences', counts: 'By day and connection', calls: 'Calls',
    day: 'Day', connection: 'Connection', leads: 'Enquiries', cards: 'Delivered', deals: 'In the CRM', callsIn: 'Calls that came in', callLeads: 'With a lead', differs: 'does not agree',
  },
);

interface Props {
  readonly last: Schemas['ListFindingsLastRun'] | null;
  readonly ran: Schemas['RunReconcileResponse'] | undefined;
  readonly nameOf: (connectionId: string | null | undefined) => string;
  readonly kindOf: (kind: string) => string;
}

/** When both sides were compared last, and how the counts of each day agree. */
export function LastComparison({ last, ran, nameOf, kindOf }: Props) {
  const t = texts.use();
  const f = useFormats();
  if (!last && !ran) return null;
  const counts = ran?.counts ?? last?.counts ?? [];
  const total = ran ? Object.values(ran.findings).reduce((sum, n) => sum + n, 0) : (last?.findings ?? 0);
  const differs = (c: Schemas['DayCounts']): boolean => (c.connectionId ? c.cards < c.leads || c.deals < c.cards : c.callLeads < c.calls);
  const rows = [...counts].sort((a, b) => b.day.localeCompare(a.day)).map((c, key) => ({ ...c, key }));
  return (
    <Card size="small">
      <Flex wrap gap={8} align="center">
        <span>{ran ? t('now', { from: f.day(ran.from), to: f.day(ran.to) }) : last && t('last', { at: f.moment(last.at), from: f.day(last.from), to: f.day(last.to) })}</span>
        <Tag color={total === 0 ? 'green' : 'gold'}>{total === 0 ? t('fine') : t('found', { count: total })}</Tag>
        {ran && Object.entries(ran.findings).filter(([, n]) => n > 0).map(([kind, n]) => <Typography.Text type="secondary" key={kind}>{`${kindOf(kind)}: ${f.count(n)}`}</Typography.Text>)}
      </Flex>
      {rows.length > 0 && (
        <Collapse
          ghost
          size="small"
          items={[
            {
              key: 'counts',
              label: t('counts'),
              children: (
                <Scrolled label={t('counts')}>
                  <Table
                    size="small"
                    rowKey="key"
                    dataSource={rows}
                    pagination={{ pageSize: 31, hideOnSinglePage: true, showSizeChanger: false }}
                    columns={[
                      { title: t('day'), render: (_, c) => f.day(c.day) },
                      {
                        title: t('connection'),
                        render: (_, c) => (
                          <>
                            {c.connectionId ? nameOf(c.connectionId) : t('calls')} {differs(c) && <Tag color="gold">{t('differs')}</Tag>}
                          </>
                        ),
                      },
                      ...(['leads', 'cards', 'deals'] as const).map((name) => ({ title: t(name), align: 'right' as const, className: 'numbers', render: (_: unknown, c: (typeof rows)[number]) => f.count(c.connectionId ? c[name] : null) })),
                      { title: t('callsIn'), align: 'right', className: 'numbers', render: (_, c) => f.count(c.connectionId ? null : c.calls) },
                      { title: t('callLeads'), align: 'right', className: 'numbers', render: (_, c) => f.count(c.connectionId ? null : c.callLeads) },
                    ]}
                  />
                </Scrolled>
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}
