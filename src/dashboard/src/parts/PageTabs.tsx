import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';

interface Tab<K extends string> {
  readonly key: K;
  readonly label: ReactNode;
  readonly page: () => ReactNode;
}

/** Tabs of a page. On a narrow screen they scroll sideways: the library's own hide some behind a button that a list of tabs may not hold. Arrows, Home and End walk over them. */
export function PageTabs<K extends string>({ label, tabs, active, onChange }: { label: string; tabs: readonly Tab<K>[]; active: K; onChange: (key: K) => void }) {
  const id = useId();
  const bar = useRef<HTMLDivElement>(null);
  // A tab that was opened by its address may stand outside of a narrow screen.
  useEffect(() => {
    const tab = bar.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (bar.current && tab) bar.current.scrollLeft = tab.offsetLeft - bar.current.offsetLeft - (bar.current.clientWidth - tab.offsetWidth) / 2;
  }, [active]);
  const walk = (e: KeyboardEvent): void => {
    const at = tabs.findIndex((t) => t.key === active);
    const to = { ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at - 1 + tabs.length) % tabs.length, Home: 0, End: tabs.length - 1 }[e.key];
    const next = to === undefined ? undefined : tabs[to];
    if (!next) return;
    e.preventDefault();
    onChange(next.key);
    bar.current?.querySelectorAll<HTMLElement>('[role="tab"]')[tabs.indexOf(next)]?.focus();
  };
  return (
    <div className="stack">
      <div ref={bar} role="tablist" aria-label={label} className="page-tabs" onKeyDown={walk}>
        {tabs.map((tab) => (
          <button key={tab.key} type="button" role="tab" id={`${id}-${tab.key}`} aria-selected={tab.key === active} aria-controls={`${id}-panel`} tabIndex={tab.key === active ? 0 : -1} onClick={() => onChange(tab.key)}>
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${active}`}>
        {tabs.find((tab) => tab.key === active)?.page()}
      </div>
    </div>
  );
}
