import createFetch, { type Middleware } from 'openapi-fetch';
import createQueries from 'openapi-react-query';
import type { components, paths } from './schema';
import { language } from '../app/texts';
import { confirmSession } from './confirm';
import { reach } from './reach';

/** The shapes of the API by their names in api-spec/openapi.json. */
export type Schemas = components['schemas'];

/** RFC 9457, as every refusal of the service is. `status` 0: the service was not reached. */
export interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly status: number;
  readonly detail?: string;
  /** What is wrong, by the field's wire name. */
  readonly errors?: Readonly<Record<string, readonly string[]>>;
}

export const isProblem = (e: unknown): e is Problem => typeof e === 'object' && e !== null && 'status' in e;

/** The last word of the problem's type: `confirm-needed`. */
export const kindOf = (problem: Problem): string => problem.type?.split('/').pop() ?? '';

/** What every call carries: whose session it is proved to be, and which project is meant. */
const calling = { csrf: '', project: '' };
export const callWith = (change: Partial<typeof calling>): void => void Object.assign(calling, change);

/** What is remembered of one project is never shown in another, although both are asked for by the same words. */
export const ofThisProject = (key: readonly unknown[]): readonly unknown[] => (key[0] === 'session' ? key : [calling.project, ...key]);

/** Somebody ended this session elsewhere, or it ran out: the page asks who is there again. */
let onSignedOut = (): void => {};
export const whenSignedOut = (tell: () => void): void => void (onSignedOut = tell);

const patience = 90_000;

/** One call to the service: with the session's proof, within a time, with every refusal as a {@link Problem}. A call that needs a fresh password asks for it and is sent again. */
export async function call(input: Request | string, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  request.headers.set('X-CSRF', calling.csrf);
  // Refusals come in the language of the page, whatever that of the browser.
  request.headers.set('Accept-Language', language());
  if (calling.project && !request.headers.has('X-Project')) request.headers.set('X-Project', calling.project);
  const again = request.clone();
  const answer = await sent(request);
  if (answer.status === 401 && !request.url.endsWith('/v1/session')) onSignedOut();
  if (answer.status !== 403) return answer;
  const problem = (await answer.clone().json().catch(() => ({ status: 403 }))) as Problem;
  if (kindOf(problem) !== 'confirm-needed' || !(await confirmSession())) return answer;
  return sent(again);
}

async function sent(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(patience)]), credentials: 'same-origin' });
    // A proxy in front of a stopped service answers in its name.
    reach.tell(answer.status !== 502 && answer.status !== 504);
    return answer;
  } catch (e) {
    if (request.signal.aborted) throw e;
    reach.tell(false);
    return Response.json({ type: 'unreachable', title: 'Unreachable', status: 0 } satisfies Problem, { status: 503, headers: { 'Content-Type': 'application/problem+json' } });
  }
}

const problems: Middleware = {
  async onResponse({ response }) {
    if (response.ok || response.headers.get('Content-Type')?.includes('json')) return undefined;
    return Response.json({ title: response.statusText, status: response.status } satisfies Problem, { status: response.status });
  },
};

/** Typed calls: `api.POST('/v1/sites', { body })`. */
export const api = createFetch<paths, 'application/json'>({ fetch: (request) => call(request), querySerializer: { array: { style: 'form', explode: true } } });
api.use(problems);

/** Typed hooks: `queries.useQuery('get', '/v1/leads', { params: { query } })`. An error is a {@link Problem}. */
export const queries = createQueries(api);

/** What a route is asked with; what is empty is left out. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

function addressWith(path: string, query: Query): string {
  const search = new URLSearchParams(Object.entries(query).filter((e) => e[1] !== null && e[1] !== undefined && e[1] !== '').map(([k, v]) => [k, String(v)]));
  return new URL(`${path}?${search}`, location.origin).href;
}

/** For routes that also give files, and so have no one shape in the description. A refusal is thrown as a {@link Problem}. */
export async function ask<T>(path: string, query: Query, signal: AbortSignal): Promise<T> {
  const answer = await call(addressWith(path, query), { signal });
  const body: unknown = await answer.json().catch(() => ({ status: answer.status }));
  if (!answer.ok) throw body as Problem;
  return body as T;
}

/** Fetches a file and hands it to the browser under the name that the service gave it. */
export async function download(path: string, query: Query = {}): Promise<void> {
  const answer = await call(addressWith(path, query));
  if (!answer.ok) throw (await answer.json().catch(() => ({ status: answer.status }))) as Problem;
  const name = /filename="?([^";]+)"?/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'leadingest';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The address of something that the browser itself opens (a stream of events, a recording): it cannot send headers, so the project stands in the address. */
export const addressOf = (path: string): string => `${path}${path.includes('?') ? '&' : '?'}project=${calling.project}`;
