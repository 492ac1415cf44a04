import { Room } from '../../parts/Room';

export default function SetUp() {
  return <Room title="SetUp">…</Room>;
}
