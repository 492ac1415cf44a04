import { useAddress, useRange } from '../../parts/range';
import type { ReportQuery } from '../../parts/report';

/** What both halves of the page are asked with: days and filters of the address. */
export function useFunnelQuery(): ReportQuery {
  const [get] = useAddress();
  const { from, to, compare } = useRange(90);
  return { from, to, compare, source: get('source'), manager: get('manager') };
}
