import { Alert, Card, Flex, InputNumber, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useMay, useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { dayStart } from '../../parts/days';
import { Figure } from '../../parts/Figure';
import { PlainTable } from '../../parts/PlainTable';
import { useRange } from '../../parts/range';
import { Answer, Nothing } from '../../parts/States';
import { PoolChart } from './PoolChart';

const texts = defineTexts(
  {
    usage: 'Как хватало подменных номеров', pool: 'Номеров в пуле', needed: 'хватило бы {{count}}', coverage: 'Получили номер', coverageOf: '{{given}} из {{asked}} визитов', exhausted: 'Номера не хватило', overflowed: 'показан запасной: {{count}}', peak: 'Больше всего разом', late: 'Звонки после визита', lateHint: 'Пришли, когда номер уже не был закреплён за визитом.',
    calls: 'из {{count}} звонков', unmatched: 'без визита: {{count}}', empty: 'За эти дни подменные номера никому не показывались. Добавьте номера в пул и включите подмену на сайте.', settings: 'Настроить номера', advice: 'Сколько нужно номеров', visits: 'Визитов в самый занятый час', hold: 'Минут держит номер один визит', accuracy: 'Точность, %',
    adviceAbout: 'Модель Эрланга: сколько номеров нужно, чтобы звонок попадал к своему визиту с этой точностью.', variant: 'Вариант', advised: 'советуем', half: 'вдвое меньше', twice: 'вдвое больше', numbers: 'Номеров', right: 'Попадут верно', loss: 'Останутся без номера', rest: 'Номер отдыхает, мин', short: 'Пула не хватает: в самый занятый момент нужно {{needed}}, а есть {{pool}}.',
  },
  {
    usage: 'How far the numbers sufficed', pool: 'Numbers in the pool', needed: '{{count}} would do', coverage: 'Got a number', coverageOf: '{{given}} of {{asked}} visits', exhausted: 'Found none free', overflowed: 'shown the spare one: {{count}}', peak: 'Most at once', late: 'Calls after the visit', lateHint: 'Came when the number was no longer held by the visit.', calls: 'of {{count}} calls', unmatched: 'without a visit: {{count}}',
    empty: 'No replaced numbers were shown on these days. Add numbers to the pool and switch replacement on for the site.', settings: 'Set numbers up', advice: 'How many numbers it takes', visits: 'Visits in the busiest hour', hold: 'Minutes that a visit holds a number', accuracy: 'Accuracy, %', adviceAbout: 'Erlang’s model: how many numbers it takes for a call to find its visit with this accuracy.',
    variant: 'Variant', advised: 'advised', half: 'half as many', twice: 'twice as many', numbers: 'Numbers', right: 'Matched rightly', loss: 'Left without a number', rest: 'A number rests, min', short: 'The pool is too small: the busiest moment takes {{needed}}, and there are {{pool}}.',
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
      <Advice />
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

function Advice() {
  const t = texts.use();
  const f = useFormats();
  const [asked, setAsked] = useState({ visitsPerHour: 60, holdMinutes: 5.5, accuracy: 0.95 });
  const advice = queries.useQuery('get', '/v1/numbers/advice', { params: { query: asked } }, { placeholderData: (before) => before });
  const field = (key: keyof typeof asked, label: string, min: number, max: number, scale = 1) => (
    <label style={{ display: 'grid', gap: 4 }}>
      {label}
      <InputNumber min={min} max={max} value={Math.round(asked[key] * scale * 100) / 100} onChange={(v) => typeof v === 'number' && v >= min && v <= max && setAsked((before) => ({ ...before, [key]: v / scale }))} style={{ width: 160 }} />
    </label>
  );
  return (
    <Card size="small" title={t('advice')}>
      <div className="stack" style={{ gap: 12 }}>
        <Typography.Text type="secondary">{t('adviceAbout')}</Typography.Text>
        <Flex wrap gap={16}>
          {field('visitsPerHour', t('visits'), 1, 1_000_000)}
          {field('holdMinutes', t('hold'), 0.5, 1_440)}
          {field('accuracy', t('accuracy'), 50, 99.99, 100)}
        </Flex>
        <Answer of={advice}>
          {(data) => (
            <PlainTable
              label={t('advice')}
              rows={[{ name: t('half'), of: data.half }, { name: t('advised'), of: data.advised }, { name: t('twice'), of: data.twice }]}
              rowKey={(r) => r.name}
              columns={[
                { title: t('variant'), of: (r) => r.name },
                { title: t('numbers'), isNumber: true, of: (r) => f.count(r.of.numbers) },
                { title: t('right'), isNumber: true, of: (r) => f.share(r.of.accuracy) },
                { title: t('loss'), isNumber: true, of: (r) => f.share(r.of.loss) },
                { title: t('rest'), isNumber: true, of: (r) => f.count(r.of.meanRestMinutes) },
              ]}
            />
          )}
        </Answer>
      </div>
    </Card>
  );
}
