import { post } from './config';
import { json, madeAt, now, on, read, safe, storage, uuid, win, write } from './page';
import { context } from './visit';

/** How a lead ended: stored by the server, or refused by it for good. */
export interface Outcome {
  ok: boolean;
  status?: number;
  leadId?: string;
  errors?: unknown;
}

/** A lead that waits: its key and its body. Neither ever changes, so that however often it is sent the server takes it once. */
type Waiting = [key: string, body: string];

// A name of its own for each lead: two tabs that add and remove never overwrite each other.
const prefix = 'leadingest_lead_';
const lock = 'leadingest_lock';
const most = 50;
const week = 6048e5;
const settle = new Map<string, (outcome: Outcome) => void>();
/** What storage did not take. */
let memory: Waiting[] = [];
let running: boolean;
let again: boolean;
let failures = 0;
let timer: ReturnType<typeof setTimeout>;

const names = safe(() =>
  Object.keys(storage(true)!)
    .filter((name) => name.startsWith(prefix))
    .sort(),
);

/** All that wait, the oldest first. */
const waiting = (): Waiting[] => (names() || []).map((name): Waiting => [name.slice(prefix.length), read(true, name)]).concat(memory);

const end = (key: string, outcome: Outcome): void => {
  write(true, prefix + key);
  memory = memory.filter((lead) => lead[0] != key);
  const f = settle.get(key);
  settle.delete(key);
  if (f) f(outcome);
};

const deliver = ([key, body]: Waiting): Promise<Response> => post('/leads', body, { 'Idempotency-Key': key });

const drain = async (): Promise<void> => {
  let wait = 0;
  let failed;
  for (const lead of waiting()) {
    const key = lead[0];
    if (now() - madeAt(key) > week) {
      end(key, { ok: false });
      continue;
    }
    let status = 0;
    try {
      const answer = await deliver(lead);
      status = answer.status;
      if (status < 500 && ![408, 425, 429].includes(status)) {
        end(key, { ...(await answer.json().catch(() => 0)), ok: answer.ok, status });
        continue;
      }
      wait = +answer.headers.get('Retry-After')! || 0;
    } catch (e) {
      // Not reached; the next occasion comes.
    }
    failed = true;
    // One lead that the server stumbles over must not hold up the others; a server that is away holds up all.
    if (!status || status == 429 || status == 503) break;
  }
  // Another tab has sent these.
  const left = waiting().map((lead) => lead[0]);
  settle.forEach((_, key) => left.includes(key) || end(key, { ok: true }));
  failures = failed ? failures + 1 : 0;
  if (failed) later(Math.min(wait || 2 ** failures, wait ? 3600 : 300));
};

const later = (seconds: number): void => {
  // Spread, so that the pages of a site do not all return at once.
  timer = setTimeout(flush, seconds * (1000 + Math.random() * 500));
};

/** One tab at a time: by the browser's locks, and where those are missing (no https) by a lease in storage. */
const alone = async (): Promise<void> => {
  try {
    await navigator.locks.request(lock, drain);
  } catch (e) {
    if (read(true, lock) > now()) return later(3);
    write(true, lock, now() + 3e4);
    await drain();
    write(true, lock);
  }
};

/** Sends what waits. */
export const flush = (): void => {
  clearTimeout(timer);
  if (running) again = true;
  else if (settle.size || waiting().length) {
    running = true;
    alone().then(ended, ended);
  }
};

const ended = (): void => {
  running = false;
  if (again) {
    again = false;
    flush();
  }
};

/** Takes a lead into care: it is sent until the server has answered, through reloads and lost connections, for a week. Never rejects. */
export const send = (data: Record<string, unknown>): Promise<Outcome> =>
  new Promise((resolve) => {
    const key = uuid();
    const body = json({ ...safe(context)(), ...data });
    settle.set(key, resolve);
    // The oldest have waited longest: they keep their places.
    if (waiting().length >= most || !write(true, prefix + key, body)) memory.push([key, body]);
    flush();
  });

export const watchLeads = (): void => {
  on(win, 'online', flush);
  // Nothing else keeps these, so the browser is asked to send them while the page goes.
  on(win, 'pagehide', () => memory.forEach((lead) => deliver(lead).catch(() => 0)));
};
