import { useNavigate, useParams } from 'react-router';
import { useOpenProject } from '../../app/session';

/** What is open within a tab, by its address (/delivery/rejects/{id}); filters of the list stay as they are. */
export function useOpened(tab: string): [string, (what?: string) => void] {
  const project = useOpenProject();
  const navigate = useNavigate();
  const rest = (useParams()['*'] ?? '').split('/');
  return [rest[1] ?? '', (what) => void navigate({ pathname: `/p/${project.id}/delivery/${tab}${what ? `/${what}` : ''}`, search: location.search })];
}
