import { Room } from '../../parts/Room';

export default function Forgotten() {
  return <Room title="Forgotten">…</Room>;
}
