import { CheckCircleFilled } from '@ant-design/icons';
import { Card, Skeleton, Typography, theme } from 'antd';
import { Link } from 'react-router';
import { queries } from '../../api/client';
import { useMay } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { Nothing } from '../../parts/States';

const texts = defineTexts(
  {
    title: 'С чего начать', about: 'Четыре шага до первого отчёта. Первый полезен сам по себе: заявки с форм видны сразу.', done: 'сделано', next: 'дальше',
    site: 'Добавьте сайт', siteWhy: 'Адрес сайта, с которого придут визиты и заявки.', snippet: 'Поставьте код на сайт', snippetWhy: 'Одна строка в <head>: визиты получат источник, формы — паспорт.',
    crm: 'Подключите CRM', crmWhy: 'amoCRM или Битрикс24: заявки пойдут в сделки, а сделки — в отчёты.', spend: 'Загрузите расходы', spendWhy: 'Кабинет Директа или VK Рекламы, файл или ручной ввод: появятся CPL и ROMI.',
    none: 'За эти дни ничего не было: ни визитов, ни заявок, ни сделок. Выберите другой период.',
  },
  {
    title: 'First steps', about: 'Four steps to the first report. The first of them is useful by itself: leads of forms are seen at once.', done: 'done', next: 'next',
    site: 'Add your site', siteWhy: 'The address that visits and leads will come from.', snippet: 'Put the code on the site', snippetWhy: 'One line in <head>: visits get a source, forms get a passport.',
    crm: 'Connect your CRM', crmWhy: 'amoCRM or Bitrix24: leads become deals, and deals come back into reports.', spend: 'Load your spend', spendWhy: 'An account of Yandex Direct or VK Ads, a file, or by hand: CPL and ROMI appear.',
    none: 'Nothing happened on these days: no visits, no leads, no deals. Choose other dates.',
  },
);

interface Step {
  readonly key: 'site' | 'snippet' | 'crm' | 'spend';
  readonly to: string | undefined;
  /** Undefined: not known to who asks. */
  readonly isDone: boolean | undefined;
}

/** What an empty project still lacks, in the order in which it pays off. */
export default function FirstSteps() {
  const t = texts.use();
  const may = useMay();
  const [canSet, canSpend] = [may('settings'), may('spend')];
  const one = { params: { query: { limit: 1 } } };
  const sites = queries.useQuery('get', '/v1/sites', one, { enabled: canSet });
  const site = sites.data?.items[0]?.id;
  const installation = queries.useQuery('get', '/v1/sites/{id}/installation', { params: { path: { id: site ?? '' } } }, { enabled: Boolean(site), retry: false });
  const connections = queries.useQuery('get', '/v1/connections', one, { enabled: canSet });
  const accounts = queries.useQuery('get', '/v1/spend/accounts', one, { enabled: canSpend });
  const imports = queries.useQuery('get', '/v1/spend/imports', one, { enabled: canSpend });
  const asked = [...(canSet ? [sites, connections] : []), ...(canSpend ? [accounts, imports] : [])];
  if (asked.some((q) => q.isPending) || installation.isLoading) return <Skeleton active />;

  const some = (items: readonly unknown[] | undefined): boolean | undefined => items && items.length > 0;
  const steps: Step[] = [
    { key: 'site', to: canSet ? '../settings/sites' : undefined, isDone: some(sites.data?.items) },
    { key: 'snippet', to: canSet ? '../settings/sites' : undefined, isDone: site ? Boolean(installation.data?.firstVisitAt) : sites.data && false },
    { key: 'crm', to: canSet ? '../settings/connections' : undefined, isDone: some(connections.data?.items) },
    { key: 'spend', to: canSpend ? '../money' : undefined, isDone: accounts.data && (some(accounts.data.items) || some(imports.data?.items)) },
  ];
  if (steps.every((s) => s.isDone !== false)) return <Card><Nothing what={t('none')} /></Card>;
  const next = steps.find((s) => s.isDone === false)?.key;
  return (
    <Card size="small" title={t('title')}>
      <Typography.Paragraph type="secondary">{t('about')}</Typography.Paragraph>
      <ol style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 14 }} aria-label={t('title')}>
        {steps.map((s, i) => (
          <OneStep key={s.key} step={s} number={i + 1} isNext={s.key === next} />
        ))}
      </ol>
    </Card>
  );
}

function OneStep({ step, number, isNext }: { step: Step; number: number; isNext: boolean }) {
  const t = texts.use();
  const { token } = theme.useToken();
  const size = 24;
  return (
    <li style={{ display: 'flex', gap: 12 }} aria-current={isNext ? 'step' : undefined}>
      {step.isDone ? (
        <CheckCircleFilled style={{ fontSize: size, color: token.colorSuccess }} role="img" aria-label={t('done')} />
      ) : (
        <span aria-hidden style={{ width: size, height: size, flex: 'none', borderRadius: size, textAlign: 'center', lineHeight: `${size - 2}px`, border: `1px solid ${isNext ? token.colorPrimary : token.colorBorder}`, color: isNext ? token.colorPrimary : undefined }}>
          {number}
        </span>
      )}
      <div>
        {step.to ? <Link to={step.to}>{t(step.key)}</Link> : <strong>{t(step.key)}</strong>}
        {step.isDone && <Typography.Text type="secondary"> — {t('done')}</Typography.Text>}
        <Typography.Text type="secondary" style={{ display: 'block' }}>
          {t(`${step.key}Why`)}
        </Typography.Text>
      </div>
    </li>
  );
}
