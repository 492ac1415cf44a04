import { DeleteOutlined, DownloadOutlined, UserAddOutlined } from '@ant-design/icons';
import { App, Button, Flex } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { download, type Problem, type Schemas } from '../../api/client';
import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { wordsOf } from '../../parts/States';

const MergeClient = lazy(() => import('./MergeClient'));
const EraseClient = lazy(() => import('./EraseClient'));

const texts = defineTexts(
  { merge: 'Объединить с другим', export: 'Выгрузить данные человека', erase: 'Удалить данные человека' },
  { merge: 'Merge with another', export: 'Export the person’s data', erase: 'Erase the person’s data' },
);

/** What a person can do with a client. */
export function ClientActions({ client }: { client: Schemas['GetClientResponse'] }) {
  const t = texts.use();
  const may = useMay();
  const { message } = App.useApp();
  const [open, setOpen] = useState<'merge' | 'erase'>();
  const [isExporting, setExporting] = useState(false);
  const close = (): void => setOpen(undefined);
  const getAll = (): void => {
    setExporting(true);
    download(`/v1/clients/${client.id}/export`)
      .catch((e: unknown) => void message.error(wordsOf(e as Problem)))
      .finally(() => setExporting(false));
  };
  if (!may('workLeads') && !may('people')) return null;
  return (
    <Flex wrap gap={8}>
      {may('workLeads') && (
        <Button icon={<UserAddOutlined />} onClick={() => setOpen('merge')}>
          {t('merge')}
        </Button>
      )}
      {may('people') && (
        <>
          <Button icon={<DownloadOutlined />} loading={isExporting} onClick={getAll}>
            {t('export')}
          </Button>
          <Button danger icon={<DeleteOutlined />} onClick={() => setOpen('erase')}>
            {t('erase')}
          </Button>
        </>
      )}
      <Suspense>
        {open === 'merge' && <MergeClient client={client} onClose={close} />}
        {open === 'erase' && <EraseClient client={client} onClose={close} />}
      </Suspense>
    </Flex>
  );
}
