import { Room } from '../../parts/Room';

export default function Funnel() {
  return <Room title="Funnel">…</Room>;
}
