import { PhoneOutlined } from '@ant-design/icons';
import { Button, Flex } from 'antd';
import { useState } from 'react';
import { queries, type Problem } from '../../api/client';
import { defineTexts } from '../../app/texts';
import { Caution } from '../../parts/Caution';
import { PhoneLink } from '../../parts/Contacts';
import { wordsOf } from '../../parts/States';

const texts = defineTexts(
  { show: 'Телефон', showOf: 'Телефон клиента {{name}}', none: 'телефона нет' },
  { show: 'Phone', showOf: 'Phone of {{name}}', none: 'no phone' },
);

/** A contact is fetched when somebody is about to call, not for everybody in the list. */
export function AskedPhone({ clientId, name }: { clientId: string; name: string }) {
  const t = texts.use();
  const [isWanted, setWanted] = useState(false);
  const client = queries.useQuery('get', '/v1/clients/{id}', { params: { path: { id: clientId } } }, { enabled: isWanted });
  if (!isWanted || client.isPending)
    return (
      <Button size="small" icon={<PhoneOutlined />} loading={isWanted} aria-label={t('showOf', { name })} onClick={() => setWanted(true)}>
        {t('show')}
      </Button>
    );
  if (!client.data) return <Caution>{wordsOf(client.error as unknown as Problem)}</Caution>;
  const phones = client.data.identities.filter((i) => i.kind === 'phone');
  return (
    <Flex vertical className="numbers">
      {phones.length === 0 && t('none')}
      {phones.map(({ value }) => <PhoneLink key={value} phone={value} />)}
    </Flex>
  );
}
