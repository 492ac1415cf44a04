import { Room } from '../../parts/Room';

export default function Delivery() {
  return <Room title="Delivery">…</Room>;
}
