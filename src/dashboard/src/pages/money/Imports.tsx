import { UndoOutlined } from '@ant-design/icons';
import { Button, Card, Drawer, Flex, Popconfirm, Tag, Typography } from 'antd';
import { useState } from 'react';
import { api, queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { Answer, Nothing } from '../../parts/States';
import { useChange } from '../../parts/change';
import { ActsTitle } from '../../parts/forms';
import { Understood } from './Understood';

type One = Schemas['SpendImportAnswer'];

const texts = defineTexts(
  {
    title: 'Загрузки', at: 'Когда', account: 'Кабинет', file: 'Файл', days: 'Дни', rows: 'Строк', refused: 'Отклонено', state: 'Состояние', counts: 'учтена', undone: 'отменена', undo: 'Отменить', undoOf: 'Отменить загрузку {{name}}', sure: 'Отменить загрузку?', why: 'Расход, который она заменила, снова станет считаться.', no: 'Нет',
    empty: 'Здесь будут загрузки файлов и кабинетов: что, когда и сколько строк. Любую можно отменить.', open: 'Подробнее', none: 'Подробности этой загрузки не сохранены.', by: 'кто: {{who}}', cabinet: 'из кабинета',
  },
  {
    title: 'Imports', at: 'When', account: 'Cabinet', file: 'File', days: 'Days', rows: 'Rows', refused: 'Refused', state: 'State', counts: 'counts', undone: 'undone', undo: 'Undo', undoOf: 'Undo the import {{name}}', sure: 'Undo the import?', why: 'The spend that it replaced counts again.', no: 'No',
    empty: 'Imports of files and cabinets will stand here: what, when and how many rows. Each can be undone.', open: 'Details', none: 'No details of this import are kept.', by: 'by {{who}}', cabinet: 'from the cabinet',
  },
);

/** What was imported, each to be looked into and to be undone. */
export function Imports() {
  const t = texts.use();
  const f = useFormats();
  const [change] = useChange({ touches: 'all' });
  const list = usePaged<One>('/v1/spend/imports');
  const [open, setOpen] = useState<One>();
  return (
    <Card size="small" title={t('title')}>
      <PagedTable<One>
        list={list} size="small" empty={t('empty')}
        columns={[
          { title: t('at'), className: 'numbers', render: (_, i) => f.moment(i.createdAt) },
          { title: t('account'), render: (_, i) => <span className="breakable">{i.account}</span> },
          { title: t('file'), render: (_, i) => <div className="breakable">{i.origin === 'file' ? i.fileName ?? f.none : t('cabinet')}{i.madeBy && <div><Typography.Text type="secondary">{t('by', { who: i.madeBy })}</Typography.Text></div>}</div> },
          { title: t('days'), className: 'numbers', render: (_, i) => (i.firstDay ? <>{f.day(i.firstDay)} –<br />{f.day(i.lastDay)}</> : f.none) },
          { title: t('rows'), align: 'end', className: 'numbers', render: (_, i) => f.count(i.taken) },
          { title: t('refused'), align: 'end', className: 'numbers', render: (_, i) => (i.refused > 0 ? <Typography.Text type="danger">{f.count(i.refused)}</Typography.Text> : f.count(0)) },
          { title: t('state'), render: (_, i) => (i.undoneAt ? <Tag>{t('undone')} {f.moment(i.undoneAt)}</Tag> : <Tag color="green">{t('counts')}</Tag>) },
          {
            key: 'acts', title: <ActsTitle />,
            render: (_, i) => (
              <Flex gap={4}>
                <Button size="small" onClick={() => setOpen(i)}>{t('open')}</Button>
                {!i.undoneAt && (
                  <Popconfirm title={t('sure')} description={t('why')} okText={t('undo')} cancelText={t('no')} onConfirm={() => void change(api.DELETE('/v1/spend/imports/{id}', { params: { path: { id: i.id } } }))}>
                    <Button size="small" icon={<UndoOutlined />} aria-label={t('undoOf', { name: i.fileName ?? i.account })}>{t('undo')}</Button>
                  </Popconfirm>
                )}
              </Flex>
            ),
          },
        ]}
      />
      <Drawer open={Boolean(open)} onClose={() => setOpen(undefined)} size={Math.min(1000, window.innerWidth)} title={open && `${open.account} · ${open.fileName ?? t('cabinet')}`} destroyOnHidden>
        {open && <Details id={open.id} />}
      </Drawer>
    </Card>
  );
}

function Details({ id }: { id: string }) {
  const t = texts.use();
  const answer = queries.useQuery('get', '/v1/spend/imports/{id}', { params: { path: { id } } });
  return <Answer of={answer}>{(one) => (one.report ? <Understood report={one.report} /> : <Nothing what={t('none')} />)}</Answer>;
}
