import { Button, Card, Drawer, Flex, Segmented, Table, Tag, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts, useLanguage } from '../../app/texts';
import { Figure } from '../../parts/Figure';
import { Files } from '../../parts/Files';
import { ActsTitle } from '../../parts/forms';
import { GroupPick } from '../../parts/GroupPick';
import { rowsOf, useGroupName } from '../../parts/groups';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { SafeLink, SourceLine } from '../../parts/passport';
import { useChoice } from '../../parts/Pick';
import { RangeBar, useRange } from '../../parts/range';
import { Answer, Nothing } from '../../parts/States';

type Fault = Schemas['GetTagFaultsFault'];
type Item = Schemas['GetTagFaultsItem'];
type Row = Schemas['ListFaultyTagsFaulty'];

const texts = defineTexts(
  {
    leads: 'Заявки с ошибкой в метках', visits: 'Визиты с ошибкой в метках', of: '{{part}} из {{whole}}',
    range: 'С вероятностью 95 % доля от {{low}} до {{high}}', faults: 'Что не так и как исправить', fault: 'Ошибка', hurtLeads: 'Заявок', hurtVisits: 'Визитов', examples: 'Примеры адресов', where: 'Где', what: 'Что показать', showLeads: 'Заявки', showVisits: 'Визиты', at: 'Когда', from: 'Источник', address: 'Адрес', behind: 'Показать',
    empty: 'В метках за эти дни ошибок нет. Здесь появятся неподставленные макросы, пустые и перепутанные метки: в каких кампаниях, сколько заявок пострадало и что исправить.', none: 'Таких адресов нет.', groups: 'По группам', share: 'Доля заявок',
  },
  {
    leads: 'Leads with faulty tags', visits: 'Visits with faulty tags', of: '{{part}} of {{whole}}',
    range: 'With 95 % probability the share is from {{low}} to {{high}}', faults: 'What is wrong and how to mend it', fault: 'Fault', hurtLeads: 'Leads', hurtVisits: 'Visits', examples: 'Examples of addresses', where: 'Where', what: 'What to show', showLeads: 'Leads', showVisits: 'Visits', at: 'When', from: 'Source', address: 'Address', behind: 'Show',
    empty: 'There are no faulty tags on these days. Macros that were not filled in, empty and mixed-up tags will stand here: in which campaigns, how many leads were hurt and what to mend.', none: 'There are no such addresses.', groups: 'By groups', share: 'Share of leads',
  },
);

const ways = ['campaign', 'channel', 'source', 'medium', 'content', 'keyword', 'site', 'day', 'week', 'month'] as const;

/** Faults in the marking of links: how many were hurt, where, and what to mend. */
export default function Tags() {
  const t = texts.use();
  const f = useFormats();
  const range = useRange();
  const [opened, setOpened] = useState<{ title: string; query: Record<string, string> }>();
  const way = useChoice('by', ways, 'campaign');
  const lang = useLanguage();
  const query = { groupBy: way, lang, from: range.from, to: range.to, ...(range.compare ? { compare: range.compare } : {}) };
  const answer = queries.useQuery('get', '/v1/reports/tags', { params: { query } });
  const days = { from: range.from, to: range.to };
  const groupName = useGroupName();
  const nameOf = (i: Item): string => groupName(way, i.group);
  const share = (s: Schemas['Share']) => t('of', { part: f.count(s.part), whole: f.count(s.whole) });
  const hint = (s: Schemas['Share']) => (typeof s.low === 'number' && typeof s.high === 'number' ? t('range', { low: f.share(s.low), high: f.share(s.high) }) : undefined);

  return (
    <div className="stack">
      <Flex wrap gap={8}>
        <RangeBar comparable />
        <GroupPick groups={ways} first="campaign" />
        <Files path="/v1/reports/tags" query={query} />
      </Flex>
      <Answer of={answer}>
        {(data) => (
          <>
            <div className="figure-grid" style={{ gridTemplateColumns: 'repeat(auto-fill, minmax(250px, 1fr))' }}>
              <Figure name={t('leads')} value={f.share(data.total.leads.value)} hint={hint(data.total.leads)} now={data.total.leads.value} before={data.total.previous?.leads.value} write={f.share} isLessBetter extra={<div><Typography.Text type="secondary">{share(data.total.leads)}</Typography.Text></div>} />
              {data.total.visits && <Figure name={t('visits')} value={f.share(data.total.visits.value)} hint={hint(data.total.visits)} now={data.total.visits.value} before={data.total.previous?.visits?.value} write={f.share} isLessBetter extra={<div><Typography.Text type="secondary">{share(data.total.visits)}</Typography.Text></div>} />}
            </div>
            {data.faults.length === 0 ? (
              <Card size="small"><Nothing what={t('empty')} /></Card>
            ) : (
              <>
                <Card size="small" title={t('faults')}><FaultTable faults={data.faults} onOpen={(x) => setOpened({ title: x.words, query: { ...days, fault: x.name } })} /></Card>
                <Card size="small" title={t('groups')}>
                  <Table<Item>
                    size="small" rowKey={(i) => i.group.key} dataSource={data.items as Item[]} pagination={data.items.length > 50 && { pageSize: 50, showSizeChanger: false }} scroll={{ x: 'max-content' }}
                    expandable={{ expandedRowRender: (i) => <FaultTable faults={i.faults} onOpen={(x) => setOpened({ title: `${nameOf(i)}: ${x.words}`, query: { ...rowsOf(way, i.group.key, range), fault: x.name } })} /> }}
                    columns={[
                      { title: t('where'), render: (_, i) => <span className="breakable">{nameOf(i)}</span> },
                      { title: t('fault'), render: (_, i) => i.faults.map((x) => <div key={x.name} className="breakable" style={{ maxWidth: 420 }}>{x.words}</div>) },
                      { title: t('hurtLeads'), align: 'end', className: 'numbers', render: (_, i) => share(i.figures.leads) },
                      { title: t('share'), align: 'end', className: 'numbers', render: (_, i) => f.share(i.figures.leads.value) },
                      { title: t('hurtVisits'), align: 'end', className: 'numbers', render: (_, i) => (i.figures.visits ? share(i.figures.visits) : f.none) },
                    ]}
                  />
                </Card>
              </>
            )}
          </>
        )}
      </Answer>
      <Drawer open={Boolean(opened)} onClose={() => setOpened(undefined)} size={Math.min(1000, window.innerWidth)} title={opened?.title} destroyOnHidden>
        {opened && <Behind query={opened.query} />}
      </Drawer>
    </div>
  );
}

function FaultTable({ faults, onOpen }: { faults: readonly Fault[]; onOpen: (fault: Fault) => void }) {
  const t = texts.use();
  const f = useFormats();
  return (
    <Table<Fault>
      size="small" rowKey="name" dataSource={faults as Fault[]} pagination={false} scroll={{ x: 'max-content' }}
      columns={[
        { title: t('fault'), render: (_, x) => <div className="breakable" style={{ width: 'min(400px, 60vw)', whiteSpace: 'normal' }}>{x.words} {x.subjects.map((s) => <Tag key={s}>{s}</Tag>)}<div><Typography.Text type="secondary">{x.advice}</Typography.Text></div></div> },
        { title: t('examples'), render: (_, x) => <div className="breakable" style={{ width: 'min(340px, 60vw)', fontSize: 12 }}>{x.examples.slice(0, 1).map((e) => <SafeLink key={e} to={e} />)}</div> },
        { title: t('hurtLeads'), align: 'end', className: 'numbers', render: (_, x) => f.count(x.leads) },
        { title: t('hurtVisits'), align: 'end', className: 'numbers', render: (_, x) => f.count(x.visits) },
        { key: 'open', title: <ActsTitle />, render: (_, x) => <Button size="small" onClick={() => onOpen(x)} aria-label={`${t('behind')}: ${x.words}`}>{t('behind')}</Button> },
      ]}
    />
  );
}

function Behind({ query }: { query: Record<string, string> }) {
  const t = texts.use();
  const f = useFormats();
  const { id } = useOpenProject();
  const [what, setWhat] = useState<'leads' | 'visits'>('leads');
  const list = usePaged<Row>('/v1/reports/tags/rows', { ...query, what });
  return (
    <div className="stack">
      <Flex gap={8} justify="space-between" wrap>
        <Segmented aria-label={t('what')} value={what} onChange={setWhat} options={[{ value: 'leads', label: t('showLeads') }, { value: 'visits', label: t('showVisits') }]} />
        <Files path="/v1/reports/tags/rows" query={{ ...query, what }} />
      </Flex>
      <PagedTable<Row>
        list={list} size="small" empty={t('none')}
        columns={[
          { title: t('at'), className: 'numbers', render: (_, r) => (what === 'leads' ? <Link to={`/p/${id}/leads/${r.id}`}>{f.moment(r.at)}</Link> : f.moment(r.at)) },
          { title: t('from'), render: (_, r) => <SourceLine of={{ channel: r.channel ?? '', source: r.source ?? null, campaign: r.campaign ?? null, keyword: null }} /> },
          { title: t('address'), render: (_, r) => <div style={{ maxWidth: 480, fontSize: 12 }}><SafeLink to={r.landingPage} />{r.faults.map((x) => <div key={x}><Tag>{x}</Tag></div>)}</div> },
        ]}
      />
    </div>
  );
}
