import type { ReactNode } from 'react';
import { spoken } from './spoken';

/** A figure that opens what stands behind it: looks like the figure, works like a button. */
export function Opens({ children, label, onOpen }: { children: ReactNode; label?: string; onOpen: () => void }) {
  return (
    <button
      type="button"
      className="opens numbers"
      aria-label={typeof children === 'string' ? spoken(children, label) : label}
      onClick={(e) => {
        e.stopPropagation();
        onOpen();
      }}
    >
      {children}
    </button>
  );
}
