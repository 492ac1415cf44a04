import { useMemo } from 'react';
import { queries, type Schemas } from '../../api/client';
import { useOpenProject } from '../../app/session';
import { dayStart } from '../../parts/days';
import { useAddress } from '../../parts/range';

export type Lead = Schemas['LeadAnswer'];

/** What the list is narrowed by, in its address. */
export const filterNames = ['status', 'kind', 'channel', 'source', 'q', 'from', 'to'] as const;

/** What of it a view keeps: no person that was looked for, and days by its own choice. */
export const viewNames = filterNames.filter((n) => !['q', 'from', 'to'].includes(n));

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** A phone is looked for whole, an address by whom it belongs to; anything else is no question that the list can answer. */
export const searchKind = (q: string): 'none' | 'phone' | 'email' | 'unclear' =>
  q === '' ? 'none' : /^\S+@\S+\.\S+$/.test(q) ? 'email' : /^[\d\s()+–-]+$/.test(q) && digitsOf(q).length >= 10 ? 'phone' : 'unclear';

/** The list's question as the address has it, and whether a lead that has just come answers it. */
export function useLeadQuery() {
  const [get] = useAddress();
  const { timeZone } = useOpenProject();
  const [status, kind, channel, source, q, from, to] = filterNames.map((n) => get(n).trim()) as [string, string, string, string, string, string, string];
  const by = searchKind(q);
  // Leads are not looked for by address; clients are.
  const owner = queries.useQuery('get', '/v1/clients', { params: { query: { email: q, limit: 1 } } }, { enabled: by === 'email' });
  const clientId = owner.data?.items[0]?.id;
  const isNobody = by === 'email' && owner.data !== undefined && clientId === undefined;

  return useMemo(() => {
    const query = {
      limit: 100,
      status,
      kind,
      channel,
      source,
      phone: by === 'phone' ? q : '',
      clientId: by === 'email' ? clientId : '',
      from: from && dayStart(from, timeZone),
      to: to && dayStart(to, timeZone, 1),
    };
    const isSame = (one: string, other: string): boolean => digitsOf(one).slice(-10) === digitsOf(other).slice(-10);
    const takes = (lead: Lead): boolean =>
      (!status || lead.status === status) && (!kind || lead.kind === kind) && (!channel || lead.passport.channel === channel) && (!source || lead.passport.source === source) &&
      (by !== 'phone' || isSame(lead.phone ?? '', q)) && (by !== 'email' || (lead.email ?? '').toLowerCase() === q.toLowerCase() || (clientId !== undefined && lead.clientId === clientId)) &&
      (!query.from || Date.parse(lead.receivedAt) >= Date.parse(query.from)) && (!query.to || Date.parse(lead.receivedAt) < Date.parse(query.to));
    return {
      query,
      takes,
      isFiltered: [status, kind, channel, source, from, to].some(Boolean) || by === 'phone' || by === 'email',
      isReady: by !== 'email' || clientId !== undefined,
      isNobody,
      search: by,
    };
  }, [status, kind, channel, source, q, from, to, by, clientId, isNobody, timeZone]);
}
