import { Room } from '../../parts/Room';

export default function Retention() {
  return <Room title="Retention">…</Room>;
}
