// What the page lends: its clock, its storage, its events. All of it may be missing, blocked or replaced by the page, so nothing here throws.

export const win = window;
export const doc = document;
export const now = (): number => Date.now();

/** The same function, silent: the page must never see an error of ours. */
export const safe =
  <A extends unknown[], R>(f: (...args: A) => R) =>
  (...args: A): R | undefined => {
    try {
      return f(...args);
    } catch (e) {
      return undefined;
    }
  };

export const on = (target: EventTarget, type: string, f: (event: any) => unknown, capture?: boolean): void =>
  target.addEventListener(type, safe(f), capture);

/** The first group of a match, else ''. */
export const grab = (text: string, pattern: RegExp): string => (pattern.exec(text) || [])[1] || '';

/** A UUIDv7: in the order of time. Not `crypto.randomUUID`, which pages without https lack. */
export const uuid = (): string =>
  ('0' + now().toString(16) + '-7xxx-axxx-xxxxxxxxxxxx').replace(/x/g, randomDigit).replace(/.{8}/, '$&-');

const random = safe(() => crypto.getRandomValues(new Uint8Array(1))[0]! & 15);
// Should the page have broken its crypto, luck must do.
const randomDigit = (): string => (random() || (Math.random() * 16) | 0).toString(16);

/** When it was made, milliseconds. */
export const madeAt = (id: string): number => parseInt(id.replace('-', ''), 16);

/** JSON as the standard has it: old libraries give arrays a `toJSON` that turns them into strings. */
export const json = (value: unknown): string => {
  const prototype = Array.prototype as { toJSON?: unknown };
  const kept = prototype.toJSON;
  delete prototype.toJSON;
  const text = JSON.stringify(value);
  if (kept) prototype.toJSON = kept;
  return text;
};

export const storage = safe((local: boolean): Storage => (local ? win.localStorage : win.sessionStorage));

export const read = safe((local: boolean, name: string): any => JSON.parse(storage(local)!.getItem(name)!));

/** @returns true when it is kept; undefined when storage is blocked or full. */
export const write = safe((local: boolean, name: string, value?: unknown): boolean => {
  if (value) storage(local)!.setItem(name, json(value));
  else storage(local)!.removeItem(name);
  return true;
});

export const cookie = (name: string): string => grab('; ' + safe(() => doc.cookie)(), RegExp('; ' + name + '=([^;]*)'));

/** Puts a cookie on the widest domain that takes it, so that shop.okna.ru and okna.ru see one visitor. */
export const setCookie = safe((name: string, value: string, seconds: number) => {
  const labels = location.hostname.split('.');
  for (let count = 2; ; count++) {
    const wide = labels.length >= count && ';domain=' + labels.slice(-count).join('.');
    doc.cookie = `${name}=${value};path=/;samesite=lax;max-age=${seconds}${wide || ''}`;
    if (!wide || cookie(name) == value) break;
  }
});
