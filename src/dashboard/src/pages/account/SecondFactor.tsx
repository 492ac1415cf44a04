import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex, Form, Input, Typography } from 'antd';
import { useMemo, useState } from 'react';
import { encode } from 'uqr';
import { queries } from '../../api/client';
import { sessionKey, useSession } from '../../app/session';
import { defineTexts } from '../../app/texts';
import { useTelling } from '../../parts/saving';

const texts = defineTexts(
  {
    about: 'Кроме пароля спрашивается код из приложения на телефоне (любого, которое знает TOTP).', start: 'Включить', scan: 'Снимите код приложением или введите ключ руками, затем впишите шесть цифр, которые оно покажет.', secret: 'Ключ', code: 'Код из приложения', confirm: 'Подтвердить',
    on: 'Второй шаг включён.', password: 'Пароль', remove: 'Выключить', recovery: 'Запасные коды: каждый сработает один раз. Сохраните их сейчас, больше они не появятся.', kept: 'Сохранил', picture: 'QR-код с ключом для приложения',
  },
  {
    about: 'Besides the password, a code from an app on your telephone is asked for (any app that knows TOTP).', start: 'Switch on', scan: 'Scan this with the app, or type the key, then enter the six digits that it shows.', secret: 'Key', code: 'Code from the app', confirm: 'Confirm',
    on: 'The second factor is on.', password: 'Password', remove: 'Switch off', recovery: 'Recovery codes: each works once. Keep them now, they are never shown again.', kept: 'I have kept them', picture: 'QR code with the key for the app',
  },
);

export function SecondFactor() {
  const t = texts.use();
  const user = useSession()?.user;
  const client = useQueryClient();
  const tell = useTelling();
  const [form] = Form.useForm<{ code: string; password: string }>();
  const [codes, setCodes] = useState<readonly string[]>();
  const start = queries.useMutation('post', '/v1/me/totp', { onError: (e) => tell(e) });
  const confirm = queries.useMutation('post', '/v1/me/totp/confirm', { onSuccess: (done) => setCodes(done.recoveryCodes), onError: (e) => tell(e, form) });
  const remove = queries.useMutation('post', '/v1/me/totp/remove', { onSuccess: () => void client.invalidateQueries({ queryKey: sessionKey }), onError: (e) => tell(e, form) });

  if (codes)
    return (
      <div className="stack">
        <Alert type="warning" title={t('recovery')} />
        <Typography.Paragraph copyable={{ text: codes.join('\n') }} style={{ fontFamily: 'monospace', whiteSpace: 'pre-line' }}>
          {codes.join('\n')}
        </Typography.Paragraph>
        <Button
          onClick={() => {
            setCodes(undefined);
            start.reset();
            void client.invalidateQueries({ queryKey: sessionKey });
          }}
        >
          {t('kept')}
        </Button>
      </div>
    );

  if (user?.hasTotp)
    return (
      <Form form={form} layout="vertical" requiredMark={false} onFinish={({ password }) => remove.mutate({ body: { password } })}>
        <Alert type="success" title={t('on')} style={{ marginBottom: 16 }} />
        <Form.Item name="password" label={t('password')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Button danger htmlType="submit" loading={remove.isPending}>
          {t('remove')}
        </Button>
      </Form>
    );

  if (!start.data)
    return (
      <Flex vertical gap={12} align="flex-start">
        <Typography.Text>{t('about')}</Typography.Text>
        <Button type="primary" onClick={() => start.mutate({})} loading={start.isPending}>
          {t('start')}
        </Button>
      </Flex>
    );

  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={({ code }) => confirm.mutate({ body: { code } })}>
      <p>{t('scan')}</p>
      <Code text={start.data.uri} label={t('picture')} />
      <p>
        {t('secret')}: <Typography.Text code copyable className="breakable">{start.data.secret}</Typography.Text>
      </p>
      <Form.Item name="code" label={t('code')} rules={[{ required: true }]}>
        <Input autoComplete="one-time-code" inputMode="numeric" maxLength={6} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={confirm.isPending}>
        {t('confirm')}
      </Button>
    </Form>
  );
}

/** Dark on white whatever the theme: cameras want it so. */
function Code({ text, label }: { text: string; label: string }) {
  const { data, size } = useMemo(() => encode(text, { border: 2 }), [text]);
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg viewBox={`0 0 ${size} ${size}`} width={196} height={196} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
