import { doc, grab, read, safe, win, write } from './page';

/** off: nothing but leads; essential: the visit, for as long as the tab lives; full: everything. */
export type Consent = 'off' | 'essential' | 'full';

interface Config {
  key: string;
  consent: Consent;
  forms: 'mark' | 'send' | 'off';
  /** Address of the service as the service knows it. */
  base: string;
}

/** The line before this script sets it; absent when the script is already running on this page. */
export const config: Config = safe(() => {
  const stub = (win as any).leadingest;
  return !stub.send && stub.config;
})();

/** Where to post: the script's own address tells, unless an optimiser of the page has moved the script. */
export const siteUrl = safe(
  () => (grab((doc.currentScript as any || {}).src, /^(.+)\/t\/[^/]+$/) || config.base) + '/v1/sites/' + config.key,
)();

/** A POST of JSON as plain text, which browsers send without asking first; it outlives the page. Rejects when the server cannot be reached within 20 s. */
export const post = (path: string, body: string, headers?: Record<string, string>): Promise<Response> => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 2e4);
  return fetch(siteUrl + path, {
    method: 'POST',
    body,
    headers: headers!,
    // Browsers refuse to keep more than 64 KB alive.
    keepalive: body.length < 2e4,
    signal: abort.signal,
  });
};

const choice = 'leadingest_consent';

let chosen: Consent;

/** The visitor's choice, else the site's setting. Read each time: another tab may have changed it. */
export const consent = (): Consent => read(true, choice) || chosen || config.consent;
export const isOff = (): boolean => consent() == 'off';
export const isFull = (): boolean => consent() == 'full';

/** Keeps a choice only where it differs from the site's setting: with the setting "off" nothing is stored at all. */
export const choose = (to: Consent): void => {
  chosen = to;
  write(true, choice, to != config.consent && to);
};
