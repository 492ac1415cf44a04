import { Button, Flex, Select, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { queries } from '../../api/client';
import { useMay, useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { AddressSearch } from '../../parts/AddressSearch';
import { DaysPicker } from '../../parts/DayPicker';
import { addMonths, useToday } from '../../parts/days';
import { leadKinds, leadStatuses, useLeadWords } from '../../parts/leadWords';
import { channels, useChannelName } from '../../parts/passport';
import { usePlace } from '../../parts/PersonLinks';
import { useAddress } from '../../parts/range';
import { filterNames, isWhole, type Lead } from './filters';

const texts = defineTexts(
  {
    filters: 'Отбор заявок', search: 'Имя, телефон, e-mail', status: 'Статус', kind: 'Вид', channel: 'Канал', source: 'Источник', dates: 'Дни', from: 'С', to: 'По', clear: 'Сбросить',
    year: 'Ищем за последний год: чтобы искать раньше, выберите дни.', whole: 'Контакты вам не показаны, поэтому телефон и e-mail ищем только целиком.', among: 'Искать «{{q}}» среди клиентов', anySource: 'Источник: точное название',
  },
  {
    filters: 'Choosing leads', search: 'Name, phone, e-mail', status: 'Status', kind: 'Kind', channel: 'Channel', source: 'Source', dates: 'Days', from: 'From', to: 'To', clear: 'Clear',
    year: 'The last year is searched: choose days to look further back.', whole: 'Contacts are hidden from you, so phones and addresses are found whole only.', among: 'Look for “{{q}}” among clients', anySource: 'Source: its exact name',
  },
);

export function LeadFilters({ loaded }: { loaded: readonly Lead[] }) {
  const t = texts.use();
  const word = useLeadWords();
  const channelName = useChannelName();
  const place = usePlace();
  const { seesContacts } = useOpenProject();
  const [get, set] = useAddress();
  const q = get('q').trim();
  const [source, setSource] = useState('');
  const [isChoosing, setChoosing] = useState(false);
  const sources = useSources(loaded, isChoosing);
  const isHidden = !seesContacts && /[\d@]/.test(q);
  const isFiltered = filterNames.some((n) => get(n));

  const choice = (name: 'status' | 'kind' | 'channel', options: { value: string; label: string }[], width: number) => (
    <Select allowClear aria-label={t(name)} placeholder={t(name)} value={get(name) || undefined} onChange={(v?: string) => set({ [name]: v })} options={options} style={{ minWidth: width }} popupMatchSelectWidth={false} />
  );
  const [from, to] = [get('from'), get('to')];

  return (
    <div role="search" aria-label={t('filters')}>
      <Flex wrap gap={8} align="center">
        <AddressSearch name="q" label={t('search')} width={230} />
        {choice('status', leadStatuses.map((s) => ({ value: s, label: word(s) })), 120)}
        {choice('kind', leadKinds.map((k) => ({ value: k, label: word(k) })), 105)}
        {choice('channel', channels.map((c) => ({ value: c, label: channelName(c) })), 170)}
        <Select
          allowClear
          aria-label={t('anySource')}
          placeholder={t('source')}
          value={get('source') || undefined}
          onChange={(v?: string) => set({ source: v })}
          onOpenChange={(isOpen) => isOpen && setChoosing(true)}
          showSearch={{ onSearch: setSource, optionFilterProp: 'value' }}
          options={[...new Set([...sources, source.trim(), get('source')])].filter(Boolean).map((s) => ({ value: s, label: s }))}
          style={{ minWidth: 130, maxWidth: 260 }}
          popupMatchSelectWidth={false}
        />
        <DaysPicker label={t('dates')} placeholder={[t('from'), t('to')]} value={[from, to]} onChange={(days) => set({ from: days?.[0], to: days?.[1] })} style={{ width: 240 }} />
        {isFiltered && (
          <Button type="link" onClick={() => set(Object.fromEntries(filterNames.map((n) => [n, undefined])))}>
            {t('clear')}
          </Button>
        )}
      </Flex>
      {q && !isWhole(q) && (
        <Typography.Text type="secondary" style={{ display: 'block', marginTop: 6 }}>
          {isHidden ? (
            t('whole')
          ) : (
            <>
              {!from && t('year')} <Link to={`${place.clients}?q=${encodeURIComponent(q)}`}>{t('among', { q })}</Link>
            </>
          )}
        </Typography.Text>
      )}
    </div>
  );
}

/** Names to choose from: those of a year's report, for whom may read it, and those in sight. Any other exact name may be typed. */
function useSources(loaded: readonly Lead[], isWanted: boolean): string[] {
  const may = useMay();
  const today = useToday();
  const year = { from: addMonths(today, -12), to: today, groupBy: 'source' };
  const { data } = queries.useQuery('get', '/v1/reports/sources', { params: { query: year } }, { enabled: isWanted && may('reports'), staleTime: 600_000 });
  const known = typeof data === 'object' ? data.rows.map((r) => r.label) : [];
  return [...new Set([...known, ...loaded.map((l) => l.passport.source)])].filter((s): s is string => Boolean(s)).sort((a, b) => a.localeCompare(b));
}
