import { Button, Flex, Popconfirm, Typography } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { useMerging } from './merging';

const texts = defineTexts(
  { none: 'Без имени', undo: 'Разделить', sure: 'Снова сделать двумя клиентами?', why: 'Заявки, контакты и сделки вернутся к тому, чьи они были.', manual: 'объединён вручную', lead: 'найдено по заявке', contact: 'найдено по контакту CRM', auto: 'найдено само' },
  { none: 'No name', undo: 'Part', sure: 'Make them two clients again?', why: 'Leads, contacts and deals go back to whose they were.', manual: 'merged by hand', lead: 'found by a lead', contact: 'found by a contact of the CRM', auto: 'found by itself' },
);

/** Whom this client turned out to be as well. */
export function MergedClients({ client }: { client: Schemas['GetClientResponse'] }) {
  const t = texts.use();
  const f = useFormats();
  const may = useMay();
  const merging = useMerging();
  return (
    <Flex vertical gap={8}>
      {client.merged.map((m) => (
        <Flex key={m.mergeId} wrap gap={12} align="center" justify="space-between">
          <span className="breakable">
            {m.name || t('none')}{' '}
            <Typography.Text type="secondary">
              {m.reason === 'manual' ? t('manual') : t('auto')}, {f.moment(m.mergedAt)}
            </Typography.Text>
          </span>
          {may('workLeads') && (
            <Popconfirm title={t('sure')} description={t('why')} okText={t('undo')} onConfirm={() => merging.undo(m.mergeId)}>
              <Button size="small" loading={merging.isBusy}>
                {t('undo')}
              </Button>
            </Popconfirm>
          )}
        </Flex>
      ))}
    </Flex>
  );
}
