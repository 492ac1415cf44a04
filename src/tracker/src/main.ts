import { choose, config, consent, type Consent, isFull, isOff, post, siteUrl } from './config';
import { seeForms, watchForms } from './forms';
import { flush, send, watchLeads } from './leads';
import { number, onNumber, rescan, scanChanges, show } from './numbers';
import { cookie, doc, grab, json, now, on, safe, win } from './page';
import { arrive, carryOver, context, current, moved, save, sight, type Visit } from './visit';

const beatEvery = 45e3;
let left = false;
let holdTimer: ReturnType<typeof setTimeout>;
let pageTimer: ReturnType<typeof setTimeout>;

const message = (event: string, visit: Visit): string =>
  json({
    event: visit.told || event == 'leave' ? event : 'start',
    ...context(visit),
    startedAt: visit.startedAt,
    seconds: Math.round(visit.shown / 1000),
    pages: visit.pages,
    pageViews: visit.views,
    // How Yandex Metrica and Google Analytics know the browser.
    clientIds: isFull() ? { ym: cookie('_ym_uid'), ga: grab(cookie('_ga'), /(\d+\.\d+)$/) } : {},
    // A tab that nobody looks at needs no number.
    wantsNumbers: !doc.hidden,
    consent: consent(),
  });

const tell = safe((event: string) => {
  if (isOff()) return;
  const visit = current();
  post('/visits', message(event, visit))
    .then((answer) => answer.json())
    .then((answer) => answer.visitId && heard(visit.known.visitId, answer))
    .catch(() => 0);
});

const heard = (id: unknown, answer: any): void => {
  const visit = current();
  // Meanwhile a new visit has begun, or consent was taken back.
  if (visit.known.visitId != id || isOff()) return;
  visit.told = true;
  visit.known.visitId = answer.visitId;
  visit.known.visitorId = answer.visitorId;
  if (!doc.hidden) {
    visit.numbers = answer.numbers || [];
    visit.until = now() + (answer.holdSeconds || 150) * 1000;
  }
  save(visit);
  hold(visit);
};

/** Shows the visit's numbers for as long as it holds them, and not a moment longer. */
const hold = (visit: Visit): void => {
  clearTimeout(holdTimer);
  const rest = visit.until - now();
  show(rest > 0 ? visit.numbers : []);
  // An end that is past was heard of already.
  if (rest > 0) holdTimer = setTimeout(again, rest);
};

const again = safe(() => hold(current()));

const leave = (): void => {
  if (left || isOff()) return;
  left = true;
  navigator.sendBeacon(siteUrl + '/visits', message('leave', current()));
};

const look = (): void => {
  if (doc.hidden) leave();
  sight(!doc.hidden);
  if (left && !doc.hidden) {
    left = false;
    again();
    tell('beat');
  }
};

/** Another page of a single-page site; several changes of the address in a row are one message. */
const turn = safe(() => {
  if (moved()) {
    clearTimeout(pageTimer);
    pageTimer = setTimeout(tell, 300, 'page');
  }
});

const open = (): void => {
  left = false;
  sight(!doc.hidden);
  hold(arrive());
  tell('page');
  flush();
};

const api = {
  send: (data: Record<string, unknown>) => send(data),
  visit: safe(() => context()),
  number,
  onNumber,
  rescan: safe(rescan),
  consent: safe((to: Consent) => {
    if (!/^(off|essential|full)$/.test(to) || to == consent()) return;
    carryOver(() => choose(to));
    again();
    tell('page');
  }),
  /** Calls made before this script was there: a function gets the interface, a list is a name and its arguments. */
  push: safe((call: any) => {
    if (call.call) call(api);
    else (api as any)[call[0]](...[].slice.call(call, 1));
  }),
};

const start = safe(() => {
  watchForms();
  watchLeads();
  open();
  on(doc, 'DOMContentLoaded', rescan);
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (this: History, ...args: Parameters<History['pushState']>) {
      original.apply(this, args);
      turn();
    };
  }
  on(win, 'popstate', turn);
  on(doc, 'visibilitychange', look);
  on(win, 'pagehide', leave);
  on(win, 'pageshow', (event) => event.persisted && open());
  setInterval(() => doc.hidden || tell('beat'), beatEvery);
  const observer = new MutationObserver(
    safe((records) => {
      seeForms();
      scanChanges(records, observer);
    }),
  );
  observer.observe(doc, { childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ['href'] });
});

if (config)
  safe(() => {
    const calls = (win as any).leadingest;
    (win as any).leadingest = api;
    // A page rendered ahead of a click that may never come has not been visited.
    if ((doc as any).prerendering) on(doc, 'prerenderingchange', start);
    else start();
    calls.forEach(api.push);
  })();
