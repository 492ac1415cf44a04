import { lazy, Suspense, useEffect, useState } from 'react';
import { confirmBy } from '../api/confirm';

const ConfirmSession = lazy(() => import('./ConfirmSession'));

/** Where a call that needs a fresh password is waited for; the form comes when the first one does. */
export function Confirming() {
  const [settle, setSettle] = useState<(done: boolean) => void>();
  useEffect(() => confirmBy(() => new Promise<boolean>((resolve) => setSettle(() => resolve))), []);
  if (!settle) return null;
  return (
    <Suspense>
      <ConfirmSession
        onClose={(done) => {
          setSettle(undefined);
          settle(done);
        }}
      />
    </Suspense>
  );
}
