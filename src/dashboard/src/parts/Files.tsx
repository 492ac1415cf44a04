import { DownloadOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import { download, type Problem, type Query } from '../api/client';
import { useMay } from '../app/session';
import { defineTexts, language } from '../app/texts';
import { wordsOf } from './States';

const texts = defineTexts({ files: 'Скачать', xlsx: 'Excel (XLSX)', csv: 'CSV' }, { files: 'Download', xlsx: 'Excel (XLSX)', csv: 'CSV' });

/** Hands out what a list or a report of the service gives as a file (`format=xlsx|csv`), asked as the page asked it. `limit` where the service's files would stop earlier. */
export function Files({ path, query, limit }: { path: string; query: Query; limit?: number }) {
  const t = texts.use();
  const may = useMay();
  const { message } = App.useApp();
  const [isBusy, setBusy] = useState(false);
  if (!may('export')) return null;
  const get = (format: string): void => {
    setBusy(true);
    download(path, { ...query, limit, cursor: undefined, format, lang: language() })
      .catch((e: unknown) => void message.error(wordsOf(e as Problem)))
      .finally(() => setBusy(false));
  };
  return (
    <Dropdown trigger={['click']} menu={{ items: [{ key: 'xlsx', label: t('xlsx') }, { key: 'csv', label: t('csv') }], onClick: ({ key }) => get(key) }}>
      <Button icon={<DownloadOutlined />} loading={isBusy}>
        {t('files')}
      </Button>
    </Dropdown>
  );
}
