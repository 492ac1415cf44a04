import { PlusOutlined, ReloadOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Card, Flex, Typography } from 'antd';
import { useState } from 'react';
import { sessionKey, useSession } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Room } from '../../parts/Room';
import { NewProject } from './NewProject';

const texts = defineTexts(
  {
    title: 'Проектов пока нет', ask: 'Вы вошли как {{email}}, но ни в одном проекте не состоите. Попросите владельца проекта пригласить вас на этот адрес: «Настройки» → «Люди» → «Пригласить».',
    alone: 'Вы вошли как {{email}}. Ни у одного проекта нет владельца, который мог бы вас пригласить, поэтому вы можете создать проект сами.', look: 'Проверить ещё раз', make: 'Создать проект',
  },
  {
    title: 'No projects yet', ask: 'You are signed in as {{email}}, and a member of no project. Ask the owner of one to invite this address: “Settings” → “People” → “Invite”.',
    alone: 'You are signed in as {{email}}. No project has an owner who could invite you, so you may make one yourself.', look: 'Look again', make: 'Make a project',
  },
);

/** Somebody who may sign in and belongs nowhere: what they can do about it. */
export function NoProject() {
  const t = texts.use();
  const session = useSession();
  const client = useQueryClient();
  const [isLooking, setLooking] = useState(false);
  const [isAdding, setAdding] = useState(false);
  const mayMake = session?.canMakeProject === true;
  const look = async (): Promise<void> => {
    setLooking(true);
    await client.invalidateQueries({ queryKey: sessionKey });
    setLooking(false);
  };
  return (
    <Room title={t('title')}>
      <Card size="small">
        <Flex vertical align="center" gap={16} style={{ padding: '32px 16px', textAlign: 'center' }}>
          <Typography.Text className="breakable" style={{ maxWidth: 560 }}>
            {t(mayMake ? 'alone' : 'ask', { email: session?.user?.email ?? '' })}
          </Typography.Text>
          <Flex wrap gap={8} justify="center">
            {mayMake && (
              <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
                {t('make')}
              </Button>
            )}
            <Button icon={<ReloadOutlined />} loading={isLooking} onClick={() => void look()}>
              {t('look')}
            </Button>
          </Flex>
        </Flex>
      </Card>
      {isAdding && <NewProject onClose={() => setAdding(false)} />}
    </Room>
  );
}
