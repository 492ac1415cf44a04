import { Alert, Button, Card, Col, Flex, Form, Grid, Row, Typography } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Explained } from '../Explained';
import { CrmChoice, CrmNumber } from './CrmField';
import { Destination } from './Destination';
import { cardOf, useDirectories } from './directories';
import { DirectoriesLine } from './DirectoriesLine';
import { LivePreview } from './LivePreview';
import { Rules } from './Rules';
import { toSettings, toValues, type SettingsValues } from './settings';
import { useUserOptions } from './userOptions';

const texts = defineTexts(
  {
    where: 'Куда заводить', pipelineHint: 'Пусто — основная в аккаунте.', stageHint: 'Пусто — первый.', responsible: 'Ответственный', responsibleHint: 'Пусто — как решит CRM.', form: 'Вид карточки', entity: 'Заявка становится', deal: 'Сделкой', dealAbout: 'Контакт и сделка.', lead: 'Лидом', leadAbout: 'Лид, связанный с контактом.',
    utm: 'Что писать в utm_source карточки', passport: 'Название для людей', passportAbout: 'Яндекс.Директ', raw: 'Метка как есть', rawAbout: 'yandex', calls: 'Звонок становится', callLead: 'Сделкой', callLeadAbout: 'С записью о звонке внутри.', incoming: 'Заявкой в «Неразобранном»', incomingAbout: 'Её принимает или отклоняет человек; исходящие остаются сделками.',
    plan: 'Тариф портала', standard: 'Обычный', standardAbout: '2 запроса в секунду.', enterprise: 'Энтерпрайз', enterpriseAbout: '5 запросов в секунду.', lost: 'Поле причины отказа', lostHint: 'Пусто — причиной считается сам этап отказа.', save: 'Сохранить', saved: 'Сохранено. Новые заявки пойдут так.', tryIt: 'Проверить на заявке',
    unsaved: 'Есть несохранённые изменения', faults: 'Проверьте поля, отмеченные красным.',
  },
  {
    where: 'Where to', pipelineHint: 'Empty: the main one of the account.', stageHint: 'Empty: the first.', responsible: 'Responsible', responsibleHint: 'Empty: as the CRM decides.', form: 'What a card looks like', entity: 'A lead becomes', deal: 'A deal', dealAbout: 'A contact and a deal.', lead: 'A lead', leadAbout: 'A lead linked to the contact.',
    utm: 'What goes into the card’s utm_source', passport: 'The name for people', passportAbout: 'Яндекс.Директ', raw: 'The tag as it is', rawAbout: 'yandex', calls: 'A call becomes', callLead: 'A deal', callLeadAbout: 'With the call’s note in it.', incoming: 'An incoming lead', incomingAbout: 'A person accepts or declines it; outbound calls stay deals.',
    plan: 'Plan of the portal', standard: 'Ordinary', standardAbout: '2 requests a second.', enterprise: 'Enterprise', enterpriseAbout: '5 requests a second.', lost: 'Field of the reason of loss', lostHint: 'Empty: the lost stage itself is the reason.', save: 'Save', saved: 'Saved. New leads go this way.', tryIt: 'Try on a lead',
    unsaved: 'There are unsaved changes', faults: 'Check the fields marked red.',
  },
);

/** Where leads go in one CRM and what their cards look like. All of it is replaced at once. */
export function SettingsForm({ of, onTry }: { of: Schemas['ConnectionAnswer']; onTry: () => void }) {
  const t = texts.use();
  const known = useDirectories(of.id);
  const users = useUserOptions(known);
  const isWide = Grid.useBreakpoint().xl === true;
  const [form] = Form.useForm<SettingsValues>();
  const [act, isBusy] = useChange();
  const [isChanged, setChanged] = useState(false);
  const [hasFaults, setFaults] = useState(false);
  const [openRules, setOpenRules] = useState<string[]>([]);
  const isAmo = of.crm === 'amocrm';
  const entity = Form.useWatch(['settings', 'entity'], form) as string | undefined;
  const card = cardOf(entity ? { ...of, settings: { ...of.settings, entity } } : of);
  // Reasons are words of a list, as a rule.
  const reasons = known.data && !known.data.fields ? null : (known.data?.fields ?? []).filter((x) => x.of === 'deal').sort((a, b) => Number(b.type === 'choice') - Number(a.type === 'choice')).map((x) => ({ value: x.key, label: x.name, about: x.crmType }));
  const openAll = (): void => {
    setFaults(true);
    // Lines are numbered as they were added, and some may be gone since.
    setOpenRules(Array.from({ length: 200 }, (_, i) => String(i)));
  };
  const send = async (v: SettingsValues): Promise<void> => {
    setFaults(false);
    const settings = toSettings(v, of.settings);
    if (await act(api.PATCH('/v1/connections/{id}', { params: { path: { id: of.id } }, body: { settings } }), { done: t('saved'), touches: ['/v1/connections'], form })) setChanged(false);
    else openAll();
  };
  const choice = (name: string, label: string, values: readonly { value: string; name: string; about: string }[]) => (
    <Form.Item name={['settings', name]} label={label}>
      <Explained label={label} choices={values} />
    </Form.Item>
  );
  return (
    <Form<SettingsValues> form={form} layout="vertical" initialValues={toValues(of.settings)} onFinish={(v) => void send(v)} onFinishFailed={openAll} onValuesChange={() => setChanged(true)} scrollToFirstError>
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={15} className="stack">
          <DirectoriesLine known={known} />
          <div className="two-columns">
            <Card size="small" title={t('where')}>
              <Destination known={known} card={card} at={['settings']} path={['settings']} hints={{ pipeline: t('pipelineHint'), stage: t('stageHint') }} />
              <Form.Item name={['settings', 'responsibleUserId']} label={t('responsible')} extra={t('responsibleHint')}>
                <CrmNumber known={known} options={users} />
              </Form.Item>
            </Card>
            <Card size="small" title={t('form')}>
              {choice('utmSource', t('utm'), (['passport', 'raw'] as const).map((value) => ({ value, name: t(value), about: t(`${value}About`) })))}
              {isAmo &&
                choice('calls', t('calls'), [
                  { value: 'lead', name: t('callLead'), about: t('callLeadAbout') },
                  { value: 'incoming', name: t('incoming'), about: t('incomingAbout') },
                ])}
              {!isAmo && choice('entity', t('entity'), (['deal', 'lead'] as const).map((value) => ({ value, name: t(value), about: t(`${value}About`) })))}
              {!isAmo && choice('plan', t('plan'), (['standard', 'enterprise'] as const).map((value) => ({ value, name: t(value), about: t(`${value}About`) })))}
              {!isAmo && (
                <Form.Item name={['settings', 'lostReasonField']} label={t('lost')} extra={t('lostHint')}>
                  <CrmChoice known={known} options={reasons} {...(reasons && known.state !== 'failed' ? {} : { placeholder: 'UF_CRM_LOST_REASON' })} />
                </Form.Item>
              )}
            </Card>
          </div>
          <Rules known={known} card={card} openRules={openRules} onOpen={setOpenRules} />
          {hasFaults && <Alert type="error" showIcon title={t('faults')} />}
          <Flex wrap gap={8} align="center">
            <Button type="primary" htmlType="submit" loading={isBusy}>
              {t('save')}
            </Button>
            {!isChanged && <Button onClick={onTry}>{t('tryIt')}</Button>}
            {isChanged && <Typography.Text type="secondary">{t('unsaved')}</Typography.Text>}
          </Flex>
        </Col>
        <Col xs={24} xl={9}>
          <div style={isWide ? { position: 'sticky', top: 72, maxHeight: 'calc(100vh - 88px)', overflow: 'auto' } : {}}>
            <LivePreview of={of} known={known} card={card} />
          </div>
        </Col>
      </Row>
    </Form>
  );
}
