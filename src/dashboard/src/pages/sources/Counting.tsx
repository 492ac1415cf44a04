import { CalculatorOutlined } from '@ant-design/icons';
import { Button, Popover, Radio, Typography } from 'antd';
import { defineTexts } from '../../app/texts';
import { useAddress } from '../../parts/range';
import type { Romi } from './figures';

const texts = defineTexts(
  {
    title: 'Как считать', romi: 'ROMI', payback: 'Выручка / расход: 100 % — окупились', net: '(Выручка − расход) / расход: 0 % — окупились', refunds: 'Возвраты', deal: 'Уменьшают выручку в день сделки', cash: 'Уменьшают выручку в день возврата',
  },
  { title: 'How to count', romi: 'ROMI', payback: 'Revenue / spend: 100 % is break-even', net: '(Revenue − spend) / spend: 0 % is break-even', refunds: 'Refunds', deal: 'Lower revenue on the day of the deal', cash: 'Lower revenue on the day of the refund' },
);

const column = { display: 'flex', flexDirection: 'column', gap: 6, marginTop: 4 } as const;

/** Which of several right answers is shown: the project's own unless somebody says otherwise here. */
export function Counting({ romi }: { romi: Romi }) {
  const t = texts.use();
  const [get, set] = useAddress();
  return (
    <Popover
      trigger="click" placement="bottomLeft"
      content={
        <div className="stack" style={{ gap: 12, maxWidth: 'calc(100vw - 64px)' }}>
          <section>
            <Typography.Text type="secondary">{t('romi')}</Typography.Text>
            <Radio.Group aria-label={t('romi')} value={romi} onChange={(e) => set({ romi: e.target.value as Romi })} style={column} options={(['payback', 'net'] as const).map((v) => ({ value: v, label: t(v) }))} />
          </section>
          <section>
            <Typography.Text type="secondary">{t('refunds')}</Typography.Text>
            <Radio.Group
              aria-label={t('refunds')} value={get('refunds') === 'cash' ? 'cash' : 'deal'} onChange={(e) => set({ refunds: e.target.value === 'cash' ? 'cash' : undefined })} style={column} options={(['deal', 'cash'] as const).map((v) => ({ value: v, label: t(v) }))}
            />
          </section>
        </div>
      }
    >
      <Button icon={<CalculatorOutlined />}>{t('title')}</Button>
    </Popover>
  );
}
