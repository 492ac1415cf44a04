import { Alert, AutoComplete, Button, Card, Flex, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { api, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Explained } from '../Explained';
import { CrmId } from './CrmField';
import { useCrmNames } from './crmNames';
import { Rules } from './Rules';
import { toSettings, toValues, type SettingsValues } from './settings';

const texts = defineTexts(
  {
    where: 'Куда заводить', pipeline: 'Воронка', pipelineHint: 'Пусто — основная в аккаунте.', stage: 'Этап', stageHint: 'Пусто — первый.', responsible: 'Ответственный', responsibleHint: 'Пусто — как решит CRM.', form: 'Вид карточки', entity: 'Заявка становится', deal: 'Сделкой', dealAbout: 'Контакт и сделка.', lead: 'Лидом', leadAbout: 'Лид, связанный с контактом.',
    utm: 'Что писать в utm_source карточки', passport: 'Название для людей', passportAbout: 'Яндекс.Директ', raw: 'Метка как есть', rawAbout: 'yandex', calls: 'Звонок становится', callLead: 'Сделкой', callLeadAbout: 'С записью о звонке внутри.', incoming: 'Заявкой в «Неразобранном»', incomingAbout: 'Её принимает или отклоняет человек; исходящие остаются сделками.',
    plan: 'Тариф портала', standard: 'Обычный', standardAbout: '2 запроса в секунду.', enterprise: 'Энтерпрайз', enterpriseAbout: '5 запросов в секунду.', lost: 'Поле причины отказа', lostHint: 'UF_CRM_…; пусто — причиной считается сам этап.', save: 'Сохранить', saved: 'Сохранено. Новые заявки пойдут так.', tryIt: 'Проверить на заявке',
    unsaved: 'Есть несохранённые изменения', faults: 'Проверьте поля, отмеченные красным.',
  },
  {
    where: 'Where to', pipeline: 'Pipeline', pipelineHint: 'Empty: the main one of the account.', stage: 'Stage', stageHint: 'Empty: the first.', responsible: 'Responsible', responsibleHint: 'Empty: as the CRM decides.', form: 'What a card looks like', entity: 'A lead becomes', deal: 'A deal', dealAbout: 'A contact and a deal.', lead: 'A lead', leadAbout: 'A lead linked to the contact.',
    utm: 'What goes into the card’s utm_source', passport: 'The name for people', passportAbout: 'Яндекс.Директ', raw: 'The tag as it is', rawAbout: 'yandex', calls: 'A call becomes', callLead: 'A deal', callLeadAbout: 'With the call’s note in it.', incoming: 'An incoming lead', incomingAbout: 'A person accepts or declines it; outbound calls stay deals.',
    plan: 'Plan of the portal', standard: 'Ordinary', standardAbout: '2 requests a second.', enterprise: 'Enterprise', enterpriseAbout: '5 requests a second.', lost: 'Field of the reason of loss', lostHint: 'UF_CRM_…; empty: the stage itself is the reason.', save: 'Save', saved: 'Saved. New leads go this way.', tryIt: 'Try on a lead',
    unsaved: 'There are unsaved changes', faults: 'Check the fields marked red.',
  },
);

/** Where leads go in one CRM and what their cards look like. All of it is replaced at once. */
export function SettingsForm({ of, onTry }: { of: Schemas['ConnectionAnswer']; onTry: () => void }) {
  const t = texts.use();
  const names = useCrmNames(of.id);
  const [form] = Form.useForm<SettingsValues>();
  const [act, isBusy] = useChange();
  const [isChanged, setChanged] = useState(false);
  const [hasFaults, setFaults] = useState(false);
  const [openRules, setOpenRules] = useState<string[]>([]);
  const isAmo = of.crm === 'amocrm';
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
    <Form<SettingsValues> form={form} layout="vertical" initialValues={toValues(of.settings)} onFinish={(v) => void send(v)} onFinishFailed={openAll} onValuesChange={() => setChanged(true)} scrollToFirstError className="stack">
      <div className="two-columns">
        <Card size="small" title={t('where')}>
          <Form.Item name={['settings', 'pipelineId']} label={t('pipeline')} extra={t('pipelineHint')}>
            <CrmId options={names.pipelines} />
          </Form.Item>
          <Form.Item name={['settings', 'stageId']} label={t('stage')} extra={t('stageHint')}>
            <AutoComplete allowClear options={names.stages} placeholder={isAmo ? '62874013' : 'C2:NEW'} />
          </Form.Item>
          <Form.Item name={['settings', 'responsibleUserId']} label={t('responsible')} extra={t('responsibleHint')}>
            <CrmId options={names.users} />
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
              <Input placeholder="UF_CRM_LOST_REASON" />
            </Form.Item>
          )}
        </Card>
      </div>
      <Rules names={names} openRules={openRules} onOpen={setOpenRules} />
      {hasFaults && <Alert type="error" showIcon title={t('faults')} />}
      <Flex wrap gap={8} align="center">
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t('save')}
        </Button>
        <Button onClick={onTry} disabled={isChanged}>
          {t('tryIt')}
        </Button>
        {isChanged && <Typography.Text type="secondary">{t('unsaved')}</Typography.Text>}
      </Flex>
    </Form>
  );
}
