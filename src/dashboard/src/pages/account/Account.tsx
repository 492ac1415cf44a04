import { Alert, Card } from 'antd';
import { useSession } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Room } from '../../parts/Room';
import { Password } from './Password';
import { Person } from './Person';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';

const texts = defineTexts(
  { title: 'Учётная запись', person: 'О вас', password: 'Пароль', factor: 'Второй шаг входа', sessions: 'Где открыт вход', needed: 'Владельцу нужен второй шаг входа. Включите его, и разделы откроются.' },
  { title: 'Account', person: 'About you', password: 'Password', factor: 'Second factor', sessions: 'Where you are signed in', needed: 'An owner needs a second factor. Switch it on, and the pages open.' },
);

export default function Account() {
  const t = texts.use();
  const session = useSession();
  return (
    <Room title={t('title')} about={session?.user?.email}>
      {session?.user?.needsTotp && <Alert type="warning" showIcon title={t('needed')} />}
      <div className="two-columns">
        <Card size="small" title={t('person')}>
          <Person />
        </Card>
        <Card size="small" title={t('password')}>
          <Password />
        </Card>
        <Card size="small" title={t('factor')}>
          <SecondFactor />
        </Card>
        <Card size="small" title={t('sessions')}>
          <Sessions />
        </Card>
      </div>
    </Room>
  );
}
