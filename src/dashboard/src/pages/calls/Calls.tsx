import { Room } from '../../parts/Room';

export default function Calls() {
  return <Room title="Calls">…</Room>;
}
