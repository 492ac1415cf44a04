import { useAddress, useRange } from '../../parts/range';
import type { Query } from '../../api/client';

/** What both halves of the page are asked with: days and filters of the address. */
export function useFunnelQuery(): Query {
  const [get] = useAddress();
  const { from, to, compare } = useRange(90);
  return { from, to, compare, source: get('source'), manager: get('manager') };
}
