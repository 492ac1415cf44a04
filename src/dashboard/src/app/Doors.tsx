import { Flex, Spin } from 'antd';
import { Suspense } from 'react';
import { Link, Navigate, Route, Routes, useParams } from 'react-router';
import { Failed, State } from '../parts/States';
import { Confirming } from './Confirming';
import { Frame } from './Frame';
import { lazily } from './lazily';
import { ProjectProvider, SessionProvider, useSessionQuery, type Session } from './session';
import { defineTexts } from './texts';

const SignIn = lazily(() => import('../pages/session/SignIn'));
const SetUp = lazily(() => import('../pages/session/SetUp'));
const Invitation = lazily(() => import('../pages/session/Invitation'));
const ResetPassword = lazily(() => import('../pages/session/ResetPassword'));
const Account = lazily(() => import('../pages/account/Account'));
const Projects = lazily(() => import('../pages/projects/Projects'));

const texts = defineTexts(
  { notYours: 'Этого проекта у вас нет', why: 'Его адрес неверен, или вас в нём больше нет.', own: 'К моим проектам' },
  { notYours: 'This is no project of yours', why: 'Its address is wrong, or you are not in it any more.', own: 'To my projects' },
);

export const waiting = (
  <Flex justify="center" style={{ padding: '20vh 0' }}>
    <Spin size="large" aria-label="…" />
  </Flex>
);

/** Which door a visitor comes in by: the first set-up, the sign-in, or the pages. */
export function Doors() {
  const query = useSessionQuery();
  if (query.isPending) return waiting;
  if (!query.data) return <Failed problem={query.error ?? { status: 0 }} retry={() => void query.refetch()} />;
  const session = query.data;
  return (
    <SessionProvider value={session}>
      <Suspense fallback={waiting}>
        <Routes>
          <Route path="/invitation" element={<Invitation />} />
          <Route path="/password" element={<ResetPassword />} />
          <Route path="/invitation/:token" element={<FromFormerLink to="/invitation" />} />
          <Route path="/password/:token" element={<FromFormerLink to="/password" />} />
          {session.state === 'setup' && <Route path="*" element={<SetUp />} />}
          {session.state === 'signedOut' && <Route path="*" element={<SignIn />} />}
          {session.state === 'signedIn' && (
            <>
              <Route element={<Frame />}>
                <Route path="/projects" element={<Projects />} />
                <Route path="/account" element={<Account />} />
              </Route>
              <Route path="/p/:projectId/*" element={<InProject session={session} />} />
              <Route path="*" element={<Navigate to={session.user?.needsTotp ? '/account' : first(session)} replace />} />
            </>
          )}
        </Routes>
      </Suspense>
      <Confirming />
    </SessionProvider>
  );
}

/** Links of former versions have the token in the path, which proxies write into their logs; those of now have it behind the `#`, which no browser sends. */
const FromFormerLink = ({ to }: { to: string }) => <Navigate to={{ pathname: to, hash: useParams().token ?? '' }} replace />;

const first = (session: Session): string => {
  const [only] = session.projects;
  return session.projects.length === 1 && only ? `/p/${only.id}` : '/projects';
};

function InProject({ session }: { session: Session }) {
  const t = texts.use();
  const { projectId } = useParams();
  const project = session.projects.find((p) => p.id === projectId);
  if (!project)
    return (
      <State title={t('notYours')} why={t('why')}>
        <Link to="/projects">{t('own')}</Link>
      </State>
    );
  // Another project is another page: nothing of the one before stays in it.
  return (
    <ProjectProvider value={project} key={project.id}>
      <Frame />
    </ProjectProvider>
  );
}
