import { useMemo } from 'react';
import type { paths } from '../../api/schema';
import { useOpenProject } from '../../app/session';
import { useAddress, useRange } from '../../parts/range';
import { isDimension, presets, type Dimension } from './dimensions';
import type { Romi } from './figures';

export type SourcesQuery = NonNullable<paths['/v1/reports/sources']['get']['parameters']['query']>;

/** Filters that stand in the address under the service's own names. */
export const filterNames = ['channel', 'source', 'medium', 'campaign', 'keyword', 'siteId', 'connectionId', 'pipeline', 'manager'] as const;
export type FilterName = (typeof filterNames)[number];

/** Everything of the address that a saved view keeps; days only where a person wants them kept. */
export const kept = ['by', 'flat', 'model', 'basis', 'refunds', 'compare', 'sort', 'romi', ...filterNames] as const;

export interface Asked {
  readonly groups: readonly Dimension[];
  readonly isFlat: boolean;
  readonly romi: Romi;
  readonly query: SourcesQuery;
}

const without = (values: Record<string, string | number | boolean | undefined>): SourcesQuery => Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== '' && v !== false)) as SourcesQuery;

/** What the page's address asks the report for. */
export function useAsked(): Asked {
  const project = useOpenProject();
  const [get] = useAddress();
  const range = useRange();
  const [by, flat, model, basis, refunds, sort, romi] = [get('by'), get('flat'), get('model'), get('basis'), get('refunds'), get('sort'), get('romi')];
  const filters = filterNames.map((n) => get(n)).join('\n');
  return useMemo(() => {
    const chosen = [...new Set(by.split(',').filter(isDimension))];
    const groups = chosen.length > 0 ? chosen : presets[0]!;
    const values = filters.split('\n');
    return {
      groups,
      isFlat: flat === '1' && groups.length > 1,
      romi: romi === 'payback' || romi === 'net' ? romi : project.romi,
      query: without({
        groupBy: groups.join(','), from: range.from, to: range.to, compare: range.compare, model: basis === 'client' ? undefined : model, basis: basis === 'client' ? basis : undefined, refunds: refunds === 'cash' ? refunds : undefined, sort,
        ...Object.fromEntries(filterNames.map((n, i) => [n, values[i]])),
      }),
    };
  }, [by, flat, model, basis, refunds, sort, romi, filters, range, project.romi]);
}
