import { DownOutlined, UpOutlined } from '@ant-design/icons';
import { Button, Space } from 'antd';
import { useState } from 'react';
import { defineTexts } from '../../app/texts';
import { CardDrawer, useCard } from '../../parts/CardDrawer';
import { usePlace } from '../../parts/PersonLinks';
import { LeadCard, LeadPage, LeadTitle } from './LeadCard';
import { LeadList } from './LeadList';

const texts = defineTexts({ previous: 'Предыдущая заявка', next: 'Следующая заявка' }, { previous: 'Previous lead', next: 'Next lead' });

export default function Leads() {
  const t = texts.use();
  const place = usePlace();
  const card = useCard(place.leads);
  const [ids, setIds] = useState<readonly string[]>([]);
  if (card.id && !card.isOver) return <LeadPage key={card.id} id={card.id} />;
  const at = card.id ? ids.indexOf(card.id) : -1;
  const [before, after] = at < 0 ? [] : [ids[at - 1], ids[at + 1]];
  return (
    <>
      <LeadList onOpen={card.open} onIds={setIds} openId={card.id} />
      <CardDrawer
        isOpen={card.id !== undefined}
        onClose={card.close}
        title={card.id && <LeadTitle id={card.id} />}
        extra={
          <Space size={4}>
            <Button icon={<UpOutlined />} aria-label={t('previous')} disabled={!before} onClick={() => before && card.swap(before)} />
            <Button icon={<DownOutlined />} aria-label={t('next')} disabled={!after} onClick={() => after && card.swap(after)} />
          </Space>
        }
      >
        {card.id && <LeadCard key={card.id} id={card.id} />}
      </CardDrawer>
    </>
  );
}
