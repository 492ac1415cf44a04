import { Room } from '../../parts/Room';

export default function Money() {
  return <Room title="Money">…</Room>;
}
