import { CheckCircleOutlined, CloudDownloadOutlined, PlusOutlined } from '@ant-design/icons';
import { Alert, Button, Card, Checkbox, Descriptions, Flex, Popconfirm, Progress, Tag, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Said } from '../../parts/Said';
import { useTelling } from '../../parts/saving';
import { Answer, Nothing } from '../../parts/States';
import { useChange } from '../../parts/change';
import { DayItem, EditButton, FormModal, Pair, RemoveButton } from '../../parts/forms';
import { CabinetForm } from './CabinetForm';

type Account = Schemas['SpendAccountAnswer'];
type Load = Schemas['SpendAccountAnswerLoadAnswer'];

const texts = defineTexts(
  {
    add: 'Подключить кабинет', yandex_direct: 'Яндекс Директ', vk_ads: 'VK Реклама', file: 'Файлы', active: 'Работает', paused: 'Приостановлен', needs_reauth: 'Нужен новый вход', check: 'Проверить', load: 'Загрузить дни', loadOf: 'Загрузить дни: {{name}}', from: 'С дня', to: 'По день', loadAbout: 'Загруженное за эти дни заменится: дважды ничего не посчитается.',
    pause: 'Приостановить', resume: 'Возобновить', lastDay: 'Расход есть по', lastLoad: 'Последняя загрузка', next: 'Следующая', level: 'Подробность', campaign: 'кампании', group: 'группы', ad: 'объявления', keyword: 'ключевые фразы', error: 'Что не так', login: 'Кабинет не принимает вход. Введите его заново.',
    v_ok: 'Кабинет отвечает, вход работает.', v_login: 'Кабинет не принимает вход.', v_later: 'Кабинет сейчас не отвечает; проверим ещё раз сами.', first: 'история', daily: 'каждый день', person: 'по просьбе', loading: '{{what}}: {{from}} – {{to}}, осталось дней: {{left}}', waits: 'загружается…', manual: 'Загрузить файл', withSpend: 'Удалить и весь его расход', removeWhy: 'Кабинет с расходом удаляется только вместе с ним.', started: 'Загрузка началась', no: 'Нет', sure: 'Приостановить загрузку?',
    empty: 'Здесь будут рекламные кабинеты. Подключите Яндекс Директ или VK Рекламу, и расход станет приходить сам, или загрузите файл.',
  },
  {
    add: 'Connect a cabinet', yandex_direct: 'Yandex Direct', vk_ads: 'VK Ads', file: 'Files', active: 'Works', paused: 'Paused', needs_reauth: 'Needs a new login', check: 'Check', load: 'Load days', loadOf: 'Load days: {{name}}', from: 'From the day', to: 'To the day', loadAbout: 'What was loaded of these days is replaced: nothing counts twice.',
    pause: 'Pause', resume: 'Resume', lastDay: 'Spend up to', lastLoad: 'Last load', next: 'Next', level: 'How finely', campaign: 'campaigns', group: 'groups', ad: 'ads', keyword: 'keywords', error: 'What is wrong', login: 'The cabinet refuses the login. Enter it anew.',
    v_ok: 'The cabinet answers, the login works.', v_login: 'The cabinet refuses the login.', v_later: 'The cabinet does not answer now; it is tried again by itself.', first: 'history', daily: 'daily', person: 'asked for', loading: '{{what}}: {{from}} – {{to}}, days left: {{left}}', waits: 'loading…', manual: 'Import a file', withSpend: 'Remove all its spend too', removeWhy: 'A cabinet with spend is removed only together with it.', started: 'Loading has begun', no: 'No', sure: 'Pause loading?',
    empty: 'Advertising cabinets will stand here. Connect Yandex Direct or VK Ads, and spend comes by itself, or import a file.',
  },
);

/** Where spend comes from, and how each of them is doing. */
export default function Cabinets() {
  const t = texts.use();
  const [open, setOpen] = useState<Account | 'new'>();
  const answer = queries.useQuery('get', '/v1/spend/accounts', { params: { query: { limit: 500 } } }, {
    // A load is watched while it goes on.
    refetchInterval: (q) => (q.state.data?.items.some((a) => a.cabinet?.loads.some((l) => l.state === 'waiting')) ? 3_000 : false),
  });
  return (
    <div className="stack">
      <Flex><Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t('add')}</Button></Flex>
      <Answer of={answer}>
        {({ items }) =>
          items.length === 0 ? <Card size="small"><Nothing what={t('empty')} /></Card> : <div className="two-columns">{items.map((a) => <Cabinet key={a.id} account={a} onEdit={() => setOpen(a)} />)}</div>
        }
      </Answer>
      {open && <CabinetForm account={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

function Cabinet({ account, onEdit }: { account: Account; onEdit: () => void }) {
  const t = texts.use();
  const f = useFormats();
  const { id: project } = useOpenProject();
  const [change] = useChange({ touches: 'all' });
  const tell = useTelling();
  const [checked, setChecked] = useState<Schemas['CheckSpendAccountResponse']>();
  const [isBusy, setBusy] = useState(false);
  const [isLoading, setLoading] = useState(false);
  const [withSpend, setWithSpend] = useState(false);
  const path = { id: account.id };
  const c = account.cabinet;
  const waiting = c?.loads.filter((l) => l.state === 'waiting') ?? [];

  const check = async (): Promise<void> => {
    setBusy(true);
    const { data, error } = await api.POST('/v1/spend/accounts/{id}/check', { params: { path } });
    setBusy(false);
    if (data) setChecked(data);
    else tell(error);
  };
  const pause = (isPaused: boolean): Promise<unknown> =>
    change(api.PUT('/v1/spend/accounts/{id}', {
      params: { path },
      body: {
        name: account.name, source: account.source ?? null, medium: account.medium ?? null, currency: account.currency ?? null, vatIncluded: account.vatIncluded ?? null, kind: account.kind,
        ...(c ? { cabinet: { clientLogin: c.clientLogin ?? null, useOperatorUnits: c.useOperatorUnits, baseAddress: c.baseAddress, level: c.level, timeZone: c.timeZone, hour: c.hour, restateDays: c.restateDays, loadFrom: c.loadFrom ?? null, isPaused } } : {}),
      },
    }));

  return (
    <Card
      size="small" title={<span className="breakable" style={{ whiteSpace: 'normal' }}>{account.name}</span>}
      extra={
        <Flex>
          <EditButton name={account.name} onEdit={onEdit} />
          <RemoveButton
            name={account.name} sure={<div style={{ maxWidth: 280 }}>{t('removeWhy')}<br /><Checkbox checked={withSpend} onChange={(e) => setWithSpend(e.target.checked)}>{t('withSpend')}</Checkbox></div>}
            onRemove={() => void change(api.DELETE('/v1/spend/accounts/{id}', { params: { path, query: withSpend ? { withSpend } : {} } }))}
          />
        </Flex>
      }
    >
      <div className="stack" style={{ gap: 10 }}>
        <Flex wrap gap={6}>
          <Tag>{t(account.kind as 'file')}</Tag>
          {c && <Tag color={c.state === 'active' ? 'green' : c.state === 'paused' ? 'default' : 'red'}>{t(c.state as 'active')}</Tag>}
        </Flex>
        {c?.state === 'needs_reauth' && <Alert type="error" showIcon title={t('login')} description={c.lastError && <Said of={c.lastError} />} />}
        {c?.lastError && c.state !== 'needs_reauth' && <Alert type="warning" showIcon title={`${t('error')} (${f.moment(c.lastErrorAt)})`} description={<Said of={c.lastError} />} />}
        {checked && <Alert type={checked.ok ? 'success' : checked.verdict === 'later' ? 'warning' : 'error'} showIcon title={t(`v_${checked.verdict as 'ok'}`)} description={checked.ok ? undefined : <Said of={checked.words} />} closable={{ onClose: () => setChecked(undefined) }} />}
        <Descriptions
          size="small" column={1}
          items={[
            { key: 'day', label: t('lastDay'), children: f.day(account.lastDay) },
            ...(c
              ? [
                  { key: 'load', label: t('lastLoad'), children: c.lastLoadAt ? `${f.moment(c.lastLoadAt)} (${f.ago(c.lastLoadAt)})` : f.none },
                  { key: 'next', label: t('next'), children: f.moment(c.nextAttemptAt) },
                  { key: 'level', label: t('level'), children: t(c.level as 'campaign') },
                ]
              : []),
          ]}
        />
        {waiting.map((l) => <LoadLine key={l.id} load={l} />)}
        {c ? (
          <Flex wrap gap={8}>
            <Button size="small" icon={<CheckCircleOutlined />} loading={isBusy} onClick={() => void check()}>{t('check')}</Button>
            <Button size="small" icon={<CloudDownloadOutlined />} onClick={() => setLoading(true)}>{t('load')}</Button>
            {c.state === 'paused' ? (
              <Button size="small" onClick={() => void pause(false)}>{t('resume')}</Button>
            ) : (
              <Popconfirm title={t('sure')} okText={t('pause')} cancelText={t('no')} onConfirm={() => void pause(true)}><Button size="small">{t('pause')}</Button></Popconfirm>
            )}
          </Flex>
        ) : (
          <Link to={`/p/${project}/money/import`}>{t('manual')}</Link>
        )}
      </div>
      {isLoading && (
        <FormModal<Schemas['LoadSpendAccountRequest']>
          title={t('loadOf', { name: account.name })} initial={{}} onClose={() => setLoading(false)}
          onSave={(body, form) => change(api.POST('/v1/spend/accounts/{id}/load', { params: { path }, body }), { form, done: t('started') })}
        >
          <Typography.Paragraph type="secondary">{t('loadAbout')}</Typography.Paragraph>
          <Pair><DayItem name="from" label={t('from')} /><DayItem name="to" label={t('to')} /></Pair>
        </FormModal>
      )}
    </Card>
  );
}

function LoadLine({ load }: { load: Load }) {
  const t = texts.use();
  const f = useFormats();
  const words = t('loading', { what: t(load.reason as 'first'), from: f.day(load.firstDay), to: f.day(load.lastDay), left: load.daysLeft });
  return (
    <div role="status">
      <div>{words}</div>
      <Progress percent={Math.round(((load.days - load.daysLeft) / Math.max(load.days, 1)) * 100)} size="small" aria-label={words} />
      {load.note && <Typography.Text type="secondary">{load.note}</Typography.Text>}
    </div>
  );
}
