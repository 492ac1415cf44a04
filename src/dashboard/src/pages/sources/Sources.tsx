import { Room } from '../../parts/Room';

export default function Sources() {
  return <Room title="Sources">…</Room>;
}
