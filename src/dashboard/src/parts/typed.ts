import { useEffect, useRef, useState } from 'react';

/** How long a person pauses before what was typed is asked for. */
const pause = 350;

/**
 * What stands in a field of search, and, after a pause, what is asked for: `const [typed, type] = useTyped(get('q'), (q) => set({ q }))`.
 * The third member asks at once.
 */
export function useTyped(asked: string, ask: (text: string) => void, wait = pause): [string, (text: string) => void, (text: string) => void] {
  const [typed, setTyped] = useState(asked);
  // The address follows a moment later than it is set; by then more may have been typed, which must stay.
  const sent = useRef(asked);
  // What it does may have changed by the time that it is called: it knows the rest of the address.
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const send = (text: string): void => {
    clearTimeout(timer.current);
    if (text.trim() === sent.current) return;
    sent.current = text.trim();
    latest.current(sent.current);
  };
  useEffect(() => {
    if (asked === sent.current) return;
    sent.current = asked;
    setTyped(asked);
  }, [asked]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (text: string): void => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(text), wait);
  };
  return [typed, type, send];
}
