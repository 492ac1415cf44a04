/** English sentences of the service with their Russian ones, as they stand in src/words: `{0}` for what is filled in, `{0:ru}` for what is looked up itself before it is put there. */
type Book = Readonly<Record<string, string>>;

interface Pattern {
  /** What stands around the places, in order: one more than there are places. */
  readonly literals: readonly string[];
  readonly russian: string;
}

/** What stands in the places; a place ends at the first occurrence of what follows it. */
function fit(literals: readonly string[], text: string): string[] | undefined {
  const [first = '', ...rest] = literals;
  const last = rest.pop() ?? '';
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return undefined;
  const values: string[] = [];
  let at = first.length;
  for (const literal of rest) {
    const next = text.indexOf(literal, at);
    if (next < 0 || next + literal.length > end) return undefined;
    values.push(text.slice(at, next));
    at = next + literal.length;
  }
  return [...values, text.slice(at, end)];
}

const lengthOf = ({ literals }: Pattern): number => literals.join('').length;

/** Finds the Russian sentence of what the service said; undefined when it knows none. The service reads the same files by the same rules: Http/Sentences.cs. */
export function russianOf(...books: readonly Book[]): (english: string) => string | undefined {
  const whole = new Map<string, string>();
  const patterns: Pattern[] = [];
  for (const [english, russian] of books.flatMap(Object.entries) as [string, string][]) {
    if (/\{\d\}/.test(english)) patterns.push({ literals: english.split(/\{\d\}/), russian });
    else whole.set(english, russian);
  }
  // The most particular first.
  patterns.sort((a, b) => lengthOf(b) - lengthOf(a));
  const say = (english: string): string | undefined => {
    const known = whole.get(english);
    if (known !== undefined) return known;
    for (const { literals, russian } of patterns) {
      const values = fit(literals, english);
      if (values) return russian.replace(/\{(\d)(:ru)?\}/g, (_, place: string, isSaid?: string) => ((value) => (isSaid ? (say(value) ?? value) : value))(values[Number(place)] ?? ''));
    }
    return undefined;
  };
  return say;
}
