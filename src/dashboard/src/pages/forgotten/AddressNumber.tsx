import { InputNumber } from 'antd';
import { useEffect, useId, useState } from 'react';
import { useAddress } from '../../parts/range';

/** While somebody types, a list is not asked for at every digit. */
const pause = 400;

/** A number of a filter that stands in the address. */
export function AddressNumber({ name, label, usual, min, max, step = 1 }: { name: string; label: string; usual?: number; min: number; max: number; step?: number }) {
  const id = useId();
  const [get, set] = useAddress();
  const said = get(name);
  const value = said ? Number(said) : (usual ?? null);
  const [typed, setTyped] = useState<number | null>(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => set({ [name]: typed === null || typed === usual ? undefined : String(typed) }), pause);
    return () => clearTimeout(timer);
    // What is typed alone starts the wait: the setter is new at every drawing.
  }, [typed]);
  return (
    <div style={{ display: 'grid', gap: 4 }}>
      <label htmlFor={id} style={{ fontSize: 13 }}>
        {label}
      </label>
      <InputNumber id={id} min={min} max={max} step={step} precision={0} value={typed} onChange={(v) => setTyped(typeof v === 'number' ? v : null)} style={{ width: 150 }} />
    </div>
  );
}
