import { Room } from '../../parts/Room';

export default function SignIn() {
  return <Room title="SignIn">…</Room>;
}
