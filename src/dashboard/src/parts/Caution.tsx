import { WarningOutlined } from '@ant-design/icons';
import { theme } from 'antd';
import type { ReactNode } from 'react';

/** Something that a figure leaves out or that did not work, said in passing. */
export function Caution({ children }: { children: ReactNode }) {
  const { token } = theme.useToken();
  return (
    <span role="note">
      <WarningOutlined aria-hidden style={{ color: token.colorWarning, marginInlineEnd: 6 }} />
      {children}
    </span>
  );
}
