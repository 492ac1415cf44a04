import { Flex, Tag, Typography } from 'antd';
import { Link } from 'react-router';
import { queries } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Panel } from '../../parts/Panel';
import { useAlertWords, type Alert } from './alertWords';

const texts = defineTexts(
  { title: 'Требует внимания', error: 'срочно', warning: 'внимание', info: 'к сведению', demo: 'Это демо: данные придуманы, и менять их можно без последствий.' },
  { title: 'Needs attention', error: 'urgent', warning: 'attention', info: 'for information', demo: 'This is a demo: its data are made up, and nothing breaks when you change them.' },
);

const colours = { error: 'red', warning: 'orange', info: 'blue' } as const;
const askedEvery = 60_000;

/** What somebody should look at now, each with the page that mends it. Nothing is drawn when all is well: calm is the usual state. */
export function Alerts() {
  const t = texts.use();
  const f = useFormats();
  const wordsOf = useAlertWords();
  const asked = queries.useQuery('get', '/v1/alerts', {}, { refetchInterval: askedEvery, retry: false });
  const all: readonly Alert[] = asked.data?.items ?? [];
  const alerts = all.filter((a) => a.kind !== 'demo');
  const isDemo = all.length > alerts.length;
  return (
    <>
      {isDemo && (
        <Typography.Text type="secondary" role="note">
          {t('demo')}
        </Typography.Text>
      )}
      {alerts.length > 0 && (
        <Panel title={t('title')}>
          <ul aria-label={t('title')} style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 8 }}>
            {alerts.map((a) => {
              const words = wordsOf(a);
              const severity = a.severity as keyof typeof colours;
              return (
                <li key={`${a.kind} ${a.id ?? a.name ?? ''}`}>
                  <Flex gap={8} align="baseline">
                    <Tag color={colours[severity]} style={{ minWidth: 92, textAlign: 'center', margin: 0, flex: 'none' }}>
                      {t(severity)}
                    </Tag>
                    <span className="breakable">
                      {words.text}{' '}
                      {a.since && (
                        <Typography.Text type="secondary" title={f.moment(a.since)}>
                          {f.ago(a.since)}
                        </Typography.Text>
                      )}{' '}
                      {words.to && <Link className="text-link" to={words.to}>{words.action}</Link>}
                    </span>
                  </Flex>
                </li>
              );
            })}
          </ul>
        </Panel>
      )}
    </>
  );
}
