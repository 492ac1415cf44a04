import { ReloadOutlined } from '@ant-design/icons';
import { Alert, Button, Flex, Typography } from 'antd';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import type { Known } from './directories';

const texts = defineTexts(
  {
    read: 'Воронки, люди и поля прочитаны из CRM {{ago}}.', loading: 'Читаем воронки, людей и поля из CRM…', again: 'Обновить из CRM', retry: 'Спросить ещё раз', failed: 'CRM не отдала списки: пока id вводятся вручную',
    users: 'Людей CRM не показывает: id ответственных вводятся вручную', fields: 'Полей CRM не показывает: их id вводятся вручную',
  },
  {
    read: 'Pipelines, people and fields were read from the CRM {{ago}}.', loading: 'Reading pipelines, people and fields from the CRM…', again: 'Read again', retry: 'Ask again', failed: 'The CRM gave no lists: ids are typed in for now',
    users: 'The CRM does not show people: their ids are typed in', fields: 'The CRM does not show fields: their ids are typed in',
  },
);

/** How fresh the lists of choices are, or why there are none. */
export function DirectoriesLine({ known }: { known: Known }) {
  const t = texts.use();
  const f = useFormats();
  const ask = (label: string) => (
    <Button size="small" icon={<ReloadOutlined />} loading={known.isAsking} onClick={() => void known.again()}>
      {label}
    </Button>
  );
  if (known.state === 'failed') return <Alert type="warning" showIcon title={t('failed')} description={known.why} action={ask(t('retry'))} />;
  return (
    <>
      <Flex wrap gap={8} align="center" role="status">
        <Typography.Text type="secondary">{known.data ? t('read', { ago: f.ago(known.data.readAt) }) : t('loading')}</Typography.Text>
        {known.data && ask(t('again'))}
      </Flex>
      {known.data?.unread.map((u) => (
        <Alert key={u.list} type="info" showIcon title={t(u.list === 'users' ? 'users' : 'fields')} description={<span className="breakable">{u.why}</span>} />
      ))}
    </>
  );
}
