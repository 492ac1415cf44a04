import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { PlainTable } from '../../parts/PlainTable';
import { ShareOf } from '../../parts/Share';
import { Nothing } from '../../parts/States';

const texts = defineTexts(
  { who: 'Сотрудник', callbacks: 'Перезвонил', again: 'Клиент дозвонился сам', within: 'За 15 минут', median: 'Через сколько', empty: 'Никому из пропущенных пока не перезвонили.', unknown: 'Неизвестно кто' },
  { who: 'Employee', callbacks: 'Called back', again: 'Client got through', within: 'Within 15 minutes', median: 'After', empty: 'Nobody who was missed has been called back yet.', unknown: 'Nobody knows who' },
);

/** Who spoke to those whose call was missed. */
export function Callbacks({ of }: { of: readonly Schemas['GetCallReportCallbackGroup'][] }) {
  const t = texts.use();
  const f = useFormats();
  if (of.length === 0) return <Nothing what={t('empty')} />;
  return (
    <PlainTable
      label={t('callbacks')}
      rows={of}
      rowKey={(r) => r.employee ?? ''}
      columns={[
        { title: t('who'), of: (r) => r.employee ?? t('unknown') },
        { title: t('callbacks'), isNumber: true, of: (r) => f.count(r.callbacks) },
        { title: t('again'), isNumber: true, of: (r) => f.count(r.clientsCalledAgain) },
        { title: t('within'), isNumber: true, of: (r) => <ShareOf of={r.within15Minutes} /> },
        { title: t('median'), isNumber: true, of: (r) => f.span(r.medianCallbackSeconds) },
      ]}
    />
  );
}
