/** A call needs a fresh password: the page asks for it (app/ConfirmSession.tsx), once for all calls that wait. */
type Asker = () => Promise<boolean>;

let asker: Asker = () => Promise.resolve(false);
let asking: Promise<boolean> | undefined;

export const confirmBy = (ask: Asker): void => void (asker = ask);

export const confirmSession = (): Promise<boolean> => (asking ??= asker().finally(() => (asking = undefined)));
