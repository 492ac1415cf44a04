import { Room } from '../../parts/Room';

export default function Clients() {
  return <Room title="Clients">…</Room>;
}
