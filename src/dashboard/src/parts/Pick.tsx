import { Select } from 'antd';
import type { Schemas } from '../api/client';
import { addMonths, useToday } from './days';
import { useAddress } from './range';
import { useReport } from './report';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface Props {
  /** In the address. */
  readonly name: string;
  readonly label: string;
  readonly options: readonly Choice[];
  /** What stands when the address says nothing; absent: an empty choice that means «all». */
  readonly first?: string;
  readonly all?: string;
  readonly width?: number;
}

/** What the address says, if it is among the choices. */
export function useChoice<T extends string>(name: string, values: readonly T[], first: T): T {
  const [get] = useAddress();
  const said = get(name);
  return values.find((v) => v === said) ?? first;
}

/** A choice that stands in the address. */
export function Pick({ name, label, options, first, all, width = 170 }: Props) {
  const [get, set] = useAddress();
  const said = get(name);
  const known = !said || options.some((o) => o.value === said) ? options : [{ value: said, label: said }, ...options];
  return (
    <Select
      aria-label={label}
      value={said || (first ?? '')}
      onChange={(value) => set({ [name]: value === first ? undefined : value })}
      options={[...(first === undefined ? [{ value: '', label: all ?? label }] : []), ...known]}
      style={{ minWidth: width, maxWidth: 'min(100%, 340px)' }}
      popupMatchSelectWidth={false}
      showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false}
    />
  );
}

/** Sources or managers that the project's clients have come from or belong to, for the choices of a filter. */
export function useNames(groupBy: 'source' | 'manager', enabled = true): readonly Choice[] {
  const from = addMonths(useToday(), -24);
  const asked = useReport<Schemas['GetClientBaseReportResponse']>('/v1/reports/clients', { groupBy, from }, enabled);
  const choices = (asked.data?.rows ?? []).flatMap((r) => (r.group && r.group.key !== '(none)' ? [{ value: r.group.key, label: r.group.name ?? r.group.key }] : []));
  return choices.sort((a, b) => a.label.localeCompare(b.label));
}
