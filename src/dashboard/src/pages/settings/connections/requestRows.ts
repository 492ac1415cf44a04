export interface Row {
  readonly field: string;
  readonly value: string;
}

/** Of {field_code, values: [{value}]}, as amoCRM writes its fields: one line by the field's own name. */
const codeOf = (v: Record<string, unknown>): string | undefined => {
  const code = v.field_code ?? v.field_id;
  return Array.isArray(v.values) && (typeof code === 'string' || typeof code === 'number') ? String(code) : undefined;
};

/** What a request says, field by field, whatever the shape of it. */
export function rowsOf(body: unknown, path = ''): Row[] {
  if (body === null || body === undefined) return [];
  if (typeof body !== 'object') return [{ field: path || '·', value: String(body) }];
  if (Array.isArray(body)) return body.flatMap((v, i) => rowsOf(v, named(v) ? path : body.length > 1 ? `${path}[${i + 1}]` : path));
  const object = body as Record<string, unknown>;
  const code = codeOf(object);
  if (code) return [{ field: path ? `${path} › ${code}` : code, value: (object.values as unknown[]).map((v) => (typeof v === 'object' && v !== null && 'value' in v ? String(v.value) : JSON.stringify(v))).join(', ') }];
  return Object.entries(object).flatMap(([name, v]) => rowsOf(v, skipped.has(name) ? path : path ? `${path} › ${name}` : name));
}

const named = (v: unknown): boolean => typeof v === 'object' && v !== null && codeOf(v as Record<string, unknown>) !== undefined;
/** Wrappings that say nothing to a person. */
const skipped = new Set(['custom_fields_values', '_embedded']);
