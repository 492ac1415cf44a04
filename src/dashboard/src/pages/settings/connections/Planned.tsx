import { Alert, Card, Collapse, Descriptions, Table, Tag, Typography } from 'antd';
import type { Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { defineTexts } from '../../../app/texts';
import { SourceLine } from '../../../parts/passport';
import { Said } from '../../../parts/Said';
import { Scrolled } from '../../../parts/Scrolled';
import { namesOf, type Known } from './directories';
import { rowsOf } from './requestRows';

const texts = defineTexts(
  {
    fine: 'Заявка будет доставлена', poor: 'Заявка не дойдёт', left: 'Будет пропущено', decision: 'Решение', rule: 'Правило', noRule: 'ни одно не подошло', new: 'новое обращение', repeat: 'повторное', duplicate: 'дубль', status: 'Заявка', kind: 'В CRM', deal: 'новая карточка', note: 'примечание в карточку', source: 'Источник',
    pipeline: 'Воронка', stage: 'Этап', responsible: 'Ответственный', keeps: 'прежний ответственный клиента', turn: 'по очереди: {{users}}', titleOf: 'Заголовок', tags: 'Теги', task: 'Задача', due: 'до {{at}}', usual: 'как обычно', rules: 'Почему так', matched: 'подошло', passed: 'нет', requests: 'Запросы в CRM', read: 'чтение, сделано', write: 'запись, не отправлена', field: 'Поле', value: 'Значение', nothing: 'Без тела', fields: 'Поля по правилу',
  },
  {
    fine: 'The lead will be delivered', poor: 'The lead will not arrive', left: 'Will be left out', decision: 'Decision', rule: 'Rule', noRule: 'none applies', new: 'new enquiry', repeat: 'repeated', duplicate: 'duplicate', status: 'Lead', kind: 'In the CRM', deal: 'a new card', note: 'a note in a card', source: 'Source',
    pipeline: 'Pipeline', stage: 'Stage', responsible: 'Responsible', keeps: 'who answers for the client already', turn: 'in turns: {{users}}', titleOf: 'Title', tags: 'Tags', task: 'Task', due: 'until {{at}}', usual: 'as usual', rules: 'Why so', matched: 'applies', passed: 'no', requests: 'Requests to the CRM', read: 'read, made', write: 'write, not sent', field: 'Field', value: 'Value', nothing: 'Without a body', fields: 'Fields by the rule',
  },
);

type Preview = Schemas['PreviewDeliveryResponse'];

interface Props {
  readonly of: Preview;
  /** Names for the ids of the CRM. */
  readonly known: Known;
  readonly card: 'deal' | 'lead';
}

/** Whether the lead would arrive, and without what. */
export function Outcome({ of }: { of: Preview }) {
  const t = texts.use();
  return (
    <>
      {of.outcome === 'Delivered' ? <Alert type="success" showIcon title={t('fine')} /> : <Alert type="error" showIcon title={t('poor')} description={<Said of={of.outcome} />} />}
      {of.warnings.length > 0 && <Alert type="warning" showIcon title={t('left')} description={of.warnings.map((w) => <div key={w}><Said of={w} /></div>)} />}
    </>
  );
}

/** Where the lead goes and what its card looks like, in words. */
export function Decision({ of, known, card }: Props) {
  const t = texts.use();
  const f = useFormats();
  const name = namesOf(known, card);
  const d = of.decision;
  const responsible = [d.keepsPrevious && t('keeps'), d.turn ? t('turn', { users: d.turn.users.map(name.user).join(', ') }) : d.responsibleUserId && name.user(d.responsibleUserId)].filter(Boolean).join(', ');
  return (
    <Descriptions
      size="small"
      bordered
      column={1}
      items={[
        { key: 'status', label: t('status'), children: t(of.status as 'new') },
        { key: 'kind', label: t('kind'), children: t(of.kind as 'deal') },
        { key: 'source', label: t('source'), children: <SourceLine of={of.passport as Schemas['PassportAnswer']} /> },
        { key: 'rule', label: t('rule'), children: of.rule ?? t('noRule') },
        { key: 'pipeline', label: t('pipeline'), children: d.pipelineId === null || d.pipelineId === undefined ? t('usual') : name.pipeline(d.pipelineId) },
        { key: 'stage', label: t('stage'), children: d.stageId ? name.stage(d.stageId, d.pipelineId) : t('usual') },
        { key: 'responsible', label: t('responsible'), children: responsible || t('usual') },
        { key: 'title', label: t('titleOf'), children: <span className="breakable">{d.title ?? t('usual')}</span> },
        ...(d.tags && d.tags.length > 0 ? [{ key: 'tags', label: t('tags'), children: d.tags.join(', ') }] : []),
        ...(d.fields && d.fields.length > 0
          ? [
              {
                key: 'fields',
                label: t('fields'),
                children: d.fields.map((x) => (
                  <div key={x.key} className="breakable">
                    {name.field(x.key)}: {name.value(x.key, x.value)}
                  </div>
                )),
              },
            ]
          : []),
        ...(d.task ? [{ key: 'task', label: t('task'), children: `${d.task.text} (${t('due', { at: f.moment(d.task.due) })})` }] : []),
      ]}
    />
  );
}

/** What a lead would cause: the decision in words, then every request field by field. */
export function Planned({ of, known, card }: Props) {
  const t = texts.use();
  return (
    <>
      <Outcome of={of} />
      <div className="two-columns">
        <Card size="small" title={t('decision')}>
          <Decision of={of} known={known} card={card} />
        </Card>
        {of.rules.length > 0 && (
          <Card size="small" title={t('rules')}>
            <ol style={{ margin: 0, paddingInlineStart: 20, display: 'grid', gap: 8 }}>
              {of.rules.map((r) => (
                <li key={r.rule}>
                  <strong>{r.rule}</strong> <Tag color={r.matched ? 'green' : 'default'}>{t(r.matched ? 'matched' : 'passed')}</Tag>
                  <Typography.Text type="secondary"><Said of={r.why} /></Typography.Text>
                </li>
              ))}
            </ol>
          </Card>
        )}
      </div>
      <Card size="small" title={t('requests')}>
        <Requests of={of} />
      </Card>
    </>
  );
}

/** The requests to the CRM, those that would write unfolded. */
export function Requests({ of }: { of: Preview }) {
  const t = texts.use();
  return (
    <Collapse
      defaultActiveKey={of.requests.map((r, i) => (r.wasSent ? '' : String(i))).filter(Boolean)}
      items={of.requests.map((r, i) => ({
        key: String(i),
        label: (
          <span className="breakable">
            <Tag color={r.wasSent ? 'default' : 'blue'}>{t(r.wasSent ? 'read' : 'write')}</Tag>
            <code>
              {r.method} {r.path}
            </code>
          </span>
        ),
        children: <Body of={r.body} />,
      }))}
    />
  );
}

function Body({ of }: { of: unknown }) {
  const t = texts.use();
  const rows = rowsOf(of).map((r, i) => ({ ...r, key: i }));
  if (rows.length === 0) return <Typography.Text type="secondary">{t('nothing')}</Typography.Text>;
  return (
    <Scrolled label={t('requests')}>
      <Table
        size="small"
        pagination={false}
        rowKey="key"
        dataSource={rows}
        columns={[
          { title: t('field'), dataIndex: 'field' },
          { title: t('value'), render: (_, r) => <span className="breakable" style={{ whiteSpace: 'pre-wrap', display: 'inline-block', maxWidth: 720 }}>{r.value}</span> },
        ]}
      />
    </Scrolled>
  );
}
