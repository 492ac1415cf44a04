import { Table } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { ShareOf } from '../../parts/Share';
import { Nothing } from '../../parts/States';

const texts = defineTexts(
  { who: 'Сотрудник', callbacks: 'Перезвонил', again: 'Клиент дозвонился сам', within: 'За 15 минут', median: 'Через сколько', empty: 'Никому из пропущенных пока не перезвонили.', unknown: 'Неизвестно кто' },
  { who: 'Employee', callbacks: 'Called back', again: 'Client got through', within: 'Within 15 minutes', median: 'After', empty: 'Nobody who was missed has been called back yet.', unknown: 'Nobody knows who' },
);

const number = { align: 'right', className: 'numbers' } as const;

/** Who spoke to those whose call was missed. */
export function Callbacks({ of }: { of: readonly Schemas['GetCallReportCallbackGroup'][] }) {
  const t = texts.use();
  const f = useFormats();
  return (
    <Table<Schemas['GetCallReportCallbackGroup']>
      size="small"
      pagination={false}
      scroll={{ x: 'max-content' }}
      rowKey={(r) => r.employee ?? ''}
      dataSource={[...of]}
      locale={{ emptyText: <Nothing what={t('empty')} /> }}
      columns={[
        { title: t('who'), dataIndex: 'employee', render: (e: string | null) => e ?? t('unknown') },
        { title: t('callbacks'), dataIndex: 'callbacks', ...number, render: f.count },
        { title: t('again'), dataIndex: 'clientsCalledAgain', ...number, render: f.count },
        { title: t('within'), ...number, render: (_, r) => <ShareOf of={r.within15Minutes} /> },
        { title: t('median'), dataIndex: 'medianCallbackSeconds', ...number, render: f.span },
      ]}
    />
  );
}
