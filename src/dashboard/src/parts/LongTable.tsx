import { Table, type TableProps } from 'antd';
import type { AnyObject } from 'antd/es/_util/type';
import type { ReactNode } from 'react';
import type { Paged } from './paged';
import { opening } from './PagedTable';
import { Answer, Nothing } from './States';

const pageSize = 50;

interface Props<T> extends TableProps<T> {
  readonly list: Paged<T>;
  /** From 1. */
  readonly page: number;
  readonly onPage: (page: number) => void;
  readonly empty: ReactNode;
  readonly onOpen: (row: T) => void;
}

/** A list by cursor that may be very long: only a page of it stands in the document, and the next ones are fetched when they are turned to. */
export function LongTable<T extends AnyObject>({ list, page, onPage, empty, onOpen, ...table }: Props<T>) {
  const turn = (to: number): void => {
    if (to * pageSize >= list.items.length) list.more();
    onPage(to);
    window.scrollTo({ top: 0 });
  };
  return (
    <Answer of={list} rows={12}>
      {(items) => (
        <Table<T>
          size="middle"
          rowKey="id"
          {...table}
          onRow={(row) => opening(() => onOpen(row))}
          dataSource={items.slice((page - 1) * pageSize, page * pageSize) as T[]}
          loading={list.isMore && items.length <= (page - 1) * pageSize}
          locale={{ emptyText: <Nothing what={empty} /> }}
          // There is a page more than is known as long as the service has more.
          pagination={{ current: page, pageSize, total: items.length + (list.hasMore ? 1 : 0), showSizeChanger: false, hideOnSinglePage: true, onChange: turn }}
        />
      )}
    </Answer>
  );
}
