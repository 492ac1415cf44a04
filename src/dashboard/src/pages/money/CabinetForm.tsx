import { Collapse, Form, Input, InputNumber, Radio, Select, Switch, Typography } from 'antd';
import { api, type Schemas } from '../../api/client';
import { defineTexts } from '../../app/texts';
import { useChange } from '../../parts/change';
import { DayItem, FormModal, Pair, useNeeded } from '../../parts/forms';

type Account = Schemas['SpendAccountAnswer'];
type Body = Schemas['SpendAccountAnswerRequest'];
type Asked = Schemas['SpendAccountAnswerCabinetRequest'];

const texts = defineTexts(
  {
    new: 'Подключить кабинет', edit: 'Кабинет: {{name}}', kind: 'Откуда расход', yandex_direct: 'Яндекс Директ', vk_ads: 'VK Реклама', file: 'Файлы', name: 'Название', token: 'OAuth-токен', tokenHelp: 'С доступом к API Директа. Больше он нигде не будет показан.', stay: 'Пусто — останется прежний.',
    login: 'Логин рекламодателя', loginHelp: 'Нужен, когда токен агентский.', units: 'Запросы — за счёт баллов агентства', clientId: 'Client ID', clientSecret: 'Client secret', refreshToken: 'Refresh token', refreshHelp: 'Для чужого кабинета, владелец которого дал согласие; для своего не нужен.',
    more: 'Подробнее', level: 'Подробность', campaign: 'Кампании', group: 'Группы', ad: 'Объявления', keyword: 'Ключевые фразы', hour: 'Час ежедневной загрузки', restate: 'Дней назад перезагружать', restateHelp: 'Площадки уточняют расход задним числом: от 7 до 90 дней.', from: 'История с дня', fromHelp: 'Пусто — три года назад.',
    zone: 'Часовой пояс кабинета', zoneHelp: 'Пусто — пояс проекта.', base: 'Адрес API', baseHelp: 'Пусто — обычный адрес площадки.', source: 'Источник', sourceHelp: 'utm_source строк, у которых его нет', medium: 'Тип', currency: 'Валюта', currencyHelp: 'Пусто — валюта проекта', vat: 'НДС в суммах', asTable: 'Как сказано в данных', yes: 'С НДС', no: 'Без НДС', paused: 'Пока не загружать',
    about: 'Сразу загрузится история, потом — каждый день; последние дни уточняются сами.',
  },
  {
    new: 'Connect a cabinet', edit: 'Cabinet: {{name}}', kind: 'Where spend comes from', yandex_direct: 'Yandex Direct', vk_ads: 'VK Ads', file: 'Files', name: 'Name', token: 'OAuth token', tokenHelp: 'With access to the API of Direct. It is shown nowhere again.', stay: 'Empty: the stored one stays.',
    login: 'Advertiser’s login', loginHelp: 'Needed with an agency’s token.', units: 'Requests cost the agency’s points', clientId: 'Client ID', clientSecret: 'Client secret', refreshToken: 'Refresh token', refreshHelp: 'For a cabinet whose owner has given consent; your own needs none.',
    more: 'More', level: 'How finely', campaign: 'Campaigns', group: 'Groups', ad: 'Ads', keyword: 'Keywords', hour: 'Hour of the daily load', restate: 'Days back to load anew', restateHelp: 'Vendors restate spend afterwards: 7 to 90 days.', from: 'History from the day', fromHelp: 'Empty: three years back.',
    zone: 'Time zone of the cabinet', zoneHelp: 'Empty: the project’s.', base: 'Address of the API', baseHelp: 'Empty: the vendor’s usual one.', source: 'Source', sourceHelp: 'utm_source of rows without one', medium: 'Medium', currency: 'Currency', currencyHelp: 'Empty: the project’s', vat: 'VAT in the amounts', asTable: 'As the data say', yes: 'With VAT', no: 'Without VAT', paused: 'Do not load for now',
    about: 'History is loaded at once, then every day; the last days are restated by themselves.',
  },
);

interface Values extends Omit<Body, 'vatIncluded' | 'cabinet'> {
  readonly vat: 'yes' | 'no' | '';
  readonly cabinet?: Asked;
}

const filled = (of: Asked | undefined): Asked => Object.fromEntries(Object.entries(of ?? {}).filter(([, v]) => v !== '' && v !== null && v !== undefined)) as Asked;

export function CabinetForm({ account, onClose }: { account: Account | undefined; onClose: () => void }) {
  const t = texts.use();
  const needed = useNeeded();
  const [change] = useChange({ touches: 'all' });
  const c = account?.cabinet;
  const initial: Partial<Values> = account
    ? {
        kind: account.kind, name: account.name, source: account.source ?? null, medium: account.medium ?? null, currency: account.currency ?? null, vat: account.vatIncluded === true ? 'yes' : account.vatIncluded === false ? 'no' : '',
        ...(c ? { cabinet: { clientLogin: c.clientLogin ?? null, useOperatorUnits: c.useOperatorUnits, baseAddress: c.baseAddress, level: c.level, timeZone: c.timeZone, hour: c.hour, restateDays: c.restateDays, loadFrom: c.loadFrom ?? null, isPaused: c.state === 'paused' } } : {}),
      }
    : { kind: 'yandex_direct', vat: '' };
  return (
    <FormModal<Values>
      title={account ? t('edit', { name: account.name }) : t('new')} initial={initial} onClose={onClose}
      onSave={({ vat, cabinet, currency, source, medium, ...v }, form) => {
        const body: Body = { ...v, currency: currency || null, source: source || null, medium: medium || null, ...(vat ? { vatIncluded: vat === 'yes' } : {}), ...(v.kind !== 'file' ? { cabinet: filled(cabinet) } : {}) };
        return change(account ? api.PUT('/v1/spend/accounts/{id}', { params: { path: { id: account.id } }, body }) : api.POST('/v1/spend/accounts', { body }), { form });
      }}
    >
      <Form.Item name="kind" label={t('kind')} required>
        <Radio.Group optionType="button" disabled={Boolean(account)} options={(['yandex_direct', 'vk_ads', 'file'] as const).map((k) => ({ value: k, label: t(k) }))} />
      </Form.Item>
      <Form.Item name="name" label={t('name')} rules={[needed]}><Input maxLength={200} /></Form.Item>
      <Form.Item noStyle dependencies={['kind']}>
        {({ getFieldValue }) => {
          const kind = getFieldValue('kind') as string;
          const secret = { rules: account ? [] : [needed], ...(account ? { extra: t('stay') } : {}) };
          return (
            <>
              {kind !== 'file' && !account && <Typography.Paragraph type="secondary">{t('about')}</Typography.Paragraph>}
              {kind === 'yandex_direct' && (
                <>
                  <Form.Item name={['cabinet', 'token']} label={t('token')} {...secret} extra={account ? t('stay') : t('tokenHelp')}><Input.Password autoComplete="off" /></Form.Item>
                  <Form.Item name={['cabinet', 'clientLogin']} label={t('login')} extra={t('loginHelp')}><Input /></Form.Item>
                </>
              )}
              {kind === 'vk_ads' && (
                <>
                  <Form.Item name={['cabinet', 'clientId']} label={t('clientId')} {...secret}><Input autoComplete="off" /></Form.Item>
                  <Form.Item name={['cabinet', 'clientSecret']} label={t('clientSecret')} {...secret}><Input.Password autoComplete="off" /></Form.Item>
                  <Form.Item name={['cabinet', 'refreshToken']} label={t('refreshToken')} extra={t('refreshHelp')}><Input.Password autoComplete="off" /></Form.Item>
                </>
              )}
              <Collapse
                size="small" items={[{
                  key: 'more', label: t('more'), forceRender: true,
                  children: (
                    <Pair>
                      <Form.Item name="source" label={t('source')} extra={t('sourceHelp')}><Input maxLength={200} /></Form.Item>
                      <Form.Item name="medium" label={t('medium')}><Input maxLength={200} /></Form.Item>
                      <Form.Item name="currency" label={t('currency')} extra={t('currencyHelp')}><Input maxLength={3} /></Form.Item>
                      <Form.Item name="vat" label={t('vat')}><Select options={[{ value: '', label: t('asTable') }, { value: 'yes', label: t('yes') }, { value: 'no', label: t('no') }]} /></Form.Item>
                      {kind !== 'file' && (
                        <>
                          <Form.Item name={['cabinet', 'level']} label={t('level')}><Select allowClear options={(['campaign', 'group', 'ad', 'keyword'] as const).filter((l) => kind === 'yandex_direct' || l !== 'keyword').map((l) => ({ value: l, label: t(l) }))} /></Form.Item>
                          <Form.Item name={['cabinet', 'hour']} label={t('hour')}><InputNumber min={0} max={23} style={{ width: '100%' }} /></Form.Item>
                          <Form.Item name={['cabinet', 'restateDays']} label={t('restate')} extra={t('restateHelp')}><InputNumber min={7} max={90} style={{ width: '100%' }} /></Form.Item>
                          <DayItem name={['cabinet', 'loadFrom']} label={t('from')} extra={t('fromHelp')} />
                          <Form.Item name={['cabinet', 'timeZone']} label={t('zone')} extra={t('zoneHelp')}><Input placeholder="Europe/Moscow" /></Form.Item>
                          <Form.Item name={['cabinet', 'baseAddress']} label={t('base')} extra={t('baseHelp')}><Input /></Form.Item>
                          {kind === 'yandex_direct' && <Form.Item name={['cabinet', 'useOperatorUnits']} label={t('units')} valuePropName="checked"><Switch /></Form.Item>}
                          <Form.Item name={['cabinet', 'isPaused']} label={t('paused')} valuePropName="checked"><Switch /></Form.Item>
                        </>
                      )}
                    </Pair>
                  ),
                }]}
              />
            </>
          );
        }}
      </Form.Item>
    </FormModal>
  );
}
