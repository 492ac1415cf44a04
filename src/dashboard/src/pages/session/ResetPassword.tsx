import { Room } from '../../parts/Room';

export default function ResetPassword() {
  return <Room title="ResetPassword">…</Room>;
}
