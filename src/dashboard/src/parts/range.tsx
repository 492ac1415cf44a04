import { CalendarOutlined } from '@ant-design/icons';
import { Button, Flex, Popover, Select, Skeleton } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { useFormats } from '../app/formats';
import { defineTexts } from '../app/texts';
import { addDays, addMonths, isDay, monthEnd, monthStart, useToday, type Day } from './days';

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

export interface Range {
  /** Both are included. */
  readonly from: Day;
  readonly to: Day;
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

/** The days that the page is asked for; the last 30 when the address does not say. `compared`: with what they are compared unless the address says otherwise; it then says `none` for nothing. */
export function useRange(days = 30, compared?: 'previous' | 'year'): Range {
  const [get] = useAddress();
  const [from, to, compare] = [get('from'), get('to'), get('compare')];
  const today = useToday();
  return useMemo(
    () => ({
      from: isDay(from) ? from : addDays(today, 1 - days),
      to: isDay(to) ? to : today,
      compare: compare === 'previous' || compare === 'year' ? compare : compare === 'none' ? undefined : compared,
    }),
    [from, to, compare, today, days, compared],
  );
}

const DaysPicker = lazy(() => import('./DayPicker').then((m) => ({ default: m.DaysPicker })));

/** The picker of days, and of what to compare them with. */
export function RangeBar({ days = 30, comparable = false, compared }: { days?: number; comparable?: boolean; compared?: 'previous' | 'year' }) {
  const t = texts.use();
  const f = useFormats();
  const range = useRange(days, compared);
  const [, set] = useAddress();
  const [isOpen, setOpen] = useState(false);
  const today = useToday();
  const lastMonth = addMonths(today, -1);
  const ready: { label: string; from: Day; to: Day }[] = [
    { label: t('today'), from: today, to: today },
    { label: t('yesterday'), from: addDays(today, -1), to: addDays(today, -1) },
    { label: t('week'), from: addDays(today, -6), to: today },
    { label: t('month'), from: addDays(today, -29), to: today },
    { label: t('quarter'), from: addDays(today, -89), to: today },
    { label: t('thisMonth'), from: monthStart(today), to: today },
    { label: t('lastMonth'), from: monthStart(lastMonth), to: monthEnd(lastMonth) },
    { label: t('year'), from: addDays(addMonths(today, -12), 1), to: today },
  ];
  const choose = (from: Day, to: Day): void => {
    set({ from, to });
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
              <DaysPicker label={t('range')} canClear={false} value={[range.from, range.to]} onChange={(days) => days?.[0] && days[1] && choose(days[0], days[1])} />
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
