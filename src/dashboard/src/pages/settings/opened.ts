import { useNavigate, useParams } from 'react-router';
import { useOpenProject } from '../../app/session';

/** What is open within a tab, by its address (/settings/sites/{id}), and the way to open something else or nothing. */
export function useOpened(tab: string): [string, (what?: string) => void] {
  const project = useOpenProject();
  const navigate = useNavigate();
  const rest = (useParams()['*'] ?? '').split('/');
  return [rest[1] ?? '', (what) => void navigate(`/p/${project.id}/settings/${tab}${what ? `/${what}` : ''}`)];
}
