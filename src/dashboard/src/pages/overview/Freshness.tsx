import { Flex } from 'antd';
import type { Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';

const texts = defineTexts(
  { fresh: 'Цифры свежие: всё, что пришло, уже посчитано', behind: 'Данные отстают на {{span}}: новое ещё считается', rebuilding: 'Идёт пересчёт истории', done: 'Пересчитано {{share}}' },
  { fresh: 'The figures are up to date: all that has come is counted', behind: 'The figures are {{span}} behind: what is new is still being counted', rebuilding: 'History is being counted anew', done: '{{share}} done' },
);

/** How far the figures are behind what has come. */
export function Freshness({ of }: { of: Schemas['GetSourcesFreshness'] }) {
  const t = texts.use();
  const f = useFormats();
  if (of.rebuilding !== null && of.rebuilding !== undefined)
    return (
      <Flex gap={8} align="center" wrap>
        {t('rebuilding')}
        <progress value={of.rebuilding} max={1} aria-label={t('rebuilding')} />
        {t('done', { share: f.share(of.rebuilding) })}
      </Flex>
    );
  return of.behindSeconds >= 60 ? t('behind', { span: f.span(of.behindSeconds) }) : t('fresh');
}
