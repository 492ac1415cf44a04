import { Button, Card } from 'antd';
import { useNavigate } from 'react-router';
import { queries, type Schemas } from '../../api/client';
import { useMay, useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { useCrmName } from '../../parts/crm';
import { Answer, Nothing } from '../../parts/States';
import { ConnectionTools } from '../settings/connections/ConnectionTools';
import { ConnectionStatus } from './ConnectionStatus';
import { ConnectionTag } from './connectionState';

const texts = defineTexts(
  { queue: 'Очередь', settings: 'Настройки подключения', connect: 'Подключить CRM', empty: 'CRM ещё не подключена: заявки принимаются и хранятся, но никуда не уходят.' },
  { queue: 'Queue', settings: 'Settings of the connection', connect: 'Connect a CRM', empty: 'No CRM is connected yet: leads are taken and kept, but go nowhere.' },
);

/** All connections at a glance. */
export default function Now() {
  const t = texts.use();
  const may = useMay();
  const project = useOpenProject();
  const navigate = useNavigate();
  const query = queries.useQuery('get', '/v1/connections', { params: { query: { limit: 200 } } }, { refetchInterval: 15_000 });
  return (
    <Answer of={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Nothing what={t('empty')}>
            {may('settings') && (
              <Button type="primary" onClick={() => void navigate(`/p/${project.id}/settings/connections/new`)}>
                {t('connect')}
              </Button>
            )}
          </Nothing>
        ) : (
          <div className="two-columns">
            {items.map((c) => (
              <Glance key={c.id} of={c} />
            ))}
          </div>
        )
      }
    </Answer>
  );
}

function Glance({ of }: { of: Schemas['ConnectionAnswer'] }) {
  const t = texts.use();
  const may = useMay();
  const crm = useCrmName();
  const project = useOpenProject();
  const navigate = useNavigate();
  const queue = (state: string): void => void navigate(`/p/${project.id}/delivery/queue?connection=${of.id}${state ? `&state=${state}` : ''}`);
  return (
    <Card
      size="small"
      title={
        <>
          {of.name} <ConnectionTag state={of.state} />
        </>
      }
      extra={crm(of.crm)}
    >
      <ConnectionStatus
        id={of.id}
        onDead={() => queue('dead')}
        tools={
          <>
            <Button onClick={() => queue('')}>{t('queue')}</Button>
            {may('settings') && (
              <>
                <ConnectionTools of={of} />
                <Button onClick={() => void navigate(`/p/${project.id}/settings/connections/${of.id}`)}>{t('settings')}</Button>
              </>
            )}
          </>
        }
      />
    </Card>
  );
}
