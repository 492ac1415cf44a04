import { Room } from '../../parts/Room';

export default function Rules() {
  return <Room title="Rules">…</Room>;
}
