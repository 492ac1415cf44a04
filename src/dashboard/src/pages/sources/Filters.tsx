import { FilterOutlined } from '@ant-design/icons';
import { Badge, Button, Flex, Form, Popover, Select, Tag } from 'antd';
import { useState } from 'react';
import { queries } from '../../api/client';
import { defineTexts } from '../../app/texts';
import { useAddress } from '../../parts/range';
import { filterNames, type Asked, type FilterName, type SourcesQuery } from './asked';
import { useDimensionName, useValueName, type Dimension } from './dimensions';

const texts = defineTexts(
  { filters: 'Фильтры', all: 'Все', connection: 'Подключение CRM', clear: 'Снять все', remove: 'Снять фильтр' },
  { filters: 'Filters', all: 'All', connection: 'CRM connection', clear: 'Remove all', remove: 'Remove the filter' },
);

const dimensionOf: Readonly<Record<Exclude<FilterName, 'connectionId'>, Dimension>> = { channel: 'channel', source: 'source', medium: 'medium', campaign: 'campaign', keyword: 'keyword', siteId: 'site', pipeline: 'pipeline', manager: 'manager' };
/** What is chosen from a list; campaign and keyword come by links of other pages. */
const offered: readonly FilterName[] = ['channel', 'source', 'medium', 'siteId', 'connectionId', 'pipeline', 'manager'];

/** The values that a filter may have, by their names, as the report itself knows them on these days. */
function useChoices(name: FilterName, asked: Asked, isWanted: boolean): { value: string; label: string }[] {
  const valueName = useValueName();
  const dimension = name === 'connectionId' ? 'channel' : dimensionOf[name];
  const query: SourcesQuery = { groupBy: dimension, limit: 500 };
  if (asked.query.from) query.from = asked.query.from;
  if (asked.query.to) query.to = asked.query.to;
  const isListed = name === 'connectionId' || name === 'siteId';
  const rows = queries.useQuery('get', '/v1/reports/sources', { params: { query } }, { enabled: isWanted && !isListed, staleTime: 300_000 });
  const sites = queries.useQuery('get', '/v1/sites', { params: { query: { limit: 500 } } }, { enabled: isWanted && name === 'siteId', staleTime: 300_000 });
  const connections = queries.useQuery('get', '/v1/connections', { params: { query: { limit: 500 } } }, { enabled: isWanted && name === 'connectionId', staleTime: 300_000 });
  if (name === 'siteId') return (sites.data?.items ?? []).map((s) => ({ value: s.id, label: s.name }));
  if (name === 'connectionId') return (connections.data?.items ?? []).map((c) => ({ value: c.id, label: c.name }));
  return (rows.data?.rows ?? []).map((r) => ({ value: (r.values as (string | null)[])[0] ?? '(none)', label: valueName(dimension, (r.values as (string | null)[])[0], r.label) }));
}

function useFilterName(): (name: FilterName) => string {
  const t = texts.use();
  const dimension = useDimensionName();
  return (name) => (name === 'connectionId' ? t('connection') : dimension(dimensionOf[name]));
}

function One({ name, asked }: { name: FilterName; asked: Asked }) {
  const t = texts.use();
  const [get, set] = useAddress();
  const [isOpen, setOpen] = useState(false);
  const filterName = useFilterName();
  const choices = useChoices(name, asked, isOpen || get(name) !== '');
  return (
    <Form.Item label={filterName(name)} htmlFor={`filter-${name}`} style={{ marginBottom: 10 }}>
      <Select
        id={`filter-${name}`} allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t('all')} value={get(name) || undefined} onOpenChange={(open) => open && setOpen(true)} options={choices}
        onChange={(v: string | undefined) => set({ [name]: v })}
      />
    </Form.Item>
  );
}

export function Filters({ asked }: { asked: Asked }) {
  const t = texts.use();
  const [get] = useAddress();
  const count = filterNames.filter((n) => get(n)).length;
  return (
    <Popover
      trigger="click" placement="bottomLeft"
      content={<Form layout="vertical" style={{ width: 280 }}>{offered.map((n) => <One key={n} name={n} asked={asked} />)}</Form>}
    >
      <Badge count={count} size="small">
        <Button icon={<FilterOutlined />}>{t('filters')}</Button>
      </Badge>
    </Popover>
  );
}

function Chip({ name, asked }: { name: FilterName; asked: Asked }) {
  const t = texts.use();
  const [get, set] = useAddress();
  const filterName = useFilterName();
  const label = useChoices(name, asked, true).find((c) => c.value === get(name))?.label ?? get(name);
  return (
    <Tag closable={{ 'aria-label': `${t('remove')}: ${filterName(name)}` }} onClose={() => set({ [name]: undefined })} className="breakable" style={{ whiteSpace: 'normal' }}>
      {filterName(name)}: {label}
    </Tag>
  );
}

/** What the report is narrowed to, each to be taken away. */
export function FilterChips({ asked }: { asked: Asked }) {
  const t = texts.use();
  const [get, set] = useAddress();
  const on = filterNames.filter((n) => get(n));
  if (on.length === 0) return null;
  return (
    <Flex wrap gap={6} align="center">
      {on.map((n) => <Chip key={`${n}=${get(n)}`} name={n} asked={asked} />)}
      {on.length > 1 && <Button size="small" type="link" onClick={() => set(Object.fromEntries(on.map((n) => [n, undefined])))}>{t('clear')}</Button>}
    </Flex>
  );
}
