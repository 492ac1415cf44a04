import { call, type Problem, type Schemas } from '../../api/client';

/** What a person says about a table besides the table itself. */
export interface Said {
  readonly accountId?: string | undefined;
  readonly account?: string | undefined;
  readonly source?: string | null;
  readonly medium?: string | null;
  readonly currency?: string | null;
  readonly vatIncluded?: 'yes' | 'no' | '' | null;
  readonly decimalMark?: string | null;
  readonly dateOrder?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly columns: Readonly<Record<string, string>>;
}

async function send<T>(path: string, file: File, said: Said): Promise<{ data?: T; error?: Problem }> {
  const form = new FormData();
  form.append('file', file, file.name);
  const { columns, vatIncluded, ...rest } = said;
  for (const [name, value] of Object.entries(rest)) if (typeof value === 'string' && value) form.append(name, value);
  if (vatIncluded) form.append('vatIncluded', String(vatIncluded === 'yes'));
  if (Object.keys(columns).length > 0) form.append('columns', JSON.stringify(columns));
  const answer = await call(new URL(path, location.origin).href, { method: 'POST', body: form });
  const body: unknown = await answer.json().catch(() => ({ status: answer.status }));
  return answer.ok ? { data: body as T } : { error: body as Problem };
}

export const preview = (file: File, said: Said): Promise<{ data?: Schemas['SpendReport']; error?: Problem }> => send('/v1/spend/preview', file, said);
export const importSpend = (file: File, said: Said): Promise<{ data?: Schemas['SpendImportAnswer']; error?: Problem }> => send('/v1/spend/imports', file, said);
