import { Table, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';

const texts = defineTexts({ before: 'было', same: 'без изменений' }, { before: 'was', same: 'unchanged' });

interface Row {
  readonly key: string;
  readonly name: ReactNode;
  readonly before: Readonly<Record<string, number | null | undefined>>;
  readonly after: Readonly<Record<string, number | null | undefined>>;
}

/** Figures side by side: what is now, and beneath it what was, where it differs. */
export function BeforeAfter({ title, name, rows, columns, isPending }: { title?: ReactNode; name: ReactNode; rows: readonly Row[]; columns: readonly { key: string; title: ReactNode; isMoney?: boolean }[]; isPending?: boolean }) {
  const t = texts.use();
  const f = useFormats();
  return (
    <Table<Row>
      size="small" rowKey="key" dataSource={rows as Row[]} loading={isPending ?? false} pagination={rows.length > 50 && { pageSize: 50, showSizeChanger: false }} scroll={{ x: 'max-content' }} {...(title ? { title: () => <strong>{title}</strong> } : {})}
      columns={[
        { key: 'name', title: name, render: (_, r) => r.name },
        ...columns.map((c) => ({
          key: c.key, title: c.title, align: 'end' as const, className: 'numbers',
          render: (_: unknown, r: Row) => {
            const write = c.isMoney ? f.money : f.count;
            const [before, after] = [r.before[c.key], r.after[c.key]];
            if (before === after) return <Typography.Text type="secondary" title={t('same')}>{write(after)}</Typography.Text>;
            return (
              <>
                <strong>{write(after)}</strong>
                <div><Typography.Text type="secondary" style={{ fontSize: 12 }}>{t('before')} {write(before)}</Typography.Text></div>
              </>
            );
          },
        })),
      ]}
    />
  );
}
