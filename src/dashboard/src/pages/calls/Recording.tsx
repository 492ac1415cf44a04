import { CaretRightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { addressOf, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Caution } from '../../parts/Caution';

const texts = defineTexts(
  { listen: 'Слушать', listenTo: 'Слушать запись звонка {{at}}', recordingOf: 'Запись звонка {{at}}', failed: 'Запись не открылась: её уже нет у провайдера или её адрес не разрешён в настройках сервиса.' },
  { listen: 'Listen', listenTo: 'Listen to the call of {{at}}', recordingOf: 'Recording of the call of {{at}}', failed: 'The recording did not open: the provider no longer has it, or its address is not allowed in the service’s settings.' },
);

/** The player comes when it is asked for: a page of a hundred players is slow, and nothing of a recording is fetched before. */
export function Recording({ of }: { of: Schemas['CallAnswer'] }) {
  const t = texts.use();
  const f = useFormats();
  const [state, setState] = useState<'closed' | 'open' | 'failed'>('closed');
  const at = f.moment(of.startedAt);
  if (state === 'failed') return <Caution>{t('failed')}</Caution>;
  if (state === 'open') return <audio controls autoPlay preload="none" src={addressOf(`/v1/calls/${of.id}/recording`)} aria-label={t('recordingOf', { at })} onError={() => setState('failed')} style={{ height: 34, width: 260, verticalAlign: 'middle' }} />;
  return (
    <Button size="small" icon={<CaretRightOutlined />} aria-label={t('listenTo', { at })} onClick={() => setState('open')}>
      {t('listen')}
    </Button>
  );
}
