import { Room } from '../../parts/Room';

export default function Settings() {
  return <Room title="Settings">…</Room>;
}
