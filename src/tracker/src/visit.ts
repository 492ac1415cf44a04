import { isFull, isOff } from './config';
import { cookie, doc, grab, now, read, setCookie, uuid, write } from './page';
import type { Swap } from './numbers';

/** A visit as it lies in storage. Times in milliseconds. */
export interface Visit {
  /** What every message and every lead says of the visit, under the names of the API; without consent there are no ids. */
  known: {
    visitorId: string | undefined;
    visitId: string | undefined;
    landingPage: string;
    landingReferrer: string;
  };
  startedAt: string;
  seen: number;
  /** Visible time so far. */
  shown: number;
  /** Tags and click ids of the last campaign. */
  tags: string;
  pages: [string, number][];
  views: number;
  /** The server knows it. */
  told?: boolean;
  numbers: Swap[];
  /** End of the hold of the numbers. */
  until: number;
}

const name = 'leadingest';
const halfAnHour = 18e5;

let memory: Visit | undefined;
let shownSince = 0;
let path: string;
let address: string;
let referrer = doc.referrer;

const bounded = (url: string): string => url.slice(0, 4000);

const tagsOf = (url: string): string =>
  (url.match(/[?&#](utm_\w+|\w*cl(ick)?id|[gw]braid|srsltid|_?openstat|roistat)=[^&#]*/gi) || []).join('');

const site = (host: string): string => host.split('.').slice(-2).join();

/** The host of a referrer that is not this site. */
const foreign = (url: string): string => {
  const from = grab(url, /^https?:\/\/([^/:?#]+)/);
  return site(from) == site(location.hostname) ? '' : from;
};

const newId = (): string | undefined => (isOff() ? undefined : uuid());

const begin = (visitorId: string | undefined, landing: string, from: string): Visit => ({
  known: { visitorId, visitId: newId(), landingPage: bounded(landing), landingReferrer: bounded(from) },
  startedAt: new Date().toISOString(),
  seen: now(),
  shown: 0,
  tags: tagsOf(landing),
  pages: [],
  views: 0,
  numbers: [],
  until: 0,
});

const load = (): Visit | undefined => {
  let visit: Visit | undefined = isOff() ? memory : read(isFull(), name) || memory;
  if (isFull()) {
    const [visitorId, visitId, seen] = cookie(name).split('.');
    if (seen) {
      // Another subdomain has its own storage; the cookie is what both share.
      if (!visit || (visit.known.visitId != visitId && +seen > visit.seen)) {
        visit = begin('', '', '');
        visit.known.visitId = visitId;
        visit.seen = +seen;
        visit.told = true;
      }
      visit.known.visitorId = visitorId;
    }
  }
  return visit;
};

export const save = (visit: Visit): void => {
  memory = visit;
  if (isOff()) return;
  write(isFull(), name, visit);
  if (isFull()) setCookie(name, [visit.known.visitorId, visit.known.visitId, visit.seen].join('.'), 31536e3);
};

/** The visit that is on; a new one after half an hour of silence, a new campaign, or an arrival from elsewhere. */
export const current = (arrived?: boolean): Visit => {
  let visit = load();
  const at = now();
  const tags = tagsOf(location.href);
  const from = foreign(referrer);
  if (
    !visit ||
    !visit.known.visitId != isOff() ||
    at - visit.seen > halfAnHour ||
    (arrived && ((tags && tags != visit.tags) || (from && from != foreign(visit.known.landingReferrer))))
  ) {
    // A visitor is known from one visit to the next only with full consent.
    visit = begin((isFull() && visit && visit.known.visitorId) || newId(), location.href, referrer);
    if (!arrived) view(visit);
  }
  if (shownSince) {
    // A machine that slept was not reading.
    visit.shown += Math.min(at - shownSince, 9e4);
    shownSince = at;
  }
  visit.seen = at;
  save(visit);
  return visit;
};

/** Takes the visit over a change of consent; its ids only where consent grows. */
export const carryOver = (change: () => void): void => {
  const visit = current();
  memory = undefined;
  write(true, name);
  write(false, name);
  setCookie(name, '', 0);
  change();
  if (!isFull() || !visit.known.visitId) {
    visit.known.visitorId = newId();
    visit.known.visitId = newId();
    visit.told = false;
    visit.until = 0;
  }
  save(visit);
};

/** The page came in sight or went out of it. */
export const sight = (visible: boolean): void => {
  shownSince = visible ? now() : 0;
};

const view = (visit: Visit): void => {
  visit.views++;
  if (visit.pages.length < 50) visit.pages.push([location.pathname.slice(0, 300), Math.floor(now() / 1000)]);
};

// Routers of single-page sites keep their path behind "#/" or "#!".
const pathNow = (): string => location.pathname + grab(location.hash, /^(#[!/][^?]*)/);

/** Counts a view of the page. */
export const arrive = (): Visit => {
  path = pathNow();
  address = location.href;
  const visit = current(true);
  view(visit);
  save(visit);
  return visit;
};

/** A single-page site has changed its address. @returns whether that is another page. */
export const moved = (): boolean => {
  const another = pathNow() != path;
  if (another) {
    referrer = address;
    arrive();
  }
  address = location.href;
  return another;
};

/** What goes with every message and every lead. */
export const context = (visit = current()) => ({ ...visit.known, page: bounded(location.href), referrer: bounded(referrer) });
