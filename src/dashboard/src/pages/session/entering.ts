import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { callWith, type Schemas } from '../../api/client';
import { sessionKey, type Session } from '../../app/session';

/** The session that an answer has just opened becomes the page's; then on to where it leads. */
export function useEntering(): (session: Schemas['SessionAnswer'], to?: string) => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (session, to) => {
    callWith({ csrf: session.csrfToken ?? '' });
    // What the page before asked is nobody's any more; the session's own question is being watched and stays.
    client.removeQueries({ predicate: (q) => q.queryKey[0] !== sessionKey[0] });
    client.setQueryData(sessionKey, session as Session);
    if (to) void navigate(to, { replace: true });
  };
}

/** What the service asks of a password; the service checks more (common ones, the person's own name). */
export const passwordRules = { min: 12, max: 128 } as const;
