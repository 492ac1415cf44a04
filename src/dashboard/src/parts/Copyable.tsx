import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Alert, Button, Flex, Typography } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { defineTexts } from '../app/texts';

const texts = defineTexts(
  { copy: 'Скопировать', copied: 'Скопировано', show: 'Показать', hide: 'Скрыть', once: 'Показывается один раз. Сохраните сейчас: потом его уже не узнать.' },
  { copy: 'Copy', copied: 'Copied', show: 'Show', hide: 'Hide', once: 'Shown once. Keep it now: it cannot be seen again.' },
);

/** Over plain http, as inside of a local network, the browser has no clipboard to write to: there the text is selected and copied as by hand. */
async function copy(text: string): Promise<boolean> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}

function CopyButton({ text, label }: { text: string; label?: string }) {
  const t = texts.use();
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), 2_000);
    return () => clearTimeout(timer);
  }, [isDone]);
  return (
    <Button size="small" icon={isDone ? <CheckOutlined /> : <CopyOutlined />} aria-label={label ? `${t('copy')}: ${label}` : undefined} onClick={() => void copy(text).then(setDone)}>
      {isDone ? t('copied') : t('copy')}
    </Button>
  );
}

/** Something to be pasted elsewhere: an address, a command, a piece of a page. A secret one is starred out until it is asked for. */
export function Copyable({ text, label, isSecret = false }: { text: string; label: string; isSecret?: boolean }) {
  const t = texts.use();
  const [isShown, setShown] = useState(!isSecret);
  return (
    <Flex gap={8} align="flex-start" wrap style={{ width: '100%' }}>
      <code
        aria-label={label}
        style={{ flex: '1 1 240px', minWidth: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', padding: '4px 8px', borderRadius: 6, background: 'rgba(128,128,128,.12)', fontSize: 13 }}
      >
        {isShown ? text : text.replace(/[^/]{8,}$/, '••••••••')}
      </code>
      <Flex gap={4}>
        {isSecret && (
          <Button size="small" onClick={() => setShown(!isShown)}>
            {t(isShown ? 'hide' : 'show')}
          </Button>
        )}
        <CopyButton text={text} label={label} />
      </Flex>
    </Flex>
  );
}

/** A secret that the service will not show again. */
export function ShownOnce({ text, label, children }: { text: string; label: string; children?: ReactNode }) {
  const t = texts.use();
  return (
    <div className="stack" style={{ gap: 8 }}>
      <Alert type="warning" showIcon title={t('once')} />
      <Typography.Text strong>{label}</Typography.Text>
      <Copyable text={text} label={label} />
      {children}
    </div>
  );
}
