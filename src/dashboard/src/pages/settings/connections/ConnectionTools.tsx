import { Button, Input, Modal, Popconfirm } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';

const texts = defineTexts(
  {
    pause: 'Приостановить', resume: 'Возобновить', remove: 'Удалить', sure: 'Удалить подключение?', sureWhy: 'Доступ забудется, заявки перестанут идти в эту CRM. Сделки и история в отчётах останутся. Пока заявки в пути, удалить нельзя.', keep: 'Отмена', removed: 'Подключение удалено',
    paused: 'Отправка приостановлена: заявки ждут', resumed: 'Отправка возобновлена', why: 'Почему (увидят те, кто спросит потом)', pauseWhy: 'Заявки принимаются и ждут в очереди, порядок сохраняется.',
  },
  {
    pause: 'Pause', resume: 'Resume', remove: 'Delete', sure: 'Delete the connection?', sureWhy: 'The credentials are forgotten, leads go to this CRM no more. Deals and history in reports stay. It cannot be deleted while leads are on their way.', keep: 'Cancel', removed: 'The connection is deleted',
    paused: 'Sending is paused: leads wait', resumed: 'Sending goes on', why: 'Why (for who asks later)', pauseWhy: 'Leads are taken and wait in the queue, in their order.',
  },
);

export function ConnectionTools({ of, onGone }: { of: Schemas['ConnectionAnswer']; onGone?: () => void }) {
  const t = texts.use();
  const [act, isBusy] = useChange();
  const [reason, setReason] = useState<string>();
  const at = { params: { path: { id: of.id } } };
  const touches = ['/v1/connections'];
  const pause = async (): Promise<void> => {
    const body = reason?.trim() ? { reason: reason.trim() } : {};
    if (await act(api.POST('/v1/connections/{id}/pause', { ...at, body }), { done: t('paused'), touches })) setReason(undefined);
  };
  const remove = async (): Promise<void> => {
    if (!(await act(api.DELETE('/v1/connections/{id}', at)))) return;
    onGone?.();
    await act(Promise.resolve({}), { done: t('removed'), touches });
  };
  return (
    <>
      {of.state === 'active' ? (
        <Button onClick={() => setReason('')}>{t('pause')}</Button>
      ) : (
        <Button type="primary" loading={isBusy} onClick={() => void act(api.POST('/v1/connections/{id}/resume', at), { done: t('resumed'), touches })}>
          {t('resume')}
        </Button>
      )}
      {onGone && (
        <Popconfirm title={t('sure')} description={<div style={{ maxWidth: 300 }}>{t('sureWhy')}</div>} okText={t('remove')} cancelText={t('keep')} okButtonProps={{ danger: true }} onConfirm={remove}>
          <Button danger>{t('remove')}</Button>
        </Popconfirm>
      )}
      {reason !== undefined && (
        <Modal open title={t('pause')} okText={t('pause')} confirmLoading={isBusy} onOk={() => void pause()} onCancel={() => setReason(undefined)}>
          <p>{t('pauseWhy')}</p>
          <Input aria-label={t('why')} placeholder={t('why')} maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} onPressEnter={() => void pause()} />
        </Modal>
      )}
    </>
  );
}
