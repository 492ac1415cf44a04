import { Descriptions, Drawer, Segmented, Tag, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { useOpenProject } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { usePaged } from '../../parts/paged';
import { PagedTable } from '../../parts/PagedTable';
import { SourceLine } from '../../parts/passport';
import type { Asked } from './asked';
import { figures, formulaOf, hintOf, nameOf, useFigureTexts, writeFigure, type What } from './figures';
import type { Opened } from './Tree';

type Row = Schemas['ListSourceRowsRow'];

const texts = defineTexts(
  {
    how: 'Как посчитано', sum: 'Вычисление', value: 'Значение', kinds: 'Что показать', day: 'День', what: 'Что', from: 'Источник', share: 'Доля', amount: 'Сумма', brought: 'Принёс всего', visit: 'Визит', lead: 'Заявка', client: 'Клиент', deal: 'Сделка', spend: 'Расход',
    empty: 'За этой цифрой ничего не стоит.', change: 'изменение суммы', repeat: 'без источника', shares: 'Доли и суммы строк складываются ровно в цифру отчёта.',
  },
  {
    how: 'How it is counted', sum: 'Reckoning', value: 'Value', kinds: 'What to show', day: 'Day', what: 'What', from: 'Source', share: 'Share', amount: 'Amount', brought: 'Has brought', visit: 'Visit', lead: 'Lead', client: 'Client', deal: 'Deal', spend: 'Spend',
    empty: 'Nothing stands behind this figure.', change: 'change of the amount', repeat: 'no source', shares: 'Shares and amounts of the rows add up to the figure, exactly.',
  },
);

const whats: readonly What[] = ['visits', 'leads', 'calls', 'clients', 'deals', 'won', 'revenue', 'spend'];

/** What stands behind a figure: how it is counted, and the very leads, deals or rows of spend. */
export function BehindFigure({ opened, asked, onClose }: { opened: Opened | undefined; asked: Asked; onClose: () => void }) {
  return (
    <Drawer open={Boolean(opened)} onClose={onClose} size={Math.min(980, window.innerWidth)} title={opened && opened.path.join(' / ')} destroyOnHidden>
      {opened && <Behind key={`${opened.parent ?? ''}|${opened.figure.name}`} opened={opened} asked={asked} />}
    </Drawer>
  );
}

function Behind({ opened, asked }: { opened: Opened; asked: Asked }) {
  const t = texts.use();
  const say = useFigureTexts();
  const f = useFormats();
  const { id } = useOpenProject();
  const { figure } = opened;
  const [what, setWhat] = useState<What>(figure.what ?? 'leads');
  const { sort: _, compare: __, ...query } = asked.query;
  const list = usePaged<Row>('/v1/reports/sources/rows', { ...query, what, parent: opened.parent });
  const formula = formulaOf(say, f, figure, opened.figures, asked.romi);
  const hasShares = list.items.some((r) => r.share !== 1);
  // Of deals the service does not say it: several touches may have led to them.
  const hasSources = list.items.some((r) => r.source || r.channel);
  const hasAmounts = list.items.some((r) => r.amount !== null);

  const nameOfRow = (r: Row): React.ReactNode => {
    const words = r.name ?? r.clientName ?? t(r.kind as 'lead');
    if (r.kind === 'lead') return <Link to={`/p/${id}/leads/${r.id}`}>{words}</Link>;
    if (r.kind === 'client') return <Link to={`/p/${id}/clients/${r.id}`}>{words}</Link>;
    if (r.clientId) return <Link to={`/p/${id}/clients/${r.clientId}`}>{words}</Link>;
    return words;
  };

  return (
    <div className="stack">
      <Descriptions
        size="small" column={1} bordered
        items={[
          { key: 'how', label: `${nameOf(say, figure)}: ${t('how').toLowerCase()}`, children: hintOf(say, figure, asked.romi) },
          ...(formula ? [{ key: 'sum', label: t('sum'), children: <span className="numbers" style={{ whiteSpace: 'normal' }}>{formula}</span> }] : [{ key: 'value', label: t('value'), children: <span className="numbers">{writeFigure(f, figure, figure.value(opened.figures, asked.romi))}</span> }]),
        ]}
      />
      <div style={{ overflowX: 'auto' }}>
        <Segmented<What>
          aria-label={t('kinds')} value={what} onChange={setWhat}
          options={whats.map((w) => {
            const of = figures.find((x) => x.name === w)!;
            return { value: w, label: `${nameOf(say, of)} ${writeFigure(f, of, of.value(opened.figures, asked.romi))}` };
          })}
        />
      </div>
      <PagedTable<Row>
        list={list} size="small" empty={t('empty')} rowKey={(r) => `${r.id}${r.day}${r.share}${r.amount ?? ''}`}
        columns={[
          { key: 'day', title: t('day'), width: 180, className: 'numbers', render: (_, r) => (r.at ? f.moment(r.at) : f.day(r.day)) },
          { key: 'what', title: t('what'), render: (_, r) => <span className="breakable">{nameOfRow(r)}{r.share === 0 && <> <Tag>{t('change')}</Tag></>}</span> },
          ...(hasSources ? [{ key: 'from', title: t('from'), render: (_: unknown, r: Row) => (r.source || r.channel ? <SourceLine of={{ channel: r.channel ?? '', source: r.source ?? null, campaign: r.campaign ?? null, keyword: null }} /> : <Typography.Text type="secondary">{t('repeat')}</Typography.Text>) }] : []),
          ...(hasShares ? [{ key: 'share', title: t('share'), align: 'end' as const, className: 'numbers', render: (_: unknown, r: Row) => (r.share === 0 ? f.none : f.share(r.share)) }] : []),
          ...(hasAmounts ? [{ key: 'amount', title: t(what === 'clients' ? 'brought' : 'amount'), align: 'end' as const, className: 'numbers', render: (_: unknown, r: Row) => f.exact(r.amount) }] : []),
        ]}
      />
      <Typography.Text type="secondary">{t('shares')}</Typography.Text>
    </div>
  );
}
