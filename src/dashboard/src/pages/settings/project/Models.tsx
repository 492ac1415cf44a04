import { Checkbox, Flex, Form, InputNumber, Select, Typography } from 'antd';
import { defineTexts } from '../../../app/texts';

const texts = defineTexts(
  {
    model: 'Модель атрибуции', first: 'Первое касание', firstAbout: 'Сделка принадлежит источнику, который привёл человека впервые.', last: 'Последнее касание', lastAbout: 'Тому, с которого он пришёл перед сделкой, хотя бы и прямому заходу.',
    lastNonDirect: 'Последнее, кроме прямого', lastNonDirectAbout: 'Прямой заход не отнимает сделку у рекламы до него. Так считают многие системы аналитики.', lastPaid: 'Последнее платное', lastPaidAbout: 'Последней рекламе; без рекламы — последнему касанию.',
    linear: 'Поровну', linearAbout: 'Сделка делится поровну между всеми касаниями.', positionBased: 'Первое и последнее важнее', positionBasedAbout: 'По 40 % первому и последнему, остальное — тем, что между ними.',
    timeDecay: 'Чем ближе к сделке, тем важнее', timeDecayAbout: 'Вес касания падает вдвое за каждый срок полураспада.', markov: 'Цепи Маркова', markovAbout: 'По путям всех клиентов: сколько сделок пропало бы без этого источника.',
    shapley: 'Вектор Шепли', shapleyAbout: 'По путям всех клиентов: средний вклад источника во все сочетания.', dealWindow: 'Касания до сделки', leadWindow: 'Касания до заявки', halfLife: 'Полураспад', days: 'дн.',
    direct: 'Прямым заходам ничего, пока есть другие касания', windows: 'Смена сроков пересчитывает историю в фоне; смена модели видна сразу.',
  },
  {
    model: 'Attribution model', first: 'First touch', firstAbout: 'The deal is the source’s that brought the person at first.', last: 'Last touch', lastAbout: 'Of the one before the deal, even of a direct visit.',
    lastNonDirect: 'Last but direct', lastNonDirectAbout: 'A direct visit takes no deal from the advertising before it. Many systems of analytics count so.', lastPaid: 'Last paid', lastPaidAbout: 'Of the last advertising; without any, of the last touch.',
    linear: 'Equal shares', linearAbout: 'The deal is shared equally by all touches.', positionBased: 'First and last matter most', positionBasedAbout: '40 % each for the first and the last, the rest for those between.',
    timeDecay: 'The nearer to the deal, the more', timeDecayAbout: 'The weight of a touch halves with every half-life.', markov: 'Markov chains', markovAbout: 'By the paths of all clients: how many deals would be lost without the source.',
    shapley: 'Shapley values', shapleyAbout: 'By the paths of all clients: the mean contribution of the source to all combinations.', dealWindow: 'Touches before a deal', leadWindow: 'Touches before a lead', halfLife: 'Half-life', days: 'days',
    direct: 'Nothing for direct visits as long as there are other touches', windows: 'Other windows recount history in the background; another model is seen at once.',
  },
);

const models = ['lastNonDirect', 'last', 'first', 'lastPaid', 'linear', 'positionBased', 'timeDecay', 'markov', 'shapley'] as const;
type Model = (typeof models)[number];

/** How deals are shared among sources, within the project's form. */
export function Models() {
  const t = texts.use();
  const model = Form.useWatch<Model | undefined>(['attribution', 'model']) ?? 'lastNonDirect';
  const days = (name: string, label: string, most: number) => (
    <Form.Item name={['attribution', name]} label={label} rules={[{ required: true }]} style={{ marginBottom: 8 }}>
      <InputNumber min={1} max={most} precision={0} suffix={t('days')} style={{ width: 120 }} />
    </Form.Item>
  );
  return (
    <>
      <Form.Item name={['attribution', 'model']} label={t('model')} extra={t(`${model}About`)}>
        <Select options={models.map((value) => ({ value, label: t(value) }))} />
      </Form.Item>
      <Flex wrap gap={16}>
        {days('dealWindowDays', t('dealWindow'), 730)}
        {days('leadWindowDays', t('leadWindow'), 730)}
        {model === 'timeDecay' && days('halfLifeDays', t('halfLife'), 365)}
      </Flex>
      <Form.Item name={['attribution', 'leaveOutDirect']} valuePropName="checked" style={{ marginBottom: 4 }}>
        <Checkbox>{t('direct')}</Checkbox>
      </Form.Item>
      <Typography.Text type="secondary">{t('windows')}</Typography.Text>
    </>
  );
}
