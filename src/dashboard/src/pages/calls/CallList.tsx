import { Card, Flex, Typography } from 'antd';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useMay, useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { AddressSearch } from '../../parts/AddressSearch';
import { callDirections, callOutcomes, OutcomeTag, useCallWords } from '../../parts/calls';
import { PhoneLink, spokenPhone } from '../../parts/Contacts';
import { dayStart } from '../../parts/days';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { Pick } from '../../parts/Pick';
import { useAddress, useRange } from '../../parts/range';
import { hasRecording, ListedRecording } from '../../parts/Recording';
import { Views } from '../../parts/Views';

const texts = defineTexts(
  {
    direction: 'Направление', outcome: 'Итог', site: 'Сайт', allDirections: 'Все направления', allOutcomes: 'Любой итог', allSites: 'Все сайты', phone: 'Номер клиента целиком',
    at: 'Начало', client: 'Клиент', line: 'Набранный номер', employee: 'Сотрудник', wait: 'Ожидание', talk: 'Разговор', recording: 'Запись', hidden: 'номер скрыт', card: 'карточка', toLead: 'заявка', source: 'Откуда известно',
    empty: 'За эти дни звонков нет. Они появятся, когда подключена телефония или коллтрекинг (настройки, «Источники заявок»).',
    holder: 'по визиту', session: 'по визиту', provider: 'сказал коллтрекинг', recent: 'по недавнему визиту', static: 'по номеру', none: '—',
  },
  {
    direction: 'Direction', outcome: 'Outcome', site: 'Site', allDirections: 'All directions', allOutcomes: 'Any outcome', allSites: 'All sites', phone: 'The client’s whole number',
    at: 'Began', client: 'Client', line: 'Number dialled', employee: 'Employee', wait: 'Waiting', talk: 'Talk', recording: 'Recording', hidden: 'hidden number', card: 'card', toLead: 'lead', source: 'Known by', empty: 'No calls on these days. They appear once telephony or call tracking is connected (settings, “Senders”).',
    holder: 'the visit', session: 'the visit', provider: 'call tracking', recent: 'a recent visit', static: 'the number', none: '—',
  },
);

type Call = Schemas['CallAnswer'];
const number = { align: 'right', className: 'numbers' } as const;

/** Every call, with its recording. */
export function CallList() {
  const t = texts.use();
  const f = useFormats();
  const words = useCallWords();
  const may = useMay();
  const project = useOpenProject();
  const [get] = useAddress();
  const range = useRange();
  const sites = queries.useQuery('get', '/v1/sites', { params: { query: { limit: 100 } } }, { enabled: may('reports'), retry: false });
  const [direction, outcome, siteId, phone] = [get('direction'), get('outcome'), get('siteId'), get('phone')];
  const query = useMemo(
    () => ({ from: dayStart(range.from, project.timeZone), to: dayStart(range.to, project.timeZone, 1), direction, outcome, siteId, phone }),
    [range, project.timeZone, direction, outcome, siteId, phone],
  );
  const list = usePaged<Call>('/v1/calls', query);
  const siteOptions = sites.data?.items.map((s) => ({ value: s.id, label: s.name })) ?? [];
  return (
    <div className="stack">
      <Flex wrap gap={8}>
        <Pick name="direction" label={t('direction')} all={t('allDirections')} options={callDirections.map((d) => ({ value: d, label: words.direction(d) }))} />
        <Pick name="outcome" label={t('outcome')} all={t('allOutcomes')} options={callOutcomes.map((o) => ({ value: o, label: words.outcome(o) }))} />
        {siteOptions.length > 1 && <Pick name="siteId" label={t('site')} all={t('allSites')} options={siteOptions} />}
        <AddressSearch name="phone" label={t('phone')} pause={900} inputMode="tel" width={270} />
        <Views page="calls" names={['direction', 'outcome', 'siteId']} hasDays />
      </Flex>
      <Card size="small">
        <PagedTable<Call>
          list={list}
          empty={t('empty')}
          size="small"
          columns={[
            { title: t('at'), dataIndex: 'startedAt', className: 'numbers', render: f.moment },
            { title: t('outcome'), render: (_, c) => <><OutcomeTag of={c.outcome} />{words.direction(c.direction).toLowerCase()}</> },
            {
              title: t('client'),
              render: (_, c) => (
                <span className="numbers">
                  {c.clientPhone ? <PhoneLink phone={c.clientPhone} /> : t('hidden')}
                  <Typography.Text type="secondary" style={{ display: 'block', fontSize: 13 }}>
                    {c.clientId && <Link to={`/p/${project.id}/clients/${c.clientId}`}>{c.clientName || t('card')}</Link>}
                    {c.clientId && c.leadId && ' · '}
                    {c.leadId && <Link to={`/p/${project.id}/leads/${c.leadId}`}>{t('toLead')}</Link>}
                  </Typography.Text>
                </span>
              ),
            },
            { title: t('employee'), dataIndex: 'employee', render: (e: string | null) => e ?? f.none },
            { title: t('talk'), ...number, render: (_, c) => (c.outcome === 'answered' ? f.span(c.talkSeconds) : f.none) },
            { title: t('recording'), render: (_, c) => (hasRecording(c) ? <ListedRecording of={c} /> : f.none) },
            { title: t('wait'), dataIndex: 'waitSeconds', ...number, render: f.span },
            { title: t('line'), dataIndex: 'linePhone', className: 'numbers', render: (p: string | null) => (p ? spokenPhone(p) : f.none) },
            { title: t('source'), dataIndex: 'matchedBy', render: (m: string) => t(m as 'none') },
          ]}
        />
      </Card>
    </div>
  );
}
