import { Room } from '../../parts/Room';

export default function Team() {
  return <Room title="Team">…</Room>;
}
