import { useMemo } from 'react';
import type { Schemas } from '../../api/client';
import { useOpenProject } from '../../app/session';
import { dayStart } from '../../parts/days';
import { useAddress } from '../../parts/range';

export type Lead = Schemas['LeadAnswer'];

/** What the list is narrowed by, in its address. */
export const filterNames = ['status', 'kind', 'channel', 'source', 'q', 'from', 'to'] as const;

/** What of it a view keeps: no person that was looked for, and days by its own choice. */
export const viewNames = filterNames.filter((n) => !['q', 'from', 'to'].includes(n));

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** Digits as numbers are written, three at least: fewer are text. */
const isNumber = (q: string): boolean => /^[\d\s()+.–-]+$/.test(q) && digitsOf(q).length >= 3;

/** A whole number or address is found over all time, a part of one within the last year unless days are chosen. */
export const isWhole = (q: string): boolean => (isNumber(q) ? digitsOf(q).length >= 10 : /^\S+@\S+\.\S+$/.test(q));

/** Whether a lead answers what was typed, as the service finds it (Features/Leads/LeadSearch.cs). */
export function holds(lead: Lead, q: string): boolean {
  const within = (text: string): boolean => [lead.name, lead.email, lead.emailTyped, lead.phoneTyped, lead.messenger].some((value) => value?.toLowerCase().includes(text));
  if (!isNumber(q)) return within(q.toLowerCase());
  const [phone, digits] = [digitsOf(lead.phone ?? ''), digitsOf(q)];
  if (isWhole(q)) return phone !== '' && phone.slice(-10) === digits.slice(-10);
  return phone.includes(digits) || (digits.startsWith('8') && phone.startsWith(`7${digits.slice(1)}`)) || within(q);
}

/** The list's question as the address has it, and whether a lead that has just come answers it. */
export function useLeadQuery() {
  const [get] = useAddress();
  const { timeZone } = useOpenProject();
  const [status, kind, channel, source, q, from, to] = filterNames.map((n) => get(n).trim()) as [string, string, string, string, string, string, string];

  return useMemo(() => {
    const query = { limit: 100, status, kind, channel, source, q, from: from && dayStart(from, timeZone), to: to && dayStart(to, timeZone, 1) };
    const takes = (lead: Lead): boolean =>
      (!status || lead.status === status) && (!kind || lead.kind === kind) && (!channel || lead.passport.channel === channel) && (!source || lead.passport.source === source) && (!q || holds(lead, q)) &&
      (!query.from || Date.parse(lead.receivedAt) >= Date.parse(query.from)) && (!query.to || Date.parse(lead.receivedAt) < Date.parse(query.to));
    return { query, takes, isFiltered: [status, kind, channel, source, q, from, to].some(Boolean) };
  }, [status, kind, channel, source, q, from, to, timeZone]);
}
