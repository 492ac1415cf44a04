import { Tag } from 'antd';
import { defineTexts } from '../app/texts';

const texts = defineTexts({ open: 'в работе', won: 'выиграна', lost: 'проиграна', deleted: 'удалена' }, { open: 'open', won: 'won', lost: 'lost', deleted: 'deleted' });

const colours: Record<string, string> = { open: 'blue', won: 'green' };

/** Whether a deal is open, won or lost. */
export function DealTag({ state, isDeleted = false }: { state: string; isDeleted?: boolean }) {
  const t = texts.use();
  const shown = isDeleted ? 'deleted' : state;
  return (
    <Tag color={colours[shown] ?? 'default'} style={{ margin: 0 }}>
      {t(shown as 'won')}
    </Tag>
  );
}
