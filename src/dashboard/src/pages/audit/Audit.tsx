import { Room } from '../../parts/Room';

export default function Audit() {
  return <Room title="Audit">…</Room>;
}
