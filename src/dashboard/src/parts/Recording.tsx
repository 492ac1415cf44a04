import { Alert } from 'antd';
import { useState } from 'react';
import { addressOf } from '../api/client';
import { defineTexts } from '../app/texts';

const texts = defineTexts(
  {
    label: 'Запись разговора', failed: 'Запись не удалось проиграть',
    why: 'Телефония её не отдала, или адреса её записей не разрешены в настройках сервиса. Послушать её можно в кабинете телефонии.',
  },
  {
    label: 'Recording of the call', failed: 'The recording cannot be played',
    why: 'The telephony did not hand it out, or the addresses of its recordings are not allowed in the settings of the service. It can be heard in the account of the telephony.',
  },
);

/** The recording of a call, fetched only when it is played. */
export function Recording({ callId }: { callId: string }) {
  const t = texts.use();
  const [hasFailed, setFailed] = useState(false);
  if (hasFailed) return <Alert type="info" showIcon title={t('failed')} description={t('why')} />;
  return <audio controls preload="none" aria-label={t('label')} src={addressOf(`/v1/calls/${callId}/recording`)} onError={() => setFailed(true)} style={{ width: '100%', maxWidth: 480 }} />;
}
