import { Room } from '../../parts/Room';

export default function Account() {
  return <Room title="Account">…</Room>;
}
