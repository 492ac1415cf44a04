import { Alert, Button, Collapse, Descriptions, Drawer, Flex, Input, Modal, Tag, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, queries, type Schemas } from '../../../api/client';
import { useFormats } from '../../../app/formats';
import { useOpenProject } from '../../../app/session';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Said } from '../../../parts/Said';
import { Answer } from '../../../parts/States';
import { rejectTexts, useReason, useRouteName } from './words';

const texts = defineTexts(
  {
    title: 'Не разобрано', received: 'Пришло', route: 'Откуда', why: 'Что не так', type: 'Вид тела', headers: 'Заголовки запроса', body: 'Присланное', copy: 'Исправленная копия', copyHint: 'Присланное хранится как есть; прочитана будет эта копия.', noText: 'Это не текст: показать нечего. Можно написать тело заново.',
    json: 'JSON верен', notJson: 'JSON не разбирается: {{why}}', asIs: 'Прочитать как пришло', mended: 'Прочитать исправленное', reset: 'Вернуть как было', became: 'Стало заявкой', open: 'Открыть заявку', call: 'Сообщение звонка прочитано: заявку делает сам звонок.', discard: 'Закрыть без заявки', discardWhy: 'Почему (увидят те, кто посмотрит потом)', discardAbout: 'Присланное останется в списке закрытых, заявки из него не будет.', discarded: 'Закрыто',
    closed: 'Закрыто: {{why}}', encoding: 'кодировка {{name}}', contentType: 'Content-Type исправленного',
  },
  {
    title: 'Not understood', received: 'Came', route: 'From', why: 'What is wrong', type: 'Kind of body', headers: 'Headers of the request', body: 'As sent', copy: 'A mended copy', copyHint: 'What was sent is kept as it is; this copy is read.', noText: 'This is no text: there is nothing to show. A body can be written anew.',
    json: 'The JSON is right', notJson: 'The JSON cannot be read: {{why}}', asIs: 'Read as it came', mended: 'Read the mended copy', reset: 'As it was', became: 'Became a lead', open: 'Open the lead', call: 'The message of the call is read: the call makes the lead.', discard: 'Close without a lead', discardWhy: 'Why (for who looks later)', discardAbout: 'It stays in the list of closed ones and becomes no lead.', discarded: 'Closed',
    closed: 'Closed: {{why}}', encoding: 'encoding {{name}}', contentType: 'Content-Type of the copy',
  },
);

type Reject = Schemas['GetRejectResponse'];

/** What was sent, as text and nothing but text; a copy of it to mend, and what became of it. */
export function RejectCard({ id, onClose }: { id: string; onClose: () => void }) {
  const t = texts.use();
  const query = queries.useQuery('get', '/v1/rejects/{id}', { params: { path: { id } } });
  return (
    <Drawer open size={680} title={t('title')} onClose={onClose}>
      <Answer of={query}>{(found) => <Shown of={found} />}</Answer>
    </Drawer>
  );
}

const faultOf = (text: string): string | null => {
  try {
    JSON.parse(text);
    return null;
  } catch (e) {
    return e instanceof Error ? e.message : String(e);
  }
};

function Shown({ of: { reject, headers, body } }: { of: Reject }) {
  const t = texts.use();
  const w = rejectTexts.use();
  const f = useFormats();
  const routeName = useRouteName();
  const reasonOf = useReason();
  const project = useOpenProject();
  const [act, isBusy] = useChange();
  const sent = body.text ?? '';
  const [copy, setCopy] = useState(sent);
  const [type, setType] = useState(reject.contentType ?? 'application/json');
  const [why, setWhy] = useState<string>();
  const [made, setMade] = useState<Schemas['ReplayRejectResponse']>();
  const isJson = /json/i.test(type) || /^\s*[[{]/.test(copy);
  const fault = isJson ? faultOf(copy) : null;
  const isMended = copy !== sent || type !== (reject.contentType ?? 'application/json');
  const at = { params: { path: { id: reject.id } } };
  const touches = ['/v1/rejects', '/v1/leads'];
  const leadId = made?.leadId ?? reject.leadId;

  const replay = async (request: Schemas['ReplayRejectRequest']): Promise<void> => {
    const answer = await act(api.POST('/v1/rejects/{id}/replay', { ...at, body: request }), { touches });
    if (answer?.data) setMade(answer.data);
  };
  const discard = async (): Promise<void> => {
    if (await act(api.POST('/v1/rejects/{id}/discard', { ...at, body: { comment: why?.trim() ?? '' } }), { done: t('discarded'), touches })) setWhy(undefined);
  };

  return (
    <div className="stack">
      <Descriptions
        size="small"
        bordered
        column={1}
        items={[
          { key: 'received', label: t('received'), children: f.moment(reject.receivedAt) },
          { key: 'route', label: t('route'), children: routeName(reject.route) },
          { key: 'type', label: t('type'), children: <span className="breakable">{[reject.contentType, body.encoding && t('encoding', { name: body.encoding })].filter(Boolean).join(', ') || f.none}</span> },
          {
            key: 'why',
            label: t('why'),
            children: (
              <div className="breakable">
                {reasonOf(reject.reason)}
                {Object.entries(reject.errors).map(([field, errors]) => (
                  <div key={field}>
                    {field}: {errors.map((e) => <span key={e}><Said of={e} /> </span>)}
                  </div>
                ))}
              </div>
            ),
          },
        ]}
      />
      {leadId ? (
        <Alert type="success" showIcon title={t('became')} action={<Link to={`/p/${project.id}/leads/${leadId}`}>{t('open')}</Link>} />
      ) : made ? (
        <Alert type="success" showIcon title={t('call')} />
      ) : (
        reject.state !== 'open' && <Alert type="info" showIcon title={reject.comment ? t('closed', { why: reject.comment }) : w(reject.state as 'discarded')} />
      )}
      <div>
        <Typography.Paragraph style={{ marginBottom: 6 }}>{t('body')}</Typography.Paragraph>
        {body.text === null || body.text === undefined ? <Alert type="info" showIcon title={t('noText')} /> : <Input.TextArea aria-label={t('body')} readOnly value={sent} rows={3} style={{ fontFamily: 'monospace' }} />}
      </div>
      <Collapse
        size="small"
        items={[
          {
            key: 'headers',
            label: t('headers'),
            children: Object.entries(headers).map(([name, values]) => (
              <div key={name} className="breakable">
                <code>{`${name}: ${values.join(', ')}`}</code>
              </div>
            )),
          },
        ]}
      />
      {reject.state === 'open' && !made && (
        <>
          <div>
            <Typography.Paragraph style={{ marginBottom: 6 }}>
              {t('copy')} <Typography.Text type="secondary">{t('copyHint')}</Typography.Text>
            </Typography.Paragraph>
            <Input.TextArea aria-label={t('copy')} value={copy} onChange={(e) => setCopy(e.target.value)} rows={4} style={{ fontFamily: 'monospace' }} spellCheck={false} />
            <Flex wrap gap={8} align="center" style={{ marginTop: 6 }}>
              {isJson && <span aria-live="polite">{fault ? <Typography.Text type="danger">{t('notJson', { why: fault })}</Typography.Text> : <Tag color="green">{t('json')}</Tag>}</span>}
              <Input aria-label={t('contentType')} value={type} onChange={(e) => setType(e.target.value)} size="small" style={{ maxWidth: 280 }} />
            </Flex>
          </div>
          <Flex wrap gap={8}>
            <Button type="primary" loading={isBusy} disabled={!isMended || Boolean(fault)} onClick={() => void replay({ body: copy, contentType: type })}>
              {t('mended')}
            </Button>
            <Button loading={isBusy} onClick={() => void replay({})}>
              {t('asIs')}
            </Button>
            {isMended && (
              <Button
                onClick={() => {
                  setCopy(sent);
                  setType(reject.contentType ?? 'application/json');
                }}
              >
                {t('reset')}
              </Button>
            )}
            <Button danger onClick={() => setWhy('')}>
              {t('discard')}
            </Button>
          </Flex>
        </>
      )}
      {why !== undefined && (
        <Modal open title={t('discard')} okText={t('discard')} okButtonProps={{ danger: true, disabled: !why.trim() }} confirmLoading={isBusy} onOk={() => void discard()} onCancel={() => setWhy(undefined)}>
          <p>{t('discardAbout')}</p>
          <Input aria-label={t('discardWhy')} placeholder={t('discardWhy')} maxLength={500} value={why} onChange={(e) => setWhy(e.target.value)} />
        </Modal>
      )}
    </div>
  );
}
