import { Button, Flex, Table, type TableProps } from 'antd';
import type { TableRef } from 'antd/es/table';
import type { AnyObject } from 'antd/es/_util/type';
import { useCallback, type ReactNode } from 'react';
import { defineTexts } from '../app/texts';
import type { Paged } from './paged';
import { Answer, Nothing } from './States';

const texts = defineTexts({ more: 'Показать ещё' }, { more: 'Show more' });

/** A row that opens something does so by mouse, Enter and Space. */
export const opening = (open: () => void) => ({
  className: 'clickable',
  tabIndex: 0,
  onClick: open,
  onKeyDown: (e: React.KeyboardEvent) => {
    if (e.target !== e.currentTarget || (e.key !== 'Enter' && e.key !== ' ')) return;
    e.preventDefault();
    open();
  },
});

/** A list by cursor as a table: it scrolls sideways on a narrow screen, and fetches on. */
export function PagedTable<T extends AnyObject>({ list, empty, onOpen, ...table }: { list: Paged<T>; empty?: ReactNode; onOpen?: (row: T) => void } & TableProps<T>) {
  const t = texts.use();
  // What scrolls sideways must be reached by the keyboard; rows that open something are reached themselves.
  const reachable = useCallback((ref: TableRef | null) => void (!onOpen && ref?.nativeElement.querySelector('.ant-table-content')?.setAttribute('tabindex', '0')), [onOpen]);
  return (
    <Answer of={list}>
      {(items) => (
        <div className="stack">
          <Table<T>
            ref={reachable}
            size="middle"
            rowKey="id"
            {...(items.length > 0 ? { scroll: { x: 'max-content' } } : { showHeader: false })}
            pagination={false}
            {...(onOpen ? { onRow: (row: T) => opening(() => onOpen(row)) } : {})}
            {...table}
            dataSource={items as T[]}
            locale={{ emptyText: <Nothing what={empty} /> }}
          />
          {list.hasMore && (
            <Flex justify="center">
              <Button onClick={list.more} loading={list.isMore}>
                {t('more')}
              </Button>
            </Flex>
          )}
        </div>
      )}
    </Answer>
  );
}
