import { Button, Flex, Tag, Typography } from 'antd';
import { queries, type Schemas } from '../../api/client';
import { useFormats } from '../../app/formats';
import { defineTexts } from '../../app/texts';
import { Answer } from '../../parts/States';
import { useTelling } from '../../parts/saving';

const texts = defineTexts(
  { here: 'Этот вход', end: 'Завершить', endOthers: 'Завершить все остальные', seen: 'Последнее действие {{when}}', unknown: 'Неизвестный браузер' },
  { here: 'This one', end: 'End', endOthers: 'End all others', seen: 'Last active {{when}}', unknown: 'Unknown browser' },
);

/** «Chrome · Windows» out of what a browser says of itself. */
function browserOf(agent: string | null | undefined, unknown: string): string {
  const program = [['Edg', 'Edge'], ['YaBrowser', 'Yandex'], ['OPR', 'Opera'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Safari', 'Safari']].find(([mark]) => agent?.includes(`${mark}/`))?.[1];
  const system = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS', 'Linux'].find((s) => agent?.includes(s));
  return [program, system].filter(Boolean).join(' · ') || unknown;
}

export function Sessions() {
  const t = texts.use();
  const f = useFormats();
  const tell = useTelling();
  const sessions = queries.useQuery('get', '/v1/me/sessions');
  const after = { onSuccess: () => void sessions.refetch(), onError: (e: unknown) => tell(e) };
  const end = queries.useMutation('delete', '/v1/me/sessions/{id}', after);
  const endOthers = queries.useMutation('post', '/v1/me/sessions/end-others', after);
  return (
    <Answer of={sessions} rows={3}>
      {({ items }: { items: Schemas['OwnSession'][] }) => (
        <Flex vertical gap={12}>
          {items.map((s) => (
            <Flex key={s.id} justify="space-between" align="center" gap={8}>
              <div>
                {browserOf(s.userAgent, t('unknown'))} {s.isCurrent && <Tag color="green">{t('here')}</Tag>}
                <br />
                <Typography.Text type="secondary">
                  {s.address} · {t('seen', { when: f.ago(s.lastSeenAt) })}
                </Typography.Text>
              </div>
              {!s.isCurrent && (
                <Button size="small" onClick={() => end.mutate({ params: { path: { id: s.id } } })}>
                  {t('end')}
                </Button>
              )}
            </Flex>
          ))}
          {items.length > 1 && (
            <Button danger onClick={() => endOthers.mutate({})} loading={endOthers.isPending}>
              {t('endOthers')}
            </Button>
          )}
        </Flex>
      )}
    </Answer>
  );
}
