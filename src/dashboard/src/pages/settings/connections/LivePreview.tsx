import { keepPreviousData } from '@tanstack/react-query';
import { Alert, Card, Collapse, Flex, Form, Select, Spin, Typography } from 'antd';
import { useEffect, useState } from 'react';
import { queries, type Problem, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { usePaged } from '../../../parts/paged';
import { wordsOf } from '../../../parts/States';
import type { Known } from './directories';
import { Decision, Outcome, Requests } from './Planned';
import { toSettings, type SettingsValues } from './settings';

const texts = defineTexts(
  {
    title: 'Как это будет', about: 'По тому, что сейчас в форме, ещё до сохранения. В CRM ничего не меняется.', on: 'На какой заявке', sample: 'Пример: форма из Яндекс.Директа', requests: 'Запросы в CRM и почему так', faults: 'С такими настройками заявки не уйдут', failed: 'Посмотреть не получилось', asking: 'Смотрим…',
  },
  {
    title: 'What it will look like', about: 'By what stands in the form now, before it is saved. Nothing is changed in the CRM.', on: 'On which lead', sample: 'Sample: a form from Yandex Direct', requests: 'Requests to the CRM, and why so', faults: 'With these settings leads will not go', failed: 'It could not be looked at', asking: 'Looking…',
  },
);

/** Each look may read the CRM: people finish a word first. */
const pause = 1_000;

const sample = { name: 'Анна', phone: '+7 900 000-00-00', email: 'anna@example.ru', comment: 'Сколько стоит?', formName: 'Расчёт', page: 'https://example.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign=poisk&utm_term=купить' };

/** Stands beside the form of settings, within it, and tries what is in it on a lead. */
export function LivePreview({ of, known, card }: { of: Schemas['ConnectionAnswer']; known: Known; card: 'deal' | 'lead' }) {
  const t = texts.use();
  const f = useFormats();
  const form = Form.useFormInstance<SettingsValues>();
  const leads = usePaged<Schemas['LeadAnswer']>('/v1/leads', { limit: 50 });
  // A call is entered beside its card, by no rule that could be tried here.
  const usable = leads.items.filter((l) => l.kind !== 'call' && l.deliveries.some((d) => d.connectionId === of.id));
  const [chosen, choose] = useState<string>();
  const lead = chosen ?? usable[0]?.id ?? 'sample';
  // All of the form, also what a folded rule holds; compared as it would be sent.
  const values = Form.useWatch((v: SettingsValues) => v, { form, preserve: true }) as SettingsValues | undefined;
  const now = values?.settings ? JSON.stringify(toSettings(values, of.settings)) : undefined;
  const [settled, settle] = useState<string>();
  useEffect(() => {
    if (now === undefined || now === settled) return;
    const timer = setTimeout(() => settle(now), settled === undefined ? 0 : pause);
    return () => clearTimeout(timer);
  }, [now, settled]);
  const settings = JSON.parse(settled ?? '{}') as Schemas['ConnectionSettings'];
  const query = queries.useQuery(
    'post',
    '/v1/connections/{id}/preview',
    { params: { path: { id: of.id } }, body: { ...(lead === 'sample' ? sample : { leadId: lead }), settings } as Schemas['PreviewDeliveryRequest'] },
    { enabled: settled !== undefined && !leads.isPending, placeholderData: keepPreviousData, retry: false, staleTime: 60_000 },
  );
  const problem: unknown = query.error;
  const isBehind = now !== settled || query.isFetching;
  return (
    <Card
      size="small"
      title={t('title')}
      extra={
        <span role="status">
          {isBehind && (
            <>
              <Spin size="small" aria-hidden /> <Typography.Text type="secondary">{t('asking')}</Typography.Text>
            </>
          )}
        </span>
      }
    >
      <Flex vertical gap={12}>
        <Typography.Text type="secondary">{t('about')}</Typography.Text>
        <Select
          aria-label={t('on')}
          value={lead}
          onChange={choose}
          loading={leads.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          options={[
            ...usable.map((l) => ({ value: l.id, label: [f.moment(l.receivedAt), l.name ?? l.phone ?? l.email, l.passport.source, l.passport.campaign].filter(Boolean).join(' · ') })),
            { value: 'sample', label: t('sample') },
          ]}
        />
        {problem ? (
          <Alert type="warning" showIcon title={t((problem as Problem).status === 400 ? 'faults' : 'failed')} description={<span className="breakable">{wordsOf(problem as Problem)}</span>} />
        ) : (
          query.data && (
            <>
              <Outcome of={query.data} />
              <Decision of={query.data} known={known} card={card} />
              <Collapse
                ghost
                size="small"
                items={[
                  {
                    key: 'requests',
                    label: t('requests'),
                    children: (
                      <div className="stack" style={{ gap: 12 }}>
                        {query.data.rules.length > 0 && (
                          <ol style={{ margin: 0, paddingInlineStart: 20, display: 'grid', gap: 4 }}>
                            {query.data.rules.map((r) => (
                              <li key={r.rule}>
                                <strong>{r.rule}</strong> <Typography.Text type="secondary">{r.why}</Typography.Text>
                              </li>
                            ))}
                          </ol>
                        )}
                        <Requests of={query.data} />
                      </div>
                    ),
                  },
                ]}
              />
            </>
          )
        )}
      </Flex>
    </Card>
  );
}
