import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import { callWith, type Schemas } from '../../api/client';
import { sessionKey, tellOtherTabs, type Session } from '../../app/session';

/** The session that an answer has just opened becomes the page's. With `to` the page begins anew there: the doors that are open now know other addresses than those of before. */
export function useEntering(): (session: Schemas['SessionAnswer'], to?: string) => void {
  const client = useQueryClient();
  return (session, to) => {
    tellOtherTabs();
    if (to) return location.replace(to);
    callWith({ csrf: session.csrfToken ?? '' });
    // What the page before asked is nobody's any more; the session's own question is being watched and stays.
    client.removeQueries({ predicate: (q) => q.queryKey[0] !== sessionKey[0] });
    client.setQueryData(sessionKey, session as Session);
  };
}

/** What a link of a letter proves by: it stands behind the `#` of the address, the one part that a browser sends to nobody. */
export const useLinkToken = (): string => useLocation().hash.slice(1);

/** What the service asks of a password; the service checks more (common ones, the person's own name). */
export const passwordRules = { min: 12, max: 128 } as const;
