import { Card, Table, Typography } from 'antd';
import { queries } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { Answer, Nothing } from '../../../parts/States';
import { Scrolled } from '../../../parts/Scrolled';

const texts = defineTexts(
  {
    title: 'Что удалится этой ночью', about: 'По сохранённым срокам.', kind: 'Что', older: 'Старше', rows: 'Записей', none: 'Удалять пока нечего.', raw_bodies: 'Присланное целиком', rejects: 'Не разобрано', attempts: 'Попытки доставки', visits: 'Визиты', leads: 'Контакты заявок', audit: 'Журнал действий',
  },
  {
    title: 'What is deleted tonight', about: 'By the saved terms.', kind: 'What', older: 'Older than', rows: 'Records', none: 'There is nothing to delete yet.', raw_bodies: 'Bodies as received', rejects: 'What could not be read', attempts: 'Attempts of delivery', visits: 'Visits', leads: 'Contacts of leads', audit: 'Audit log',
  },
);

const known = ['raw_bodies', 'rejects', 'attempts', 'visits', 'leads', 'audit'] as const;
/** `rawBodies` and `raw_bodies` alike. */
const plain = (kind: string): string => kind.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** What the terms of keeping would delete: seen before it happens. */
export function Retention() {
  const t = texts.use();
  const f = useFormats();
  const query = queries.useQuery('get', '/v1/privacy/retention');
  return (
    <Card size="small" title={t('title')}>
      <Typography.Paragraph type="secondary">{t('about')}</Typography.Paragraph>
      <Answer of={query} rows={3}>
        {({ items }) => (
          <Scrolled label={t('title')}>
            <Table
              size="small"
              rowKey="kind"
              pagination={false}
              dataSource={items}
              locale={{ emptyText: <Nothing what={t('none')} /> }}
              columns={[
                {
                  title: t('kind'),
                  render: (_, r) => {
                    const name = known.find((k) => k === plain(r.kind));
                    return name ? t(name) : r.kind;
                  },
                },
                { title: t('older'), render: (_, r) => f.moment(r.olderThan) },
                { title: t('rows'), align: 'right', className: 'numbers', render: (_, r) => f.count(r.rows) },
              ]}
            />
          </Scrolled>
        )}
      </Answer>
    </Card>
  );
}
