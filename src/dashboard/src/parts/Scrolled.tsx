import type { ReactNode } from 'react';

/** A small table that may be wider than its place: scrolled by mouse, finger and keyboard. */
export function Scrolled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section tabIndex={0} aria-label={label} style={{ overflowX: 'auto', maxWidth: '100%' }}>
      {children}
    </section>
  );
}
