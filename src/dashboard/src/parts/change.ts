import { useQueryClient } from '@tanstack/react-query';
import { App, type FormInstance } from 'antd';
import { useState } from 'react';
import { useTelling } from './saving';

interface How {
  /** Said when it has worked. */
  readonly done?: string;
  /** Beginnings of the paths whose answers have changed by it: `/v1/sites`. `all`: figures of every kind may have, so whatever is open is asked for again. */
  readonly touches?: readonly string[] | 'all';
  readonly form?: FormInstance;
}

/**
 * One change at the service from a button or a form: says that it worked, asks anew what it changed, says what was wrong where it belongs.
 * `const [act, isBusy] = useChange(); const made = await act(api.POST('/v1/sites', { body }), { touches: ['/v1/sites'] }); if (made) …`
 * @param usually What holds of all changes of a page.
 */
export function useChange(usually?: Pick<How, 'touches'>): [<T>(call: Promise<{ data?: T; error?: unknown }>, how?: How) => Promise<{ data: T | undefined } | null>, boolean] {
  const tell = useTelling();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(0);
  return [
    async (call, { done, touches = usually?.touches ?? [], form } = {}) => {
      setBusy((n) => n + 1);
      try {
        const { data, error } = await call;
        if (error !== undefined) {
          tell(error, form);
          return null;
        }
        if (done) void message.success(done);
        await client.invalidateQueries({ predicate: ({ queryKey: [kind, path] }) => (touches === 'all' ? kind !== 'session' : typeof path === 'string' && touches.some((t) => path.startsWith(t))) });
        return { data };
      } finally {
        setBusy((n) => n - 1);
      }
    },
    busy > 0,
  ];
}
