import { Room } from '../../parts/Room';

export default function Leads() {
  return <Room title="Leads">…</Room>;
}
