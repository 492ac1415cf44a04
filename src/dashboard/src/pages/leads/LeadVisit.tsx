import { Card, Typography } from 'antd';
import { queries } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Answer } from '../../parts/States';

const texts = defineTexts(
  {
    title: 'Визит', pages_one: '{{count}} страница', pages_few: '{{count}} страницы', pages_many: '{{count}} страниц', pages_other: '{{count}} страницы', on: 'на сайте {{time}}', mobile: 'телефон', tablet: 'планшет', desktop: 'компьютер', bot: 'похоже на робота',
    some: 'показаны те, что сохранены',
  },
  { title: 'Visit', pages_one: '{{count}} page', pages_other: '{{count}} pages', on: '{{time}} on the site', mobile: 'phone', tablet: 'tablet', desktop: 'computer', bot: 'looks like a robot', some: 'those that are kept are shown' },
);

/** What was looked at before the lead was sent. */
export function LeadVisit({ id }: { id: string }) {
  const t = texts.use();
  const f = useFormats();
  const visit = queries.useQuery('get', '/v1/visits/{id}', { params: { path: { id } } });
  // Visits are kept for a while only; the passport above says what matters of one that is gone.
  if (visit.error) return null;
  return (
    <Card size="small" title={t('title')}>
      <Answer of={visit} rows={3}>
        {(v) => (
          <>
            <Typography.Text type="secondary">
              {[f.moment(v.startedAt), t('pages', { count: v.pageViews }), v.seconds > 0 && t('on', { time: f.span(v.seconds) }), v.device && t(v.device as 'mobile'), v.isBot && t('bot'), v.pages.length < v.pageViews && t('some')].filter(Boolean).join(' · ')}
            </Typography.Text>
            <ol style={{ margin: '8px 0 0', paddingInlineStart: 24 }}>
              {v.pages.map((p) => (
                <li key={`${p.at}${p.path}`}>
                  <span className="breakable">{p.path}</span>{' '}
                  <Typography.Text type="secondary" className="numbers" style={{ fontSize: 13 }}>
                    {f.clock(p.at)}
                  </Typography.Text>
                </li>
              ))}
            </ol>
          </>
        )}
      </Answer>
    </Card>
  );
}
