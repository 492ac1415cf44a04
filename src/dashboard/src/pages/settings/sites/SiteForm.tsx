import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Card, Flex, Form, Input, InputNumber, Select, Typography } from 'antd';
import { api, type Schemas } from '../../../api/client';
import { defineTexts } from '../../../app/texts';
import { useChange } from '../../../parts/change';
import { Explained } from '../Explained';
import { MapField, mapOf, pairsOf, type Pair } from '../MapField';

const texts = defineTexts(
  {
    basics: 'Сайт', name: 'Название', origins: 'С каких адресов принимать', originsHint: 'Точные адреса без пути: https://okna.example. Пусто — с любых страниц.', country: 'Страна номеров без кода', countryHint: 'Код из двух букв: RU, KZ, BY.', limits: 'Пределы',
    perSecond: 'Заявок в секунду со всего сайта', perIp: 'Заявок в минуту с одного адреса', map: 'Поля форм', mapHint: 'Обычные имена полей сервис знает сам. Сюда — только свои.', from: 'Имя поля', to: 'Что это',
    tracker: 'Трекер', consent: 'Пока посетитель не ответил на вопрос о согласии', full: 'Всё', fullAbout: 'Посетитель, визиты, номера счётчиков аналитики.', essential: 'Необходимое', essentialAbout: 'Только визит, до закрытия вкладки.', off: 'Ничего', offAbout: 'Ничего, кроме самих заявок.',
    forms: 'Формы сайта', mark: 'Помечать', markAbout: 'Форма работает как раньше, к ней добавляются скрытые поля визита.', send: 'Забирать', sendAbout: 'Заявки форм приходят сюда вместо прежнего места.', offForms: 'Не трогать', offFormsAbout: 'Кроме форм, которые сами просят (data-leadingest).',
    numbers: 'Подмена номеров', number: 'Номер на сайте', region: 'Регион пула', regionHint: 'пусто — один пул на сайт', addNumber: 'Добавить номер', removeNumber: 'Убрать номер', numbersHint: 'Эти номера на страницах заменяются номерами пула (вкладка «Номера»).',
    hold: 'Визит держит номер после ухода, с', rest: 'Отдых номера, с', look: 'Поздний звонок узнаётся, с', save: 'Сохранить', saved: 'Сохранено', phone: 'Телефон', mail: 'Почта', contact: 'Телефон или почта', comment: 'Комментарий', who: 'Имя', page: 'Страница', formName: 'Название формы',
  },
  {
    basics: 'Site', name: 'Name', origins: 'Take leads from', originsHint: 'Exact addresses without a path: https://okna.example. Empty: from any page.', country: 'Country of numbers without a code', countryHint: 'Two letters: RU, KZ, BY.', limits: 'Limits',
    perSecond: 'Leads a second from the whole site', perIp: 'Leads a minute from one address', map: 'Fields of forms', mapHint: 'Usual names of fields are known. Only your own go here.', from: 'Name of the field', to: 'What it is',
    tracker: 'Tracker', consent: 'Until the visitor has answered about consent', full: 'Everything', fullAbout: 'Visitor, visits, ids of analytics counters.', essential: 'The essential', essentialAbout: 'The visit only, until the tab is closed.', off: 'Nothing', offAbout: 'Nothing but the leads themselves.',
    forms: 'Forms of the site', mark: 'Mark', markAbout: 'A form works as before; hidden fields of the visit are added to it.', send: 'Take over', sendAbout: 'Leads of forms come here instead of where they went.', offForms: 'Leave alone', offFormsAbout: 'But for forms that ask for it (data-leadingest).',
    numbers: 'Replaced numbers', number: 'Number on the site', region: 'Region of the pool', regionHint: 'empty: one pool for the site', addNumber: 'Add a number', removeNumber: 'Remove the number', numbersHint: 'These numbers are replaced on the pages by those of the pool (tab «Numbers»).',
    hold: 'A visit holds its number after leaving, s', rest: 'A number rests, s', look: 'A late call is recognised for, s', save: 'Save', saved: 'Saved', phone: 'Phone', mail: 'E-mail', contact: 'Phone or e-mail', comment: 'Comment', who: 'Name', page: 'Page', formName: 'Name of the form',
  },
);

type Site = Schemas['SiteAnswer'];
type Values = Pick<Site, 'name' | 'allowedOrigins' | 'defaultCountry' | 'ratePerSecond' | 'ratePerIpPerMinute' | 'numbers' | 'numberHoldSeconds' | 'numberRestSeconds' | 'numberLookBackSeconds' | 'tracker'> & { map: Pair[] };

export function SiteForm({ site }: { site: Site }) {
  const t = texts.use();
  const [form] = Form.useForm<Values>();
  const [act, isBusy] = useChange();
  const send = ({ map, ...rest }: Values): void => {
    const all = { ...rest, numbers: (rest.numbers ?? []).map((n) => ({ number: n.number, region: n.region ?? '' })), fieldMap: mapOf(map) };
    // Only what was changed: what stands there may have been set where other bounds hold.
    const body = Object.fromEntries(Object.entries(all).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(site[name as keyof Site]))) as Schemas['UpdateSiteRequest'];
    void act(api.PATCH('/v1/sites/{id}', { params: { path: { id: site.id } }, body }), { done: t('saved'), touches: ['/v1/sites'], form });
  };
  const seconds = (name: keyof Values, label: string, least: number, most: number) => (
    <Form.Item name={name} label={label} rules={[{ required: true }]}>
      <InputNumber min={least} max={most} precision={0} style={{ width: 140 }} />
    </Form.Item>
  );
  return (
    <Form<Values> form={form} layout="vertical" scrollToFirstError onFinish={send} initialValues={{ ...site, map: pairsOf(site.fieldMap) }} className="stack">
      <div className="two-columns">
        <Card size="small" title={t('basics')}>
          <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, max: 200 }]}>
            <Input />
          </Form.Item>
          <Form.Item name="allowedOrigins" label={t('origins')} extra={t('originsHint')}>
            <Select mode="tags" tokenSeparators={[' ', ',']} open={false} suffixIcon={null} placeholder="https://" />
          </Form.Item>
          <Form.Item name="defaultCountry" label={t('country')} extra={t('countryHint')} rules={[{ required: true, pattern: /^[A-Za-z]{2}$/ }]} normalize={(v: string) => v.toUpperCase()}>
            <Input maxLength={2} style={{ width: 80 }} />
          </Form.Item>
          <Flex wrap gap={16}>
            {seconds('ratePerSecond', t('perSecond'), 1, 100_000)}
            {seconds('ratePerIpPerMinute', t('perIp'), 1, 100_000)}
          </Flex>
        </Card>
        <Card size="small" title={t('tracker')}>
          <Form.Item name={['tracker', 'consent']} label={t('consent')}>
            <Explained label={t('consent')} choices={(['full', 'essential', 'off'] as const).map((value) => ({ value, name: t(value), about: t(`${value}About`) }))} />
          </Form.Item>
          <Form.Item name={['tracker', 'forms']} label={t('forms')}>
            <Explained
              label={t('forms')}
              choices={[
                { value: 'mark', name: t('mark'), about: t('markAbout') },
                { value: 'send', name: t('send'), about: t('sendAbout') },
                { value: 'off', name: t('offForms'), about: t('offFormsAbout') },
              ]}
            />
          </Form.Item>
        </Card>
        <Card size="small" title={t('numbers')}>
          <div className="stack" style={{ gap: 12 }}>
            <Typography.Text type="secondary">{t('numbersHint')}</Typography.Text>
            <Form.List name="numbers">
              {(lines, { add, remove }) => (
                <Flex vertical gap={8}>
                  {lines.map((line) => (
                    <Flex key={line.key} gap={8}>
                      <Form.Item name={[line.name, 'number']} style={{ flex: 1, margin: 0 }} rules={[{ required: true, message: t('number') }]}>
                        <Input aria-label={t('number')} placeholder="+7 495 123-45-67" inputMode="tel" />
                      </Form.Item>
                      <Form.Item name={[line.name, 'region']} style={{ flex: 1, margin: 0 }}>
                        <Input aria-label={t('region')} placeholder={`${t('region')}: ${t('regionHint')}`} />
                      </Form.Item>
                      <Button type="text" icon={<DeleteOutlined />} aria-label={t('removeNumber')} onClick={() => remove(line.name)} />
                    </Flex>
                  ))}
                  <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({ region: '' })} style={{ alignSelf: 'flex-start' }}>
                    {t('addNumber')}
                  </Button>
                </Flex>
              )}
            </Form.List>
            <Flex wrap gap={16}>
              {seconds('numberHoldSeconds', t('hold'), 30, 86_400)}
              {seconds('numberRestSeconds', t('rest'), 0, 86_400)}
              {seconds('numberLookBackSeconds', t('look'), 0, 604_800)}
            </Flex>
          </div>
        </Card>
        <Card size="small" title={t('map')}>
          <div className="stack" style={{ gap: 12 }}>
            <Typography.Text type="secondary">{t('mapHint')}</Typography.Text>
            <MapField
              name="map"
              from={t('from')}
              to={t('to')}
              known={[
                { value: 'name', label: t('who') },
                { value: 'phone', label: t('phone') },
                { value: 'email', label: t('mail') },
                { value: 'contact', label: t('contact') },
                { value: 'comment', label: t('comment') },
                { value: 'page', label: t('page') },
                { value: 'formName', label: t('formName') },
              ]}
            />
          </div>
        </Card>
      </div>
      <Flex>
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t('save')}
        </Button>
      </Flex>
    </Form>
  );
}
