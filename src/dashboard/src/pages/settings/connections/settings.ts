import type { Schemas } from '../../../api/client';
import { mapOf, pairsOf, type Pair } from '../MapField';
import { hoursToSend, type Hours } from '../project/hours';

type Settings = Schemas['ConnectionSettings'];
type Actions = Schemas['RuleActions'];

/** As the form holds them: maps are lines, days are texts. */
export type ActionValues = Omit<Actions, 'fields' | 'responsible'> & { fields?: Pair[]; responsible?: { previous?: boolean; users?: string[] } };
interface RuleValues {
  name?: string;
  when?: Schemas['RuleConditions'];
  then?: ActionValues;
}
export interface SettingsValues {
  settings: Omit<Settings, 'routing'> & { routing?: { always?: ActionValues; rules?: RuleValues[]; hasHours?: boolean; workingHours?: Hours } };
}

const actionValues = (a: Actions | null | undefined): ActionValues => {
  const { responsible, fields, ...rest } = a ?? {};
  // A list of choices and words holds texts.
  return { ...rest, fields: pairsOf(fields ?? undefined), responsible: { previous: responsible?.previous ?? false, users: (responsible?.users ?? []).map(String) } };
};

export const toValues = ({ routing, ...rest }: Settings): SettingsValues => ({
  settings: {
    ...rest,
    routing: {
      always: actionValues(routing?.always),
      rules: (routing?.rules ?? []).map((r) => ({ name: r.name ?? '', when: r.when ?? {}, then: actionValues(r.then) })),
      hasHours: Boolean(routing?.workingHours),
      workingHours: (routing?.workingHours ?? {}) as Hours,
    },
  },
});

/** Without what was left empty, all the way down: null and [] would be conditions that never hold. */
const filled = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(filled).filter((v) => v !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value)
      .map(([k, v]) => [k, filled(v)] as const)
      .filter(([, v]) => v !== undefined);
    return parts.length > 0 ? Object.fromEntries(parts) : undefined;
  }
  return value === null || value === '' || value === false || value === undefined ? undefined : typeof value === 'string' ? value.trim() || undefined : value;
};

const userIds = (users: readonly string[] | undefined): number[] => (users ?? []).map(Number).filter((n) => Number.isInteger(n));

const actionsToSend = (v: ActionValues | undefined): Actions => {
  const { fields, responsible, ...rest } = v ?? {};
  return (filled({ ...rest, responsible: responsible && { previous: responsible.previous, users: userIds(responsible.users) }, fields: mapOf(fields) }) ?? {}) as Actions;
};

/** What stood in the settings and has no place in the form is sent back as it was. */
export function toSettings({ settings: { routing, ...rest } }: SettingsValues, before: Settings): Settings {
  const always = actionsToSend(routing?.always);
  const rules = (routing?.rules ?? []).map((r) => ({ name: r.name?.trim() ?? '', when: (filled(r.when) ?? {}) as Schemas['RuleConditions'], then: actionsToSend(r.then) }));
  const hours = routing?.hasHours ? { workingHours: hoursToSend(routing.workingHours), daysOff: before.routing?.daysOff ?? [] } : {};
  const isRouted = rules.length > 0 || Object.keys(always).length > 0 || routing?.hasHours;
  const { routing: _, ...kept } = before;
  const own = filled({ ...kept, ...rest }) as Omit<Settings, 'routing'> | undefined;
  return { ...own, ...(isRouted ? { routing: { always, rules, ...hours } } : {}) } as Settings;
}
