import { CaretRightOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState, type CSSProperties } from 'react';
import { addressOf, type Schemas } from '../api/client';
import { useFormats } from '../app/formats';
import { defineTexts } from '../app/texts';
import { Caution } from './Caution';

const texts = defineTexts(
  {
    listen: 'Слушать', listenTo: 'Слушать запись звонка {{at}}', recordingOf: 'Запись звонка {{at}}', failed: 'Запись не удалось проиграть',
    why: 'Телефония её не отдала, или адреса её записей не разрешены в настройках сервиса. Послушать её можно в кабинете телефонии.',
  },
  {
    listen: 'Listen', listenTo: 'Listen to the call of {{at}}', recordingOf: 'Recording of the call of {{at}}', failed: 'The recording cannot be played',
    why: 'The telephony did not hand it out, or the addresses of its recordings are not allowed in the settings of the service. It can be heard in the account of the telephony.',
  },
);

type Call = Schemas['CallAnswer'];

export const hasRecording = (call: Call): boolean => Boolean(call.recordingUrl || call.recordingId);

const momentOf = (call: Call): string => call.startedAt ?? call.firstSeenAt;

/** The recording of a call in its card; nothing of it is fetched before it is played. */
export function Recording({ of }: { of: Call }) {
  const t = texts.use();
  const [hasFailed, setFailed] = useState(false);
  if (hasFailed) return <Alert type="info" showIcon title={t('failed')} description={t('why')} />;
  return <Player of={of} onFail={() => setFailed(true)} style={{ width: '100%', maxWidth: 480 }} />;
}

/** The same in a list, where the player comes when it is asked for: a page of a hundred players is slow. */
export function ListedRecording({ of }: { of: Call }) {
  const t = texts.use();
  const f = useFormats();
  const [state, setState] = useState<'closed' | 'open' | 'failed'>('closed');
  if (state === 'failed') return <Caution>{t('failed')}. {t('why')}</Caution>;
  if (state === 'open') return <Player of={of} isPlaying onFail={() => setState('failed')} style={{ height: 34, width: 260, verticalAlign: 'middle' }} />;
  return (
    <Button size="small" icon={<CaretRightOutlined />} aria-label={t('listenTo', { at: f.moment(momentOf(of)) })} onClick={() => setState('open')}>
      {t('listen')}
    </Button>
  );
}

function Player({ of, isPlaying = false, onFail, style }: { of: Call; isPlaying?: boolean; onFail: () => void; style: CSSProperties }) {
  const t = texts.use();
  const f = useFormats();
  return <audio controls autoPlay={isPlaying} preload="none" aria-label={t('recordingOf', { at: f.moment(momentOf(of)) })} src={addressOf(`/v1/calls/${of.id}/recording`)} onError={onFail} style={style} />;
}
