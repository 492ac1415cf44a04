import { Room } from '../../parts/Room';

export default function Overview() {
  return <Room title="Overview">…</Room>;
}
