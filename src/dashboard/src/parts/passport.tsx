import { Descriptions, Flex, Tag, Tooltip, Typography } from 'antd';
import type { Schemas } from '../api/client';
import { defineTexts } from '../app/texts';
import { Evidence } from './Evidence';

type Passport = Schemas['PassportAnswer'];

const texts = defineTexts(
  {
    paid_search: 'Контекстная реклама', organic_search: 'Поиск', paid_social: 'Реклама в соцсетях', organic_social: 'Соцсети', display: 'Баннеры', email: 'Письма', messenger: 'Мессенджер', sms: 'СМС',
    referral: 'Ссылки', affiliate: 'Партнёры', maps: 'Карты', classifieds: 'Доски объявлений', ai_assistant: 'ИИ-помощник', offline: 'Офлайн', push: 'Пуш', direct: 'Прямой заход', other: 'Другое', unknown: 'Неизвестно',
    exact: 'точно', likely: 'вероятно', guessed: 'догадка', confidence: 'Насколько точно', channel: 'Канал', source: 'Источник', medium: 'Тип', campaign: 'Кампания', content: 'Объявление', keyword: 'Ключевая фраза',
    landing: 'Страница входа', referrer: 'Откуда пришёл', utm: 'Метки', clicks: 'Метки клика', origin: 'Как найдено',
    utm_: 'по UTM-меткам', click_id: 'по метке клика', openstat: 'по openstat', referrer_: 'по странице перехода', visit: 'по визиту', calltracking: 'по коллтрекингу', number: 'по номеру телефона', direct_: 'прямой заход', none: 'не найдено',
  },
  {
    paid_search: 'Paid search', organic_search: 'Search', paid_social: 'Paid social', organic_social: 'Social', display: 'Display', email: 'E-mail', messenger: 'Messenger', sms: 'SMS',
    referral: 'Links', affiliate: 'Affiliates', maps: 'Maps', classifieds: 'Classifieds', ai_assistant: 'AI assistant', offline: 'Offline', push: 'Push', direct: 'Direct', other: 'Other', unknown: 'Unknown',
    exact: 'exact', likely: 'likely', guessed: 'guessed', confidence: 'How sure', channel: 'Channel', source: 'Source', medium: 'Medium', campaign: 'Campaign', content: 'Content', keyword: 'Keyword',
    landing: 'Landing page', referrer: 'Referrer', utm: 'Tags', clicks: 'Click ids', origin: 'Found by',
    utm_: 'UTM tags', click_id: 'a click id', openstat: 'openstat', referrer_: 'the referrer', visit: 'the visit', calltracking: 'call tracking', number: 'the number', direct_: 'direct', none: 'not found',
  },
);

/** In the order in which they are offered. */
export const channels = [
  'paid_search', 'organic_search', 'paid_social', 'organic_social', 'display', 'email', 'messenger', 'sms', 'referral', 'affiliate', 'maps', 'classifieds', 'ai_assistant', 'offline', 'push', 'direct', 'other', 'unknown',
] as const;

/** Those that somebody may name; nobody says that a channel is unknown. */
export const namedChannels = channels.filter((c) => c !== 'unknown');

export function useChannelName(): (channel: string | null | undefined) => string {
  const t = texts.use();
  return (channel) => (channel ? t(channel as 'direct') : t('unknown'));
}

/** Exact, likely or guessed, with the colour of it. */
export function Confidence({ of }: { of: string }) {
  const t = texts.use();
  return <Tag color={of === 'exact' ? 'green' : of === 'likely' ? 'blue' : 'orange'}>{t(of as 'exact')}</Tag>;
}

/** Source, campaign and keyword in a cell. */
export function SourceLine({ of }: { of: Pick<Passport, 'channel' | 'source' | 'campaign' | 'keyword'> }) {
  const channel = useChannelName();
  return (
    <div className="breakable" style={{ maxWidth: 340 }}>
      <div>{of.source ?? channel(of.channel)}</div>
      {(of.campaign || of.keyword) && (
        <Typography.Text type="secondary" style={{ fontSize: 13 }}>
          {[of.campaign, of.keyword && `«${of.keyword}»`].filter(Boolean).join(' · ')}
        </Typography.Text>
      )}
    </div>
  );
}

/** «utm_term=печать» rather than «utm_term=%D0%BF…». */
const readable = (address: string): string => {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
};

/** A link only where it is one: whatever else came as an address stays text. */
export function SafeLink({ to }: { to: string | null | undefined }) {
  if (!to) return <>—</>;
  return /^https?:\/\//i.test(to) ? (
    <a href={to} target="_blank" rel="noopener noreferrer nofollow" className="breakable">
      {readable(to)}
    </a>
  ) : (
    <span className="breakable">{to}</span>
  );
}

const tags = (values: Readonly<Record<string, unknown>>) => (
  <Flex wrap gap={4}>
    {Object.entries(values).map(([name, value]) => (
      <Tag key={name} className="breakable" style={{ whiteSpace: 'normal', margin: 0 }}>
        {name}={String(value)}
      </Tag>
    ))}
  </Flex>
);

/** The whole passport of a lead or a visit, with what it rests on. */
export function PassportCard({ of }: { of: Passport }) {
  const t = texts.use();
  const channel = useChannelName();
  const origin = of.origin === 'utm' || of.origin === 'referrer' || of.origin === 'direct' ? (`${of.origin}_` as const) : (of.origin as 'visit');
  const rows = [
    { name: t('channel'), value: channel(of.channel) },
    { name: t('source'), value: of.source },
    { name: t('medium'), value: of.medium },
    { name: t('campaign'), value: of.campaign },
    { name: t('content'), value: of.content },
    { name: t('keyword'), value: of.keyword },
    { name: t('landing'), value: of.landingPage && <SafeLink to={of.landingPage} /> },
    { name: t('referrer'), value: of.referrer && <SafeLink to={of.referrer} /> },
    { name: t('utm'), value: Object.keys(of.utm ?? {}).length > 0 && tags(of.utm) },
    { name: t('clicks'), value: Object.keys(of.clickIds ?? {}).length > 0 && tags(of.clickIds) },
  ].filter((r) => r.value);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Descriptions size="small" bordered column={1} items={rows.map((r) => ({ key: r.name, label: r.name, children: <span className="breakable">{r.value}</span> }))} />
      <div>
        {t('origin')}: {t(origin)} <Tooltip title={t('confidence')}><span><Confidence of={of.confidence} /></span></Tooltip>
      </div>
      <Evidence of={of} />
    </div>
  );
}
