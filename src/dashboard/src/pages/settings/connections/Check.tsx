import { CheckCircleFilled, CloseCircleFilled, WarningFilled } from '@ant-design/icons';
import { Alert, Button, Card, Flex, Popconfirm, Typography } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Said } from '../../../parts/Said';

const texts = defineTexts(
  {
    title: 'Проверка аккаунта', about: 'Смотрит вход, права, оплату, воронку, поля и вебхуки. В CRM ничего не меняет.', check: 'Проверить', again: 'Проверить ещё раз', repair: 'Создать поля в CRM', repairSure: 'Создать наши поля?', repairWhy: 'В карточках появятся поля источника, кампании, ключевой фразы, канала, страницы и номера заявки; людям — только для чтения.', keep: 'Отмена',
    fine: 'Всё готово: заявки будут доставлены', poor: 'Заявки доставляются, но не всё так, как могло бы быть', bad: 'Заявки не дойдут, пока это не исправлено', ok: 'в порядке', warning: 'можно лучше', failed: 'мешает', repaired: 'исправлено',
    connection: 'Подключение', reachable: 'Связь', credentials: 'Вход', paid: 'Оплата', filter: 'Фильтры API', rights: 'Права', fields: 'Поля', webhooks: 'Вебхуки', scopes: 'Разрешения', responsible: 'Ответственный', pipeline: 'Воронка', stage: 'Этап', entity: 'Сделки или лиды', utm: 'Поля UTM', account: 'Аккаунт', token: 'Токен',
  },
  {
    title: 'Check of the account', about: 'Looks at the login, rights, payment, pipeline, fields and webhooks. Changes nothing in the CRM.', check: 'Check', again: 'Check again', repair: 'Make the fields in the CRM', repairSure: 'Make our fields?', repairWhy: 'Cards get fields for source, campaign, keyword, channel, page and lead id; read-only for people.', keep: 'Cancel',
    fine: 'All is ready: leads will be delivered', poor: 'Leads are delivered, but not everything is as good as it could be', bad: 'Leads will not arrive until this is mended', ok: 'fine', warning: 'could be better', failed: 'in the way', repaired: 'mended',
    connection: 'Connection', reachable: 'Reach', credentials: 'Login', paid: 'Payment', filter: 'API filters', rights: 'Rights', fields: 'Fields', webhooks: 'Webhooks', scopes: 'Scopes', responsible: 'Responsible', pipeline: 'Pipeline', stage: 'Stage', entity: 'Deals or leads', utm: 'UTM fields', account: 'Account', token: 'Token',
  },
);

const icons = {
  ok: <CheckCircleFilled style={{ color: 'var(--ant-color-success, #237804)' }} aria-hidden />,
  warning: <WarningFilled style={{ color: 'var(--ant-color-warning, #8f5600)' }} aria-hidden />,
  failed: <CloseCircleFilled style={{ color: 'var(--ant-color-error, #cf1322)' }} aria-hidden />,
};
const known = ['connection', 'reachable', 'credentials', 'paid', 'filter', 'rights', 'fields', 'webhooks', 'scopes', 'responsible', 'pipeline', 'stage', 'entity', 'utm', 'account', 'token'] as const;

export function Check({ id }: { id: string }) {
  const t = texts.use();
  const [act, isBusy] = useChange();
  const [found, setFound] = useState<Schemas['CheckConnectionResponse']>();
  const run = async (repair: boolean): Promise<void> => {
    const checked = await act(api.POST('/v1/connections/{id}/check', { params: { path: { id } }, body: { repair } }), { touches: ['/v1/connections'] });
    if (checked?.data) setFound(checked.data);
  };
  const worst = found && (!found.ok || found.items.some((i) => i.state === 'failed') ? 'bad' : found.items.some((i) => i.state === 'warning') ? 'poor' : 'fine');
  return (
    <Card size="small" title={t('title')}>
      <div className="stack" style={{ gap: 12 }}>
        <Typography.Text type="secondary">{t('about')}</Typography.Text>
        {found && worst && (
          <>
            <Alert type={worst === 'bad' ? 'error' : worst === 'poor' ? 'warning' : 'success'} showIcon title={t(worst)} />
            <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 8 }}>
              {found.items.map((i, n) => (
                <li key={`${i.name}${n}`} style={{ display: 'flex', gap: 8, alignItems: 'baseline' }}>
                  {icons[i.state as 'ok']}
                  <span className="breakable">
                    <strong>{known.find((k) => k === i.name) ? t(i.name as 'fields') : i.name}</strong> — {t(i.repaired ? 'repaired' : (i.state as 'ok'))}. <Typography.Text type="secondary"><Said of={i.message} /></Typography.Text>
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
        <Flex wrap gap={8}>
          <Button loading={isBusy} onClick={() => void run(false)}>
            {t(found ? 'again' : 'check')}
          </Button>
          {found?.items.some((i) => i.name === 'fields' && i.state !== 'ok') && (
            <Popconfirm title={t('repairSure')} description={<div style={{ maxWidth: 300 }}>{t('repairWhy')}</div>} okText={t('repair')} cancelText={t('keep')} onConfirm={() => run(true)}>
              <Button type="primary" loading={isBusy}>
                {t('repair')}
              </Button>
            </Popconfirm>
          )}
        </Flex>
      </div>
    </Card>
  );
}
