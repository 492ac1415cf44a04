import { CheckCircleFilled, ClockCircleOutlined } from '@ant-design/icons';
import { Alert, Card, Descriptions, Flex, Spin, Typography } from 'antd';
import { queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { useOpenProject } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { Copyable } from '../../../parts/Copyable';
import { SafeLink } from '../../../parts/passport';
import { Answer } from '../../../parts/States';

const texts = defineTexts(
  {
    title: 'Код для страниц сайта', paste: 'Вставьте эту строку в head каждой страницы. В конструкторе — в «HTML-код для head» настроек сайта.', code: 'Код трекера', waiting: 'Визитов ещё не было', waitingWhy: 'Откройте свой сайт в соседней вкладке — визит появится здесь.',
    works: 'Код установлен и работает', silent: 'Больше суток ни одного визита', silentWhy: 'Если на сайте бывают люди, проверьте, что строка ещё стоит на страницах.', lastVisit: 'Последний визит', lastPage: 'На странице', visits: 'Визитов за сутки', lastLead: 'Последняя заявка', leads: 'Заявок за сутки',
    first: 'Первый визит', live: 'Обновляется само', playground: 'Или откройте готовую страницу демо', never: 'ещё не было',
  },
  {
    title: 'The code for the site’s pages', paste: 'Put this line into the head of every page. In a site builder: into «HTML code for the head» of the site’s settings.', code: 'The tracker’s code', waiting: 'No visits yet', waitingWhy: 'Open your site in another tab: the visit appears here.',
    works: 'The code is there and works', silent: 'No visit for more than a day', silentWhy: 'If people come to the site, check that the line still stands on its pages.', lastVisit: 'Last visit', lastPage: 'On the page', visits: 'Visits in a day', lastLead: 'Last lead', leads: 'Leads in a day',
    first: 'First visit', live: 'Updates by itself', playground: 'Or open the ready page of the demo', never: 'none yet',
  },
);

/** The line to paste, and whether it is in place: asked every three seconds as long as it is in sight. */
export function Installation({ site }: { site: Schemas['SiteAnswer'] }) {
  const t = texts.use();
  const project = useOpenProject();
  const query = queries.useQuery('get', '/v1/sites/{id}/installation', { params: { path: { id: site.id } } }, { refetchInterval: 3_000, staleTime: 0 });
  return (
    <Card size="small" title={t('title')}>
      <div className="stack" style={{ gap: 12 }}>
        <Typography.Text type="secondary">{t('paste')}</Typography.Text>
        <Copyable text={query.data?.snippet ?? site.endpoints.tracker} label={t('code')} />
        <Answer of={query} rows={2}>{(found) => <Found of={found} />}</Answer>
        {project.isDemo && (
          <a href="/playground/" target="_blank" rel="noopener">
            {t('playground')}
          </a>
        )}
      </div>
    </Card>
  );
}

const day = 24 * 3_600_000;

function Found({ of }: { of: Schemas['GetSiteInstallationSiteInstallation'] }) {
  const t = texts.use();
  const f = useFormats();
  const lead = of.lastLeadAt ? `${f.ago(of.lastLeadAt)} · ${f.moment(of.lastLeadAt)}` : t('never');
  if (!of.lastVisitAt) {
    return (
      <Alert
        type="info"
        showIcon
        icon={<ClockCircleOutlined />}
        title={
          <Flex gap={8} align="center">
            {t('waiting')} <Spin size="small" aria-label={t('live')} />
          </Flex>
        }
        description={
          <>
            <div>{t('waitingWhy')}</div>
            {of.lastLeadAt && <div>{`${t('lastLead')}: ${lead}`}</div>}
          </>
        }
      />
    );
  }
  const isSilent = Date.now() - new Date(of.lastVisitAt).getTime() > day;
  return (
    <div className="stack" style={{ gap: 8 }}>
      {isSilent ? <Alert type="warning" showIcon title={t('silent')} description={t('silentWhy')} /> : <Alert type="success" showIcon icon={<CheckCircleFilled />} title={t('works')} />}
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: 'visit', label: t('lastVisit'), children: <span aria-live="polite">{`${f.ago(of.lastVisitAt)} · ${f.moment(of.lastVisitAt)}`}</span> },
          ...(of.lastPage ? [{ key: 'page', label: t('lastPage'), children: <SafeLink to={of.lastPage} /> }] : []),
          { key: 'visits', label: t('visits'), children: <span className="numbers">{f.count(of.visitsLastDay)}</span> },
          { key: 'lead', label: t('lastLead'), children: lead },
          { key: 'leads', label: t('leads'), children: <span className="numbers">{f.count(of.leadsLastDay)}</span> },
          { key: 'first', label: t('first'), children: f.moment(of.firstVisitAt) },
        ]}
      />
      <Typography.Text type="secondary">{t('live')}</Typography.Text>
    </div>
  );
}
