/** Whether the service answers. While it does not, it is asked again every few seconds, and whoever listens is told when it is back. */
type Listener = () => void;

const again = 3_000;
const listeners = new Set<Listener>();
let isThere = true;
let timer: ReturnType<typeof setTimeout> | undefined;

async function ask(): Promise<void> {
  const answers = await fetch('/health/ready', { cache: 'no-store', signal: AbortSignal.timeout(again) }).then((a) => a.ok, () => false);
  if (answers) reach.tell(true);
  else timer = setTimeout(() => void ask(), again);
}

export const reach = {
  get isThere() {
    return isThere;
  },
  /** What a call has just seen. */
  tell(there: boolean): void {
    if (there === isThere) return;
    isThere = there;
    clearTimeout(timer);
    if (!there) timer = setTimeout(() => void ask(), again);
    listeners.forEach((l) => l());
  },
  /** Ends when the service answers again. */
  back(): Promise<void> {
    return new Promise((resolve) => {
      if (isThere) return resolve();
      const stop = reach.listen(() => {
        if (!isThere) return;
        stop();
        resolve();
      });
    });
  },
  listen(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
