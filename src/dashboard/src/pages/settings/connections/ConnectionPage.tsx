import { Card, Tabs } from 'antd';
import { queries } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useAddress } from '../../../parts/range';
import { Answer } from '../../../parts/States';
import { ConnectionStatus } from '../../delivery/ConnectionStatus';
import { ConnectionTag } from '../../delivery/connectionState';
import { Back } from '../Back';
import { Access } from './Access';
import { Check } from './Check';
import { ConnectionTools } from './ConnectionTools';
import { CrmWebhook } from './CrmWebhook';
import { ImportCard } from './ImportCard';
import { Preview } from './Preview';
import { SettingsForm } from './SettingsForm';

const texts = defineTexts(
  { back: 'Все подключения', state: 'Состояние', settings: 'Поля и правила', preview: 'Проверка на заявке', access: 'Доступ', delivery: 'Доставка' },
  { back: 'All connections', state: 'State', settings: 'Fields and rules', preview: 'Try on a lead', access: 'Access', delivery: 'Delivery' },
);

export function ConnectionPage({ id, onBack }: { id: string; onBack: () => void }) {
  const t = texts.use();
  const [get, set] = useAddress();
  const query = queries.useQuery('get', '/v1/connections/{id}', { params: { path: { id } } });
  return (
    <Answer of={query}>
      {(connection) => (
        <div className="stack">
          <Back
            title={
              <>
                {connection.name} <ConnectionTag state={connection.state} />
              </>
            }
            to={t('back')}
            onBack={onBack}
            tools={<ConnectionTools of={connection} onGone={onBack} />}
          />
          <Tabs
            size="small"
            activeKey={get('part') || 'state'}
            onChange={(part) => set({ part: part === 'state' ? undefined : part })}
            items={[
              {
                key: 'state',
                label: t('state'),
                children: (
                  <div className="two-columns">
                    <Card size="small" title={t('delivery')}>
                      <ConnectionStatus id={id} />
                    </Card>
                    <ImportCard id={id} />
                    <Check id={id} />
                    <CrmWebhook of={connection} />
                  </div>
                ),
              },
              { key: 'settings', label: t('settings'), children: <SettingsForm of={connection} onTry={() => set({ part: 'preview' })} /> },
              { key: 'preview', label: t('preview'), children: <Preview of={connection} /> },
              { key: 'access', label: t('access'), children: <Access of={connection} /> },
            ]}
          />
        </div>
      )}
    </Answer>
  );
}
