import { SearchOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import type { ComponentProps } from 'react';
import { useAddress } from './range';
import { useTyped } from './typed';

interface Props {
  /** In the address. */
  readonly name: string;
  readonly label: string;
  readonly width?: number;
  /** Milliseconds before what was typed is asked for; longer where half a word is no question. */
  readonly pause?: number;
  readonly inputMode?: ComponentProps<typeof Input>['inputMode'];
}

/** A field of search that stands in the address: asked for after a pause, or at once by Enter. */
export function AddressSearch({ name, label, width = 260, pause, inputMode }: Props) {
  const [get, set] = useAddress();
  const [typed, type, ask] = useTyped(get(name), (text) => set({ [name]: text }), pause);
  return (
    <Input
      type="search"
      aria-label={label}
      placeholder={label}
      prefix={<SearchOutlined aria-hidden />}
      allowClear
      maxLength={320}
      inputMode={inputMode}
      value={typed}
      onChange={(e) => type(e.target.value)}
      onPressEnter={() => ask(typed)}
      onBlur={() => ask(typed)}
      style={{ width, maxWidth: '100%' }}
    />
  );
}
