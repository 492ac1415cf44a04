import { Button, Flex, Skeleton, Typography } from 'antd';
import type { ReactNode } from 'react';
import { kindOf, type Problem } from '../api/client';
import { defineTexts } from '../app/texts';
import { Room } from './Room';

const texts = defineTexts(
  {
    noRight: 'Нет доступа', noRightWhy: 'У вашей роли нет права на это. Попросите владельца проекта.', missing: 'Такой страницы нет', missingWhy: 'В адресе ошибка, или страницу убрали. Все страницы — в меню.', failed: 'Не получилось', again: 'Повторить',
    away: 'Сервис не отвечает. Как только он вернётся, страница обновится сама.', empty: 'Пока пусто', busy: 'Слишком часто. Подождите немного.',
  },
  {
    noRight: 'No access', noRightWhy: 'Your role may not see this. Ask the owner of the project.', missing: 'There is no such page', missingWhy: 'There is a mistake in the address, or the page is gone. The menu holds them all.', failed: 'That did not work', again: 'Try again',
    away: 'The service does not answer. As soon as it is back, this page goes on by itself.', empty: 'Nothing here yet', busy: 'Too often. Wait a moment.',
  },
);

/** In the words of the page where it knows better ones, else in those of the service. */
export function wordsOf(problem: Problem): string {
  if (problem.status === 0) return texts.say('away');
  if (problem.status === 403 && kindOf(problem) === 'forbidden') return texts.say('noRightWhy');
  if (problem.status === 429) return problem.detail ?? texts.say('busy');
  // Titles are for programs: English in every language.
  return problem.detail ?? texts.say(problem.status === 404 ? 'missing' : 'failed');
}

/** A state that fills the place of what should be there: what it is, why, what to do. */
export function State({ title, why, children }: { title: ReactNode; why?: ReactNode; children?: ReactNode }) {
  return (
    <Flex vertical align="center" gap={8} style={{ padding: '48px 16px', textAlign: 'center' }} role="status">
      <Typography.Title level={2} style={{ fontSize: 20, margin: 0 }}>
        {title}
      </Typography.Title>
      {why && <Typography.Text type="secondary">{why}</Typography.Text>}
      {children}
    </Flex>
  );
}

export function NoRight() {
  const t = texts.use();
  return <State title={t('noRight')} why={t('noRightWhy')} />;
}

/** A whole page that is not there. */
export function Missing() {
  const t = texts.use();
  return <Room title={t('missing')}>{t('missingWhy')}</Room>;
}

/** A part of a page that is there. */
export function MissingPart() {
  const t = texts.use();
  return <State title={t('missing')} why={t('missingWhy')} />;
}

export function Failed({ problem, retry }: { problem: Problem; retry?: () => void }) {
  const t = texts.use();
  if (problem.status === 403) return <NoRight />;
  return (
    <State title={t('failed')} why={wordsOf(problem)}>
      {retry && <Button onClick={retry}>{t('again')}</Button>}
    </State>
  );
}

/** @param what What would stand here, and what brings it: never only «no data». */
export function Nothing({ what, children }: { what?: ReactNode; children?: ReactNode }) {
  const t = texts.use();
  return (
    <Flex vertical align="center" gap={12} style={{ padding: '28px 16px', textAlign: 'center' }}>
      <Typography.Text type="secondary">{what ?? t('empty')}</Typography.Text>
      {children}
    </Flex>
  );
}

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

/** What a question of the page has come to: a skeleton, a refusal in words, or what it asked for. What was there stays in sight while newer is fetched. */
export function Answer<T>({ of, rows = 6, children }: { of: Asked<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  if (of.isPending) return <Skeleton active paragraph={{ rows }} />;
  return <Failed problem={of.error as Problem} retry={() => void of.refetch()} />;
}
