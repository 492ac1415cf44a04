import { StopOutlined } from '@ant-design/icons';
import { App, Button, Checkbox, Flex, Popover, Space } from 'antd';
import { useState } from 'react';
import { queries } from '../../api/client';
import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { useTelling } from '../../parts/saving';
import { useLeadCache } from './cache';
import type { Lead } from './filters';

const texts = defineTexts(
  {
    redeliver: 'Отправить в CRM снова', spam: 'Спам', notSpam: 'Не спам', confirm: 'Отметить спамом', also: 'И больше не принимать', phone: 'от этого телефона', email: 'от этого e-mail', visitor: 'от этого посетителя', ip: 'с этого адреса',
    isSpam: 'Отмечено спамом', isNot: 'Заявка принята и отправляется в CRM', undo: 'Вернуть', queued: 'Поставлено в очередь: доставка начнётся сейчас', why: 'В CRM не уйдёт, в отчётах не считается.',
  },
  {
    redeliver: 'Send to the CRM again', spam: 'Spam', notSpam: 'Not spam', confirm: 'Mark as spam', also: 'And refuse from now on', phone: 'this phone', email: 'this e-mail', visitor: 'this visitor', ip: 'this address',
    isSpam: 'Marked as spam', isNot: 'The lead is accepted and goes to the CRM', undo: 'Undo', queued: 'Queued: delivery starts now', why: 'It goes to no CRM and counts in no report.',
  },
);

/** What a person can do with a lead. */
export function LeadActions({ lead }: { lead: Lead }) {
  const t = texts.use();
  const may = useMay();
  const { message } = App.useApp();
  const tell = useTelling();
  const cache = useLeadCache();
  const [isAsking, setAsking] = useState(false);
  const [stop, setStop] = useState<string[]>([]);
  const params = { path: { id: lead.id } };
  const settled = (now: Lead): void => {
    cache.put(now);
    cache.refreshAround(now);
  };

  const release = queries.useMutation('post', '/v1/leads/{id}/not-spam', { onSuccess: settled, onError: (e) => tell(e) });
  const spam = queries.useMutation('post', '/v1/leads/{id}/spam', { onSuccess: settled, onError: (e) => tell(e) });
  const redeliver = queries.useMutation('post', '/v1/leads/{id}/redeliver', {
    onSuccess: () => {
      void message.success(t('queued'));
      cache.refreshAround(lead);
    },
    onError: (e) => tell(e),
  });
  if (!may('workLeads')) return null;

  const isOut = lead.status === 'spam' || lead.status === 'test';
  const mark = async (): Promise<void> => {
    setAsking(false);
    await spam.mutateAsync({ params, body: stop.length > 0 ? { stopList: stop } : {} }).then(
      () => {
        const key = `spam-${lead.id}`;
        void message.open({
          key,
          type: 'success',
          duration: 8,
          content: (
            <Space>
              {t('isSpam')}
              <Button
                type="link"
                size="small"
                onClick={() => {
                  message.destroy(key);
                  release.mutate({ params });
                }}
              >
                {t('undo')}
              </Button>
            </Space>
          ),
        });
      },
      () => undefined,
    );
  };
  const stops = [lead.phone && 'phone', lead.email && 'email', 'visitor', 'ip'].filter((k): k is 'phone' => Boolean(k));

  return (
    <Space wrap>
      {lead.deliveries.some((d) => d.state === 'dead') && !isOut && (
        <Button loading={redeliver.isPending} onClick={() => redeliver.mutate({ params })}>
          {t('redeliver')}
        </Button>
      )}
      {isOut ? (
        <Button loading={release.isPending} onClick={() => release.mutate({ params }, { onSuccess: () => void message.success(t('isNot')) })}>
          {t('notSpam')}
        </Button>
      ) : (
        <Popover
          trigger="click"
          open={isAsking}
          onOpenChange={setAsking}
          placement="bottomRight"
          content={
            <Flex vertical gap={10} style={{ maxWidth: 260 }}>
              <span>{t('why')}</span>
              <span id="stop-list">{t('also')}:</span>
              <Checkbox.Group aria-labelledby="stop-list" value={stop} onChange={setStop} options={stops.map((k) => ({ value: k, label: t(k) }))} style={{ flexDirection: 'column', gap: 4 }} />
              <Button danger type="primary" onClick={() => void mark()}>
                {t('confirm')}
              </Button>
            </Flex>
          }
        >
          <Button icon={<StopOutlined />} loading={spam.isPending}>
            {t('spam')}
          </Button>
        </Popover>
      )}
    </Space>
  );
}
