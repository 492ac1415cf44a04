import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, type ReactNode } from 'react';
import { api, callWith, whenSignedOut, type Problem, type Schemas } from '../api/client';

export type Role = 'owner' | 'marketer' | 'manager' | 'operator';

/** As the description has them, with the words that it spells out in texts. */
export type Project = Omit<Schemas['SessionProject'], 'role' | 'romi'> & { readonly role: Role; readonly romi: 'payback' | 'net' };
export type Session = Omit<Schemas['SessionAnswer'], 'projects' | 'state'> & { readonly projects: readonly Project[]; readonly state: 'setup' | 'signedOut' | 'signedIn' };

/** What somebody may do, of which the service tells of each project, and which it asks for again at every route (Http/Access/Right.cs). */
export type Right = 'reports' | 'leads' | 'workLeads' | 'spend' | 'operate' | 'settings' | 'people' | 'export' | 'forgotten';

export const sessionKey = ['session'] as const;

/** All tabs of a browser have one session. Who goes out, or comes in as somebody else, does so in all of them; what a tab still holds of the one before goes with its page. */
const tabs = new BroadcastChannel('leadingest.session');
export const tellOtherTabs = (): void => tabs.postMessage('changed');

/** A page that the browser had put aside comes back as it was left, whoever has signed out since: it is asked for anew. */
function useFreshPage(): void {
  useEffect(() => {
    const shown = (e: PageTransitionEvent): void => void (e.persisted && location.reload());
    const told = (): void => location.reload();
    addEventListener('pageshow', shown);
    tabs.addEventListener('message', told);
    return () => {
      removeEventListener('pageshow', shown);
      tabs.removeEventListener('message', told);
    };
  }, []);
}

export function useSessionQuery() {
  const client = useQueryClient();
  useFreshPage();
  const query = useQuery<Session, Problem>({
    queryKey: sessionKey,
    staleTime: 60_000,
    retry: (_, problem) => problem.status === 0,
    retryDelay: 3_000,
    queryFn: async () => {
      const { data, error } = await api.GET('/v1/session');
      if (!data) throw error as unknown as Problem;
      callWith({ csrf: data.csrfToken ?? '' });
      return data as Session;
    },
  });
  useEffect(() => whenSignedOut(() => void client.invalidateQueries({ queryKey: sessionKey })), [client]);
  return query;
}

const SessionContext = createContext<Session | null>(null);
const ProjectContext = createContext<Project | null>(null);

export const SessionProvider = ({ value, children }: { value: Session; children: ReactNode }) => <SessionContext value={value}>{children}</SessionContext>;

export function ProjectProvider({ value, children }: { value: Project; children: ReactNode }) {
  // At once, not in an effect: the children's first calls need it.
  callWith({ project: value.id });
  return <ProjectContext value={value}>{children}</ProjectContext>;
}

/** Who is signed in. Null on the pages before that. */
export const useSession = (): Session | null => useContext(SessionContext);

/** The project that the address names; null outside of one. */
export const useProject = (): Project | null => useContext(ProjectContext);

/** The project inside of one. */
export function useOpenProject(): Project {
  const project = useProject();
  if (!project) throw new Error('This belongs inside a project.');
  return project;
}

export function useMay(): (right: Right) => boolean {
  const project = useProject();
  return (right) => project !== null && project.rights.includes(right);
}
