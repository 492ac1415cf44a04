import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import { Alert, Card, Spin, Table, Typography } from 'antd';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Said } from '../../parts/Said';
import { Scrolled } from '../../parts/Scrolled';

const texts = defineTexts(
  {
    ready: 'Сервис принимает заявки', notReady: 'Этот узел сейчас не принимает заявки', away: 'Сервис не отвечает', part: 'Часть', state: 'Состояние', ok: 'работает', bad: 'не работает', detail: 'Что не так', at: 'Проверено в {{at}}, обновляется само', database: 'База данных', schema: 'Структура базы', loop: 'Цикл: {{name}}',
    CabinetWorker: 'чтение рекламных кабинетов', CallFolder: 'разбор звонков', DeliveryWorker: 'доставка в CRM', VisitWriter: 'запись визитов', Writer: 'запись заявок', metrics: 'Для мониторинга: /health/ready, /health/live и /metrics (Prometheus).',
  },
  {
    ready: 'The service takes leads', notReady: 'This node takes no leads now', away: 'The service does not answer', part: 'Part', state: 'State', ok: 'works', bad: 'does not work', detail: 'What is wrong', at: 'Checked at {{at}}, updates by itself', database: 'Database', schema: 'Structure of the database', loop: 'Loop: {{name}}',
    CabinetWorker: 'reading of advertising accounts', CallFolder: 'reading of calls', DeliveryWorker: 'delivery to CRMs', VisitWriter: 'writing of visits', Writer: 'writing of leads', metrics: 'For monitoring: /health/ready, /health/live and /metrics (Prometheus).',
  },
);

type Ready = Schemas['GetReadinessResponse'];
const loops = ['CabinetWorker', 'CallFolder', 'DeliveryWorker', 'VisitWriter', 'Writer'] as const;

/** What a balancer asks too. 503 is an answer here: it says which part is down. */
export default function Health() {
  const t = texts.use();
  const f = useFormats();
  const query = useQuery<Ready | null>({
    queryKey: ['health'],
    refetchInterval: 5_000,
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const answer = await fetch('/health/ready', { cache: 'no-store', signal });
      return answer.headers.get('Content-Type')?.includes('json') ? ((await answer.json()) as Ready) : null;
    },
  });
  const nameOf = (name: string): string => {
    if (name === 'database' || name === 'schema') return t(name);
    const loop = name.replace(/^loop: /, '');
    const known = loops.find((l) => l === loop);
    return name.startsWith('loop: ') ? t('loop', { name: known ? t(known) : loop }) : name;
  };
  if (query.isPending) return <Spin aria-label="…" />;
  const ready = query.data;
  return (
    <div className="stack">
      {ready?.status === 'ready' && !query.isError ? <Alert type="success" showIcon title={t('ready')} /> : <Alert type="error" showIcon title={t(ready && !query.isError ? 'notReady' : 'away')} />}
      {ready && (
        <Card size="small">
          <Scrolled label={t('part')}>
            <Table
              size="small"
              rowKey="name"
              pagination={false}
              dataSource={ready.checks}
              columns={[
                { title: t('part'), render: (_, c) => nameOf(c.name) },
                {
                  title: t('state'),
                  render: (_, c) => (
                    <>
                      {c.ok ? <CheckCircleFilled aria-hidden style={{ color: 'var(--ant-color-success, #237804)' }} /> : <CloseCircleFilled aria-hidden style={{ color: 'var(--ant-color-error, #cf1322)' }} />} {t(c.ok ? 'ok' : 'bad')}
                    </>
                  ),
                },
                { title: t('detail'), render: (_, c) => (c.detail ? <Said of={c.detail} /> : f.none) },
              ]}
            />
          </Scrolled>
        </Card>
      )}
      <Typography.Text type="secondary">{t('at', { at: f.clock(new Date(query.dataUpdatedAt).toISOString()) })}</Typography.Text>
      <Typography.Text type="secondary">{t('metrics')}</Typography.Text>
    </div>
  );
}
