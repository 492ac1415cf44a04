import { Select } from 'antd';
import { Hint } from '../../parts/Figure';
import { defineTexts } from '../../app/texts';

export const models = ['first', 'last', 'lastNonDirect', 'lastPaid', 'linear', 'positionBased', 'timeDecay', 'markov', 'shapley', 'clientFirst'] as const;
type Model = (typeof models)[number];

const texts = defineTexts(
  {
    label: 'Модель атрибуции', first: 'Первое касание', last: 'Последнее касание', lastNonDirect: 'Последнее непрямое', lastPaid: 'Последнее рекламное', linear: 'Линейная', positionBased: 'По позиции', timeDecay: 'С затуханием', markov: 'Марков', shapley: 'Шепли',
    clientFirst: 'Источник клиента',
    first_: 'Вся сделка — самому раннему касанию перед ней.', last_: 'Вся сделка — самому позднему касанию, даже если это прямой заход.', lastNonDirect_: 'Вся сделка — последнему касанию, которое не прямой заход; если других нет, последнему.',
    lastPaid_: 'Вся сделка — последнему рекламному касанию; если рекламных нет, последнему непрямому.', linear_: 'Сделка делится поровну между всеми касаниями.', positionBased_: '40 % первому касанию, 40 % последнему, 20 % поровну тем, что между ними.',
    timeDecay_: 'Чем ближе касание к сделке, тем больше его доля: за каждые 7 дней (или сколько задано в проекте) она падает вдвое.', markov_: 'По путям всех клиентов: на сколько меньше было бы сделок, если убрать этот источник.',
    shapley_: 'По путям всех клиентов: честный вклад каждого источника в сделки, где их было несколько (вектор Шепли).', clientFirst_: 'Все сделки клиента, и повторные, — источнику, который привёл его впервые.',
  },
  {
    label: 'Attribution model', first: 'First touch', last: 'Last touch', lastNonDirect: 'Last non-direct', lastPaid: 'Last paid', linear: 'Linear', positionBased: 'Position based', timeDecay: 'Time decay', markov: 'Markov', shapley: 'Shapley',
    clientFirst: 'Client’s source',
    first_: 'The whole deal goes to the earliest touch before it.', last_: 'The whole deal goes to the latest touch, a direct visit too.', lastNonDirect_: 'The whole deal goes to the latest touch that is not direct; without one, to the latest.',
    lastPaid_: 'The whole deal goes to the latest paid touch; without one, to the latest that is not direct.', linear_: 'The deal is shared alike by all touches.', positionBased_: '40 % to the first touch, 40 % to the last, 20 % shared alike by those between.',
    timeDecay_: 'The nearer a touch is to the deal, the more it gets: its share halves every 7 days (or what the project says).', markov_: 'By the paths of all clients: how many deals fewer there would be without this source.',
    shapley_: 'By the paths of all clients: the fair part of each source in deals that several led to (Shapley value).', clientFirst_: 'All deals of a client, repeat ones too, go to the source that brought the client at first.',
  },
);

export const isModel = (name: string | undefined): name is Model => models.some((m) => m === name);

/** How deals are shared among what led to them, each way in a sentence. */
export function ModelSelect({ value, onChange }: { value: Model; onChange: (to: Model) => void }) {
  const t = texts.use();
  return (
    <span>
      <Select<Model>
        aria-label={t('label')} value={value} onChange={onChange} popupMatchSelectWidth={Math.min(460, window.innerWidth - 32)} listHeight={480} virtual={false} style={{ minWidth: 196 }}
        options={models.map((m) => ({ value: m, label: t(m) }))}
        optionRender={(o) => (
          <div style={{ whiteSpace: 'normal', padding: '2px 0' }}>
            <div>{o.label}</div>
            <div style={{ fontSize: 12, fontWeight: 400, opacity: 0.8 }}>{t(`${o.value as Model}_`)}</div>
          </div>
        )}
      />{' '}
      <Hint text={t(`${value}_`)} />
    </span>
  );
}
