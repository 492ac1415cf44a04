import { Card, Flex, InputNumber, Table, Typography } from 'antd';
import { useDeferredValue, useState } from 'react';
import { queries } from '../api/client';
import { useFormats } from '../app/formats';
import { defineTexts } from '../app/texts';
import { Scrolled } from './Scrolled';
import { Answer } from './States';

const texts = defineTexts(
  {
    advice: 'Сколько номеров нужно', about: 'Модель Эрланга: сколько номеров нужно, чтобы звонок попадал к своему визиту с этой точностью.', visits: 'Визитов в самый загруженный час', hold: 'Визит держит номер, мин', lateMinutes: 'Поздние звонки до, мин', accuracy: 'Точность, %',
    variant: 'Пул', half: 'вдвое меньше', advised: 'столько нужно', twice: 'вдвое больше', numbers: 'Номеров', reach: 'Звонков верно', loss: 'Визитов без номера', rest: 'Номер отдыхает, мин',
  },
  {
    advice: 'How many numbers are needed', about: 'Erlang’s model: how many numbers it takes for a call to find its visit with this accuracy.', visits: 'Visits in the busiest hour', hold: 'A visit holds a number, min', lateMinutes: 'Late calls up to, min', accuracy: 'Accuracy, %',
    variant: 'Pool', half: 'half of that', advised: 'as needed', twice: 'twice that', numbers: 'Numbers', reach: 'Calls right', loss: 'Visits without one', rest: 'A number rests, min',
  },
);

/** How large a pool of replaced numbers should be. */
export function PoolAdvice() {
  const t = texts.use();
  const f = useFormats();
  const [asked, setAsked] = useState({ visitsPerHour: 60, holdMinutes: 5.5, lateCallMinutes: 30, accuracy: 0.99 });
  const settled = useDeferredValue(asked);
  const advice = queries.useQuery('get', '/v1/numbers/advice', { params: { query: settled } }, { placeholderData: (before) => before });
  const field = (name: keyof typeof asked, label: string, least: number, most: number, times = 1, step = 1) => (
    <label style={{ flex: '1 1 130px' }}>
      <Typography.Text type="secondary">{label}</Typography.Text>
      <InputNumber min={least} max={most} step={step} value={+(asked[name] * times).toFixed(4)} onChange={(v) => v !== null && setAsked({ ...asked, [name]: v / times })} style={{ width: '100%' }} />
    </label>
  );
  return (
    <Card size="small" title={t('advice')}>
      <div className="stack" style={{ gap: 12 }}>
        <Typography.Text type="secondary">{t('about')}</Typography.Text>
        <Flex wrap gap={8} align="end">
          {field('visitsPerHour', t('visits'), 1, 1_000_000)}
          {field('holdMinutes', t('hold'), 0.5, 1_440, 1, 0.5)}
          {field('lateCallMinutes', t('lateMinutes'), 0, 1_440)}
          {field('accuracy', t('accuracy'), 50, 99.99, 100, 0.5)}
        </Flex>
        <Answer of={advice}>
          {(data) => (
            <Scrolled label={t('advice')}>
              <Table
                size="small"
                rowKey="kind"
                pagination={false}
                dataSource={(['half', 'advised', 'twice'] as const).map((kind) => ({ kind, ...data[kind] }))}
                columns={[
                  { title: t('variant'), className: 'numbers', render: (_, p) => (p.kind === 'advised' ? <strong>{t(p.kind)}</strong> : t(p.kind)) },
                  { title: t('numbers'), align: 'right', className: 'numbers', render: (_, p) => f.count(p.numbers) },
                  { title: t('reach'), align: 'right', className: 'numbers', render: (_, p) => f.share(p.accuracy) },
                  { title: t('loss'), align: 'right', className: 'numbers', render: (_, p) => f.share(p.loss) },
                  { title: t('rest'), align: 'right', className: 'numbers', render: (_, p) => f.count(p.meanRestMinutes) },
                ]}
              />
            </Scrolled>
          )}
        </Answer>
      </div>
    </Card>
  );
}
