import { Alert, Descriptions, Select, Table, Tag, Typography } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { useTableWords } from './words';

type Report = Schemas['SpendReport'];

const texts = defineTexts(
  {
    file: 'Файл', days: 'Дни', rows: 'Строки', rowsAre: 'понято {{taken}}, отклонено {{refused}}, пропущено итогов {{skipped}}', totals: 'Всего', columns: 'Как поняты столбцы', title: 'Столбец в файле', field: 'Что это', why: 'Почему', unused: 'не используется', taken: 'Первые строки, как они поняты',
    line: 'Строка', day: 'День', campaign: 'Кампания', source: 'Источник', clicks: 'Клики', amount: 'Сумма', refused: 'Отклонённые строки', reason: 'Почему', cells: 'Как в файле', column: 'Столбец', refusedWhy: 'Они не войдут в расход; остальные загрузятся. Исправьте файл или разметку столбцов.', withVat: 'с НДС', withoutVat: 'без НДС',
    f_date: 'день', f_amount: 'сумма', f_currency: 'валюта', f_campaignId: 'номер кампании', f_campaignName: 'кампания', f_groupId: 'номер группы', f_groupName: 'группа', f_adId: 'номер объявления', f_adName: 'объявление', f_keyword: 'ключевая фраза', f_source: 'источник', f_medium: 'тип', f_clicks: 'клики', f_impressions: 'показы',
    clicksAre: '{{clicks}} кликов', choose: 'Что в столбце «{{title}}»', more: 'показаны первые {{count}}',
  },
  {
    file: 'File', days: 'Days', rows: 'Rows', rowsAre: '{{taken}} understood, {{refused}} refused, {{skipped}} totals skipped', totals: 'In all', columns: 'How columns were understood', title: 'Column of the file', field: 'What it is', why: 'Why', unused: 'not used', taken: 'The first rows as understood',
    line: 'Line', day: 'Day', campaign: 'Campaign', source: 'Source', clicks: 'Clicks', amount: 'Amount', refused: 'Refused rows', reason: 'Why', cells: 'As in the file', column: 'Column', refusedWhy: 'They will not count; the others are imported. Mend the file or what the columns are.', withVat: 'with VAT', withoutVat: 'without VAT',
    f_date: 'day', f_amount: 'amount', f_currency: 'currency', f_campaignId: 'campaign id', f_campaignName: 'campaign', f_groupId: 'group id', f_groupName: 'group', f_adId: 'ad id', f_adName: 'ad', f_keyword: 'keyword', f_source: 'source', f_medium: 'medium', f_clicks: 'clicks', f_impressions: 'impressions',
    clicksAre: '{{clicks}} clicks', choose: 'What is in the column “{{title}}”', more: 'the first {{count}} are shown',
  },
);

const fields = ['date', 'amount', 'currency', 'campaignId', 'campaignName', 'groupId', 'groupName', 'adId', 'adName', 'keyword', 'source', 'medium', 'clicks', 'impressions'] as const;

/** How a table of spend was understood: columns, totals, rows, and each refused row with its reason. With `onColumn` columns may be named otherwise. */
export function Understood({ report, onColumn }: { report: Report; onColumn?: (title: string, field: string) => void }) {
  const t = texts.use();
  const f = useFormats();
  const words = useTableWords();
  const fieldName = (field: string | null | undefined): string => (fields.some((x) => x === field) ? t(`f_${field as 'date'}`) : t('unused'));
  return (
    <div className="stack">
      <Descriptions
        size="small" bordered column={{ xs: 1, md: 2 }}
        items={[
          { key: 'file', label: t('file'), children: report.format },
          { key: 'days', label: t('days'), children: report.firstDay ? `${f.day(report.firstDay)} – ${f.day(report.lastDay)}` : f.none },
          { key: 'rows', label: t('rows'), children: t('rowsAre', { taken: f.count(report.taken), refused: f.count(report.refused), skipped: f.count(report.skipped) }) },
          { key: 'totals', label: t('totals'), children: report.totals.map((x) => <div key={x.currency} className="numbers">{f.count(x.amount)} {x.currency}, {t('clicksAre', { clicks: f.count(x.clicks) })}</div>) },
        ]}
      />
      {report.notes.map((n) => <Alert key={n} type="info" showIcon title={words(n)} style={{ padding: '4px 12px' }} />)}
      {report.refusedRows.length > 0 && (
        <section>
          <Typography.Title level={2} style={{ fontSize: 15 }}>{t('refused')}: {f.count(report.refused)}{report.refused > report.refusedRows.length && ` (${t('more', { count: report.refusedRows.length })})`}</Typography.Title>
          <Typography.Paragraph type="secondary">{t('refusedWhy')}</Typography.Paragraph>
          <Table
            size="small" rowKey="line" dataSource={report.refusedRows as Report['refusedRows'][number][]} pagination={report.refusedRows.length > 20 ? { pageSize: 20, showSizeChanger: false } : false} scroll={{ x: 'max-content' }}
            columns={[
              { title: t('line'), dataIndex: 'line', align: 'end', className: 'numbers' },
              { title: t('column'), render: (_, r) => r.column ?? f.none },
              { title: t('reason'), render: (_, r) => <div className="breakable" style={{ maxWidth: 360 }}>{words(r.reason)}</div> },
              { title: t('cells'), render: (_, r) => <span className="breakable">{r.cells.map((c, i) => <Tag key={i}>{c || '∅'}</Tag>)}</span> },
            ]}
          />
        </section>
      )}
      {report.columns.length > 0 && (
        <section>
          <Typography.Title level={2} style={{ fontSize: 15 }}>{t('columns')}</Typography.Title>
          <Table
            size="small" rowKey="title" dataSource={report.columns as Report['columns'][number][]} pagination={false} scroll={{ x: 'max-content' }}
            columns={[
              { title: t('title'), render: (_, c) => <span className="breakable">{c.title}</span> },
              {
                title: t('field'),
                render: (_, c) =>
                  onColumn ? (
                    <Select size="small" listHeight={460} aria-label={t('choose', { title: c.title })} value={c.field ?? ''} style={{ minWidth: 180 }} onChange={(v) => onColumn(c.title, v)} options={[...(c.field ? [] : [{ value: '', label: t('unused') }]), ...fields.map((x) => ({ value: x as string, label: t(`f_${x}`) }))]} />
                  ) : (
                    fieldName(c.field)
                  ),
              },
              { title: t('why'), render: (_, c) => <div className="breakable" style={{ maxWidth: 420 }}>{words(c.why)}</div> },
            ]}
          />
        </section>
      )}
      {report.rows.length > 0 && (
        <section>
          <Typography.Title level={2} style={{ fontSize: 15 }}>{t('taken')}</Typography.Title>
          <Table
            size="small" rowKey={(r) => `${r.line} ${r.from} ${r.campaign ?? ''}`} dataSource={report.rows as Report['rows'][number][]} pagination={report.rows.length > 10 ? { pageSize: 10, showSizeChanger: false } : false} scroll={{ x: 'max-content' }}
            columns={[
              { title: t('line'), dataIndex: 'line', align: 'end', className: 'numbers' },
              { title: t('day'), className: 'numbers', render: (_, r) => (r.from === r.to ? f.day(r.from) : `${f.day(r.from)} – ${f.day(r.to)}`) },
              { title: t('campaign'), render: (_, r) => <span className="breakable">{[r.campaign ?? r.campaignId, r.group, r.ad, r.keyword].filter(Boolean).join(' · ') || f.none}</span> },
              { title: t('source'), render: (_, r) => [r.source, r.medium].filter(Boolean).join(' / ') || f.none },
              { title: t('clicks'), align: 'end', className: 'numbers', render: (_, r) => f.count(r.clicks) },
              { title: t('amount'), align: 'end', className: 'numbers', render: (_, r) => `${f.count(r.amount)} ${r.currency} ${t(r.vatIncluded ? 'withVat' : 'withoutVat')}` },
            ]}
          />
        </section>
      )}
    </div>
  );
}
