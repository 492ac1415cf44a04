import { InputNumber, Select } from 'antd';

/** An id of the CRM: chosen by its name where names are known, else typed in. Stands in a Form.Item. */
export function CrmId({ options, placeholder, ...field }: { options: readonly { value: number; label: string }[]; placeholder?: string; id?: string; value?: number | null; onChange?: (v: number | null) => void }) {
  if (options.length === 0) return <InputNumber {...field} {...(placeholder ? { placeholder } : {})} min={0} precision={0} style={{ width: '100%' }} />;
  const known = options.some((o) => o.value === field.value) || field.value === null || field.value === undefined;
  return (
    <Select
      {...field}
      value={field.value ?? undefined}
      {...(placeholder ? { placeholder } : {})}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      options={[...(known ? [] : [{ value: field.value!, label: String(field.value) }]), ...options]}
      onChange={(v: number | undefined) => field.onChange?.(v ?? null)}
    />
  );
}
