import { Alert } from 'antd';
import { useSyncExternalStore } from 'react';
import { reach } from '../api/reach';
import { defineTexts } from './texts';

const texts = defineTexts(
  { gone: 'Сервис не отвечает. Страница спрашивает его снова и продолжит сама; введённое не пропадёт.' },
  { gone: 'The service does not answer. This page keeps asking and goes on by itself; nothing you typed is lost.' },
);

/** A line over the page while the service is away. */
export function Unreachable() {
  const t = texts.use();
  const isThere = useSyncExternalStore(reach.listen, () => reach.isThere);
  return isThere ? null : <Alert banner type="error" title={t('gone')} role="status" />;
}
