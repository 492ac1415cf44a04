import { CalendarOutlined } from '@ant-design/icons';
import { Button, Flex, Popover, Select, Skeleton } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { useFormats } from '../app/formats';
import { defineTexts } from '../app/texts';

const texts = defineTexts(
  {
    range: 'Период', today: 'Сегодня', yesterday: 'Вчера', week: '7 дней', month: '30 дней', quarter: '90 дней', thisMonth: 'Этот месяц', lastMonth: 'Прошлый месяц', year: 'Год',
    compare: 'Сравнение', none: 'Без сравнения', previous: 'С прошлым периодом', lastYear: 'С прошлым годом',
  },
  {
    range: 'Dates', today: 'Today', yesterday: 'Yesterday', week: '7 days', month: '30 days', quarter: '90 days', thisMonth: 'This month', lastMonth: 'Last month', year: 'A year',
    compare: 'Comparison', none: 'No comparison', previous: 'With the period before', lastYear: 'With the year before',
  },
);

const wire = 'YYYY-MM-DD';

export interface Range {
  /** `2026-11-01`, included; days are the project's. */
  readonly from: string;
  readonly to: string;
  readonly compare: 'previous' | 'year' | undefined;
}

/** Values of the page that stand in its address, so that it can be sent to a colleague and survives going back. Absent ones are ''. */
export function useAddress(): [(name: string) => string, (change: Record<string, string | undefined>) => void] {
  const [search, setSearch] = useSearchParams();
  const { state } = useLocation();
  return [
    (name) => search.get(name) ?? '',
    (change) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(change)) if (value) after.set(name, value);
          else after.delete(name);
          return after;
        },
        // What this step of the history keeps (a list behind a card) stays with it.
        { replace: true, state: state as unknown },
      ),
  ];
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text);

/** The days that the page is asked for; the last 30 when the address does not say. `compared`: with what they are compared unless the address says otherwise; it then says `none` for nothing. */
export function useRange(days = 30, compared?: 'previous' | 'year'): Range {
  const [get] = useAddress();
  const [from, to, compare] = [get('from'), get('to'), get('compare')];
  return useMemo(
    () => ({
      from: isDay(from) ? from : dayjs().subtract(days - 1, 'day').format(wire),
      to: isDay(to) ? to : dayjs().format(wire),
      compare: compare === 'previous' || compare === 'year' ? compare : compare === 'none' ? undefined : compared,
    }),
    [from, to, compare, days, compared],
  );
}

const Calendar = lazy(() => import('./Calendar'));

/** The picker of days, and of what to compare them with. */
export function RangeBar({ days = 30, comparable = false, compared }: { days?: number; comparable?: boolean; compared?: 'previous' | 'year' }) {
  const t = texts.use();
  const f = useFormats();
  const range = useRange(days, compared);
  const [, set] = useAddress();
  const [isOpen, setOpen] = useState(false);
  const now = dayjs();
  const ready: { label: string; from: Dayjs; to: Dayjs }[] = [
    { label: t('today'), from: now, to: now },
    { label: t('yesterday'), from: now.subtract(1, 'day'), to: now.subtract(1, 'day') },
    { label: t('week'), from: now.subtract(6, 'day'), to: now },
    { label: t('month'), from: now.subtract(29, 'day'), to: now },
    { label: t('quarter'), from: now.subtract(89, 'day'), to: now },
    { label: t('thisMonth'), from: now.startOf('month'), to: now },
    { label: t('lastMonth'), from: now.subtract(1, 'month').startOf('month'), to: now.subtract(1, 'month').endOf('month') },
    { label: t('year'), from: now.subtract(1, 'year').add(1, 'day'), to: now },
  ];
  const choose = (from: Dayjs, to: Dayjs): void => {
    set({ from: from.format(wire), to: to.format(wire) });
    setOpen(false);
  };
  return (
    <>
      <Popover
        trigger="click"
        placement="bottomLeft"
        open={isOpen}
        onOpenChange={setOpen}
        content={
          <div className="stack" style={{ gap: 10, maxWidth: 320 }}>
            <Flex wrap gap={6}>
              {ready.map((r) => (
                <Button key={r.label} size="small" onClick={() => choose(r.from, r.to)}>
                  {r.label}
                </Button>
              ))}
            </Flex>
            {/* The calendar's code comes when it is first wanted. */}
            <Suspense fallback={<Skeleton.Input active block />}>
              <Calendar label={t('range')} from={dayjs(range.from)} to={dayjs(range.to)} onChoose={choose} />
            </Suspense>
          </div>
        }
      >
        <Button icon={<CalendarOutlined />} aria-label={`${t('range')}: ${f.day(range.from)} – ${f.day(range.to)}`}>
          {f.day(range.from)} – {f.day(range.to)}
        </Button>
      </Popover>
      {comparable && (
        <Select
          aria-label={t('compare')}
          value={range.compare ?? ''}
          onChange={(v) => set({ compare: v || (compared && 'none') })}
          options={[
            { value: '', label: t('none') },
            { value: 'previous', label: t('previous') },
            { value: 'year', label: t('lastYear') },
          ]}
          style={{ minWidth: 190 }}
        />
      )}
    </>
  );
}
