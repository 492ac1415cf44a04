/** How far the clocks of a zone stand from UTC at a moment, in milliseconds. */
function offsetOf(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((p) => p.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(at / 1000) * 1000;
}

/** When a day (`2026-11-22`) begins by the clocks of a zone, `later` days on. Clocks may be moved in between, so the offset is asked for at the answer too. */
export function beginningOf(day: string, zone: string, later = 0): string {
  const midnight = Date.parse(`${day}T00:00:00Z`) + later * 86_400_000;
  const guess = midnight - offsetOf(midnight, zone);
  return new Date(midnight - offsetOf(guess, zone)).toISOString();
}
