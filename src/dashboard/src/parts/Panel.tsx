import type { ReactNode } from 'react';

/** A card without the library's, which brings tabs with it: for pages that must stay light. */
export function Panel({ title, extra, children }: { title?: ReactNode; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel">
      {(title || extra) && (
        <header>
          <strong>{title}</strong>
          {extra}
        </header>
      )}
      <div className="content">{children}</div>
    </section>
  );
}
