import { Room } from '../../parts/Room';

export default function Invitation() {
  return <Room title="Invitation">…</Room>;
}
