import { Alert, Card, Typography } from 'antd';
import { Link } from 'react-router';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useMay, useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { dayStart } from '../../parts/days';
import { Figure } from '../../parts/Figure';
import { PoolAdvice } from '../../parts/PoolAdvice';
import { useRange } from '../../parts/range';
import { Answer, Nothing } from '../../parts/States';
import { PoolChart } from './PoolChart';

const texts = defineTexts(
  {
    usage: 'Как хватало подменных номеров', pool: 'Номеров в пуле', needed: 'хватило бы {{count}}', coverage: 'Получили номер', coverageOf: '{{given}} из {{asked}} визитов', exhausted: 'Номера не хватило', overflowed: 'показан запасной: {{count}}', peak: 'Больше всего разом', late: 'Звонки после визита', lateHint: 'Пришли, когда номер уже не был закреплён за визитом.',
    calls: 'из {{count}} звонков', unmatched: 'без визита: {{count}}', empty: 'За эти дни подменные номера никому не показывались. Добавьте номера в пул и включите подмену на сайте.', settings: 'Настроить номера',
    short: 'Пула не хватает: в самый занятый момент нужно {{needed}}, а есть {{pool}}.',
  },
  {
    usage: 'How far the numbers sufficed', pool: 'Numbers in the pool', needed: '{{count}} would do', coverage: 'Got a number', coverageOf: '{{given}} of {{asked}} visits', exhausted: 'Found none free', overflowed: 'shown the spare one: {{count}}', peak: 'Most at once', late: 'Calls after the visit', lateHint: 'Came when the number was no longer held by the visit.', calls: 'of {{count}} calls', unmatched: 'without a visit: {{count}}',
    empty: 'No replaced numbers were shown on these days. Add numbers to the pool and switch replacement on for the site.', settings: 'Set numbers up',
    short: 'The pool is too small: the busiest moment takes {{needed}}, and there are {{pool}}.',
  },
);

/** Whether the pool of replaced numbers suffices, and how large it should be. */
export function Numbers() {
  const t = texts.use();
  const project = useOpenProject();
  const may = useMay();
  const range = useRange();
  const usage = queries.useQuery('get', '/v1/numbers/usage', { params: { query: { from: dayStart(range.from, project.timeZone), to: dayStart(range.to, project.timeZone, 1), by: 'day' } } });
  return (
    <div className="stack">
      <Card size="small" title={t('usage')} extra={may('settings') && <Link to="../settings/numbers">{t('settings')}</Link>}>
        <Answer of={usage}>{(data) => (data.total.asked === 0 && data.total.calls === 0 ? <Nothing what={t('empty')} /> : <Usage of={data} />)}</Answer>
      </Card>
      <PoolAdvice />
    </div>
  );
}

function Usage({ of }: { of: Schemas['GetNumberUsageResponse'] }) {
  const t = texts.use();
  const f = useFormats();
  const { total } = of;
  const note = (...lines: (string | false)[]) => <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13 }}>{lines.filter(Boolean).join(' · ')}</Typography.Text>;
  return (
    <div className="stack">
      {of.numbersNeeded > of.poolNumbers && total.exhausted > 0 && <Alert type="warning" showIcon title={t('short', { needed: of.numbersNeeded, pool: of.poolNumbers })} />}
      <div className="figure-grid">
        <Figure name={t('pool')} value={f.count(of.poolNumbers)} extra={note(t('needed', { count: of.numbersNeeded }))} />
        <Figure name={t('coverage')} value={f.share(total.coverage)} extra={note(t('coverageOf', { given: total.given, asked: total.asked }))} />
        <Figure name={t('exhausted')} value={f.count(total.exhausted)} extra={note(t('overflowed', { count: total.overflowed }))} />
        <Figure name={t('peak')} value={f.count(total.peakHeld)} />
        <Figure name={t('late')} hint={t('lateHint')} value={f.count(total.lateCalls)} extra={note(t('calls', { count: total.calls }), total.unmatchedCalls > 0 && t('unmatched', { count: total.unmatchedCalls }))} />
      </div>
      {of.items.length > 1 && <PoolChart of={of} />}
    </div>
  );
}
