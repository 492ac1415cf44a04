import { InputNumber } from 'antd';
import { useId } from 'react';
import { useAddress } from './range';
import { useTyped } from './typed';

/** A number of a filter that stands in the address; the usual one need not. */
export function AddressNumber({ name, label, usual, min, max, step = 1 }: { name: string; label: string; usual?: number; min: number; max: number; step?: number }) {
  const id = useId();
  const [get, set] = useAddress();
  const asked = get(name) || String(usual ?? '');
  const [typed, type, ask] = useTyped(asked, (text) => set({ [name]: text === String(usual ?? '') ? undefined : text }));
  return (
    <div style={{ display: 'grid', gap: 4 }}>
      <label htmlFor={id} style={{ fontSize: 13 }}>
        {label}
      </label>
      <InputNumber id={id} min={min} max={max} step={step} precision={0} value={typed === '' ? null : Number(typed)} onChange={(v) => type(v === null ? '' : String(v))} onPressEnter={() => ask(typed)} style={{ width: 150 }} />
    </div>
  );
}
