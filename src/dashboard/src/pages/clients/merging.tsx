import { App, Button, Space } from 'antd';
import { queries } from '../../api/client';
import { defineTexts } from '../../app/texts';
import { useTelling } from '../../parts/saving';
import { useAfterPeople } from './after';

const texts = defineTexts(
  { merged: 'Объединено: теперь это один клиент', undo: 'Вернуть', undone: 'Снова два клиента' },
  { merged: 'Merged: one client from now on', undo: 'Undo', undone: 'Two clients again' },
);

/** Joins two clients and parts them again. */
export function useMerging() {
  const t = texts.use();
  const { message } = App.useApp();
  const tell = useTelling();
  const after = useAfterPeople();
  const undoing = queries.useMutation('post', '/v1/clients/merges/{id}/undo', {
    onSuccess: () => {
      after();
      void message.success(t('undone'));
    },
    onError: (e) => tell(e),
  });
  const merging = queries.useMutation('post', '/v1/clients/{id}/merge', { onError: (e) => tell(e) });
  const undo = (mergeId: string): void => undoing.mutate({ params: { path: { id: mergeId } } });
  return {
    isBusy: merging.isPending || undoing.isPending,
    undo,
    /** @param keptId Whose card stays. */
    merge: async (keptId: string, otherId: string): Promise<boolean> => {
      const done = await merging.mutateAsync({ params: { path: { id: keptId } }, body: { otherId } }).catch(() => undefined);
      if (!done) return false;
      after();
      const key = `merge-${done.mergeId}`;
      void message.open({
        key,
        type: 'success',
        duration: 10,
        content: (
          <Space>
            {t('merged')}
            <Button
              type="link"
              size="small"
              onClick={() => {
                message.destroy(key);
                undo(done.mergeId);
              }}
            >
              {t('undo')}
            </Button>
          </Space>
        ),
      });
      return true;
    },
  };
}
