/** A name for who listens that also holds what is seen: somebody may speak to the page. Narrow spaces of numbers are said as spaces. */
export function spoken(seen: string, label: string | undefined): string | undefined {
  if (!label) return undefined;
  const plain = (text: string): string => text.replace(/[\u00a0\u202f\s]+/g, ' ').trim();
  const [one, other] = [plain(seen), plain(label)];
  return other.includes(one) ? other : `${one}: ${other}`;
}
