import { Badge, Button, Tooltip, Typography } from 'antd';
import { defineTexts } from '../../app/texts';
import type { FeedState } from './feed';

const texts = defineTexts(
  {
    live: 'на связи', away: 'переподключение', polling: 'раз в 15 секунд', liveWhy: 'Новые заявки появляются сразу', awayWhy: 'Связь прервалась, страница подключается снова', pollingWhy: 'Поток заявок недоступен, список проверяется каждые 15 секунд',
    fresh: 'Новых: {{count}} — показать', some: 'Есть новые заявки — показать',
  },
  {
    live: 'live', away: 'reconnecting', polling: 'every 15 seconds', liveWhy: 'New leads appear at once', awayWhy: 'The connection broke, the page is connecting again', pollingWhy: 'The stream of leads cannot be had, the list is checked every 15 seconds',
    fresh: 'New: {{count}} — show', some: 'There are new leads — show',
  },
);

const dots = { live: 'success', away: 'warning', polling: 'default' } as const;

/** Whether new leads come by themselves. */
export function FeedDot({ state }: { state: FeedState }) {
  const t = texts.use();
  return (
    <Tooltip title={t(`${state}Why`)}>
      <span role="status" data-test="feed-state" tabIndex={0}>
        <Badge status={dots[state]} text={<Typography.Text type="secondary">{t(state)}</Typography.Text>} />
      </span>
    </Tooltip>
  );
}

/** New leads that wait, so that the list does not move under somebody who reads it. */
export function FreshBar({ count, isMore, onShow }: { count: number; isMore: boolean; onShow: () => void }) {
  const t = texts.use();
  return (
    <div aria-live="polite" style={{ position: 'fixed', top: 64, left: 0, right: 0, zIndex: 15, pointerEvents: 'none', textAlign: 'center' }}>
      {(count > 0 || isMore) && (
        <Button type="primary" shape="round" onClick={onShow} style={{ pointerEvents: 'auto' }}>
          {isMore ? t('some') : t('fresh', { count })}
        </Button>
      )}
    </div>
  );
}
