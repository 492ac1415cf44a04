import { Room } from '../../parts/Room';

export default function Projects() {
  return <Room title="Projects">…</Room>;
}
