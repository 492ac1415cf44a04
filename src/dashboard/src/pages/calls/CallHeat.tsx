import { Segmented, Typography } from 'antd';
import { useMemo } from 'react';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Heat } from '../../parts/Heat';
import { useChoice } from '../../parts/Pick';
import { useAddress } from '../../parts/range';

const texts = defineTexts(
  { missed: 'Пропущенные', rate: 'Доля пропущенных', show: 'Что показать', label: 'Пропущенные звонки: дни недели × часы', cell: '{{day}}, {{hour}}:00 — пропущено {{missed}} из {{incoming}}', title: '{{day}}, {{hour}}:00–{{hour}}:59, пропущенные', about: 'В пустых клетках звонков не было; «0» — были, и на все ответили. По часам проекта.' },
  { missed: 'Missed', rate: 'Share missed', show: 'What to show', label: 'Missed calls: weekdays × hours', cell: '{{day}}, {{hour}}:00 — {{missed}} of {{incoming}} missed', title: '{{day}}, {{hour}}:00–{{hour}}:59, missed', about: 'Empty cells had no calls; “0” had, and all were answered. By the project’s clock.' },
);

export function CallHeat({ of, show }: { of: readonly Schemas['GetCallReportHeatCell'][]; show: (what: string, title: string, more: Record<string, number>) => void }) {
  const t = texts.use();
  const f = useFormats();
  const [, set] = useAddress();
  const what = useChoice('heat', ['missed', 'rate'], 'missed');
  const days = [1, 2, 3, 4, 5, 6, 7].map((d) => ({ weekday: d, short: f.shortWeekday(d), long: f.weekday(d) }));
  const cells = useMemo(() => new Map(of.map((c) => [`${c.weekday} ${c.hour}`, c])), [of]);
  const most = Math.max(1, ...of.map((c) => c.missed));
  const hours = Array.from({ length: 24 }, (_, h) => h);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Segmented aria-label={t('show')} style={{ width: 'fit-content' }} value={what} onChange={(v) => set({ heat: v === 'missed' ? undefined : v })} options={[{ value: 'missed', label: t('missed') }, { value: 'rate', label: t('rate') }]} />
      <Heat
        label={t('label')}
        tone="danger"
        minCell={what === 'rate' ? 46 : 34}
        columns={hours.map((h) => ({ key: String(h), head: String(h).padStart(2, '0') }))}
        rows={days.map((d) => ({
          key: String(d.weekday),
          head: d.short,
          cells: hours.map((hour) => {
            const c = cells.get(`${d.weekday} ${hour}`);
            if (!c || c.incoming === 0) return undefined;
            return {
              text: what === 'rate' ? f.share(Math.round((c.missedRate.value ?? 0) * 100) / 100) : f.count(c.missed),
              label: t('cell', { day: d.long, hour, missed: c.missed, incoming: c.incoming }),
              level: what === 'rate' ? (c.missedRate.value ?? 0) : c.missed / most,
              onOpen: c.missed > 0 ? () => show('missed', t('title', { day: d.long, hour }), { weekday: d.weekday, hour }) : undefined,
            };
          }),
        }))}
      />
      <Typography.Text type="secondary" style={{ fontSize: 13 }}>
        {t('about')}
      </Typography.Text>
    </div>
  );
}
