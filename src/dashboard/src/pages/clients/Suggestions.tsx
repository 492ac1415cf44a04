import { Button, Card, Flex, Popconfirm, Typography } from 'antd';
import { useState } from 'react';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import type { Paged } from '../../parts/paged';
import { LeadLink } from '../../parts/PersonLinks';
import { useTelling } from '../../parts/saving';
import { Answer, Nothing } from '../../parts/States';
import { useAfterPeople } from './after';
import { betterOf, Comparison, useClient } from './Comparison';
import { useMerging } from './merging';

export type Suggestion = Schemas['ListMergeSuggestionsSuggestion'];

const texts = defineTexts(
  {
    empty: 'Здесь появятся пары клиентов, похожих на одного человека, если что-то мешает объединить их без вас: например, разные контакты в одной CRM.', merge: 'Это один человек', dismiss: 'Это разные люди',
    sure: 'Больше не предлагать эту пару?', sureWhy: 'Объединить их вручную можно будет и потом, из карточки клиента.', yes: 'Не предлагать', contacts: 'Что-то общее есть, но это разные контакты в одной CRM', phones: 'Что-то общее есть, но телефоны разные, и по каждому есть сделки',
    lead: 'заявка, по которой это заметили', more: 'Показать ещё', noted: 'Замечено {{when}}',
  },
  {
    empty: 'Pairs of clients who look like one person will stand here when something speaks against joining them without you: different contacts in one CRM, for example.', merge: 'One person', dismiss: 'Two people',
    sure: 'Stop suggesting this pair?', sureWhy: 'They can still be merged by hand later, from a client’s card.', yes: 'Stop', contacts: 'They share something but are different contacts in one CRM', phones: 'They share something but have different phones, each with deals',
    lead: 'the lead that brought it to light', more: 'Show more', noted: 'Noticed {{when}}',
  },
);

export function Suggestions({ list }: { list: Paged<Suggestion> }) {
  const t = texts.use();
  return (
    <Answer of={list}>
      {(items) =>
        items.length === 0 ? (
          <Card size="small">
            <Nothing what={t('empty')} />
          </Card>
        ) : (
          <div className="stack">
            {items.map((s) => (
              <One key={s.id} of={s} />
            ))}
            {list.hasMore && (
              <Button style={{ alignSelf: 'center' }} onClick={list.more} loading={list.isMore}>
                {t('more')}
              </Button>
            )}
          </div>
        )
      }
    </Answer>
  );
}

function One({ of: s }: { of: Suggestion }) {
  const t = texts.use();
  const f = useFormats();
  const tell = useTelling();
  const after = useAfterPeople();
  const merging = useMerging();
  const [chosen, setChosen] = useState<string>();
  const [one, other] = [useClient(s.clientA.id), useClient(s.clientB.id)];
  const kept = chosen ?? (one.data && other.data && betterOf(one.data, other.data).id);
  const dismiss = queries.useMutation('post', '/v1/clients/suggestions/{id}/dismiss', { onSuccess: after, onError: (e) => tell(e) });
  const why = s.reason.startsWith('different contacts') ? t('contacts') : s.reason.startsWith('different phones') ? t('phones') : s.reason;
  return (
    <Card
      size="small"
      title={<span style={{ whiteSpace: 'normal' }}>{why}</span>}
      data-test="suggestion"
      extra={
        <Typography.Text type="secondary" style={{ fontSize: 13 }}>
          {t('noted', { when: f.ago(s.createdAt) })}
        </Typography.Text>
      }
    >
      <div className="stack">
        <Comparison ids={[s.clientA.id, s.clientB.id]} kept={chosen} onKeep={setChosen} />
        <Flex wrap gap={8} align="center">
          <Button type="primary" disabled={!kept} loading={merging.isBusy} onClick={() => kept && void merging.merge(kept, kept === s.clientA.id ? s.clientB.id : s.clientA.id)}>
            {t('merge')}
          </Button>
          <Popconfirm title={t('sure')} description={t('sureWhy')} okText={t('yes')} onConfirm={() => dismiss.mutate({ params: { path: { id: s.id } } })}>
            <Button loading={dismiss.isPending}>{t('dismiss')}</Button>
          </Popconfirm>
          {s.leadId && <LeadLink id={s.leadId}>{t('lead')}</LeadLink>}
        </Flex>
      </div>
    </Card>
  );
}
