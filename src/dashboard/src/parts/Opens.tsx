import type { ReactNode } from 'react';

/** A figure that opens what stands behind it: looks like the figure, works like a button. */
export function Opens({ children, label, onOpen }: { children: ReactNode; label?: string; onOpen: () => void }) {
  return (
    <button
      type="button"
      className="opens numbers"
      aria-label={label}
      onClick={(e) => {
        e.stopPropagation();
        onOpen();
      }}
    >
      {children}
    </button>
  );
}
