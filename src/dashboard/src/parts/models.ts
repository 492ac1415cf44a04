import { defineTexts } from '../app/texts';

/** Ways to share a deal among what led to it, as the service spells them. */
export const models = ['first', 'last', 'lastNonDirect', 'lastPaid', 'linear', 'positionBased', 'timeDecay', 'markov', 'shapley', 'clientFirst'] as const;
export type Model = (typeof models)[number];

const texts = defineTexts(
  {
    label: 'Модель атрибуции', first: 'Первое касание', last: 'Последнее касание', lastNonDirect: 'Последнее непрямое', lastPaid: 'Последнее рекламное', linear: 'Линейная', positionBased: 'По позиции', timeDecay: 'С затуханием', markov: 'Марков', shapley: 'Шепли',
    clientFirst: 'Источник клиента',
    firstAbout: 'Вся сделка — самому раннему касанию перед ней.', lastAbout: 'Вся сделка — самому позднему касанию, даже если это прямой заход.', lastNonDirectAbout: 'Вся сделка — последнему касанию, которое не прямой заход; если других нет, последнему.',
    lastPaidAbout: 'Вся сделка — последнему рекламному касанию; если рекламных нет, последнему непрямому.', linearAbout: 'Сделка делится поровну между всеми касаниями.', positionBasedAbout: '40 % первому касанию, 40 % последнему, 20 % поровну тем, что между ними.',
    timeDecayAbout: 'Чем ближе касание к сделке, тем больше его доля: за каждые 7 дней (или сколько задано в проекте) она падает вдвое.', markovAbout: 'По путям всех клиентов: на сколько меньше было бы сделок, если убрать этот источник.',
    shapleyAbout: 'По путям всех клиентов: честный вклад каждого источника в сделки, где их было несколько (вектор Шепли).', clientFirstAbout: 'Все сделки клиента, и повторные, — источнику, который привёл его впервые.',
  },
  {
    label: 'Attribution model', first: 'First touch', last: 'Last touch', lastNonDirect: 'Last non-direct', lastPaid: 'Last paid', linear: 'Linear', positionBased: 'Position based', timeDecay: 'Time decay', markov: 'Markov', shapley: 'Shapley',
    clientFirst: 'Client’s source',
    firstAbout: 'The whole deal goes to the earliest touch before it.', lastAbout: 'The whole deal goes to the latest touch, a direct visit too.', lastNonDirectAbout: 'The whole deal goes to the latest touch that is not direct; without one, to the latest.',
    lastPaidAbout: 'The whole deal goes to the latest paid touch; without one, to the latest that is not direct.', linearAbout: 'The deal is shared alike by all touches.', positionBasedAbout: '40 % to the first touch, 40 % to the last, 20 % shared alike by those between.',
    timeDecayAbout: 'The nearer a touch is to the deal, the more it gets: its share halves every 7 days (or what the project says).', markovAbout: 'By the paths of all clients: how many deals fewer there would be without this source.',
    shapleyAbout: 'By the paths of all clients: the fair part of each source in deals that several led to (Shapley value).', clientFirstAbout: 'All deals of a client, repeat ones too, go to the source that brought the client at first.',
  },
);

export const isModel = (name: string | undefined): name is Model => models.some((m) => m === name);

/** The names of models, and each in a sentence. */
export function useModelWords(): { label: string; name: (model: Model) => string; about: (model: Model) => string } {
  const t = texts.use();
  return { label: t('label'), name: (model) => t(model), about: (model) => t(`${model}About`) };
}
