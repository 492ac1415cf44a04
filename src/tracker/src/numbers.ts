import { doc, grab, safe } from './page';

/** A number of the site, E.164, and the number to show in its place. */
export interface Swap {
  replace: string;
  number: string;
}

interface Rule {
  pattern: RegExp;
  /** Digits of the site's number and of the one to show, without a 7 or 8 before ten. */
  own: string;
  core: string;
  number: string;
}

const skipped = 'head,textarea,[contenteditable],[data-leadingest=off]';
// Whatever people put between digits: spaces, brackets, dots, dashes of all kinds, characters without width.
const between = '[\\s().\\-\\xad\\u200b\\u2010-\\u2015\\u2212\\u2060]*';
const maxOwnWrites = 5000;

const digits = (text: string): string => text.replace(/\D/g, '');
const isDigit = (char: string | undefined): boolean => /\d/.test(char!);
/** The digits alone, without the 7 or 8 that stands before ten digits in Russia. */
const national = (number: string): string => digits(number).replace(/^[78](?=\d{10}$)/, '');

/** What a node said, what it says now by our doing, and the swap that did it. */
const changed = new WeakMap<Node, [was: string, is: string, round: number]>();
const listeners: ((number: string) => void)[] = [];
let rules: Rule[] = [];
let round = 0;
let writes = 0;

const rule = ({ replace, number }: Swap): Rule => {
  const own = national(replace);
  return {
    own,
    core: national(number),
    number,
    pattern: RegExp((own.length == 10 ? `([78]${between})?` : '') + own.split('').join(between), 'g'),
  };
};

/** "8 (495) 123-45-67" → "8 (495) 000-00-02": the owner's way of writing stays. */
const masked = (text: string, core: string): string => {
  let i = core.length - digits(text).length;
  return text.replace(/\d/g, (digit) => core[i++] || digit);
};

/** Texts and attributes alike. Null: what was there before. */
const set = (node: Node, text: string | null): void => {
  const before = node.nodeValue!;
  const past = changed.get(node);
  const was = past && past[1] == before ? past[0] : before;
  if (text == null) text = was;
  if (text == before) return;
  writes++;
  node.nodeValue = text;
  changed.set(node, [was, text, round]);
};

const undoOlder = (node: Node): void => {
  const past = changed.get(node);
  if (past && past[2] < round) set(node, null);
};

const scanLink = (link: Element): void => {
  const href = link.getAttributeNode('href');
  if (!href) return;
  undoOlder(href);
  // "%2B7" and "%20": escapes hold no digits of the number.
  const dialled = national(grab(href.value.replace(/%../g, ''), /^tel:([^;,?]*)/i));
  for (const { own, number } of rules) if (dialled == own && !link.closest(skipped)) set(href, 'tel:' + number);
};

/** Swaps below a node. All texts are read as one, so that a number split over several tags is found too. */
const scan = (root: Element): void => {
  const nodes: Text[] = [];
  const starts: number[] = [];
  let all = '';
  const walker = doc.createTreeWalker(root, 4);
  for (let node; (node = walker.nextNode() as Text | null); ) {
    if (/^(SCRIPT|STYLE)$/.test(node.parentNode!.nodeName)) continue;
    undoOlder(node);
    nodes.push(node);
    starts.push(all.length);
    all += node.data;
  }
  for (const { pattern, core } of rules) {
    let first = 0;
    for (let match; (match = pattern.exec(all)); ) {
      const text = masked(match[0], core);
      const from = match.index;
      const to = from + text.length;
      while (starts[first + 1]! <= from) first++;
      let last = first;
      while (starts[last + 1]! < to) last++;
      // Part of a longer number, or not to be touched.
      if (
        isDigit(nodes[first]!.data[from - starts[first]! - 1]) ||
        isDigit(nodes[last]!.data[to - starts[last]!]) ||
        nodes[first]!.parentElement!.closest(skipped)
      )
        continue;
      for (let i = first; i <= last; i++) {
        const { data } = nodes[i]!;
        const offset = from - starts[i]!;
        const start = Math.max(offset, 0);
        const end = Math.min(offset + text.length, data.length);
        set(nodes[i]!, data.slice(0, start) + text.slice(start - offset, end - offset) + data.slice(end));
      }
    }
  }
  [root, ...root.querySelectorAll('a[href^="tel:" i]')].forEach(scanLink);
};

/** Swaps in what has changed on the page. @param observer its own changes are taken out of it. */
export const scanChanges = (records: MutationRecord[], observer: MutationObserver): void => {
  if (!round) return;
  const roots = new Set<Node>();
  for (const { type, target, addedNodes } of records) {
    if (type != 'childList') roots.add(target.nodeType == 3 ? target.parentNode! : target);
    else
      addedNodes.forEach((node) => {
        // Beside its neighbours, as the number may be split among them; a whole page is too much for that.
        if (isDigit(node.textContent!) || changed.has(node)) roots.add(node.nodeType == 3 || target != doc.body ? target : node);
      });
  }
  roots.forEach((root) => {
    for (let above = root && root.parentNode; above; above = above.parentNode) if (roots.has(above)) return;
    if (root && root.nodeType == 1) scan(root as Element);
  });
  observer.takeRecords();
  // Somebody writes back what we write: the page's peace is worth more than the number.
  if (writes > maxOwnWrites) observer.disconnect();
};

/** Looks through the whole page once more. */
export const rescan = (): void => {
  writes = 0;
  scan(doc.documentElement);
};

export const number = (): string | undefined => rules[0] && rules[0].number;

/** Tells the number shown, now and whenever it changes; nothing while the owner's own is shown. */
export const onNumber = (callback: (number: string) => void): void => {
  callback = safe(callback);
  listeners.push(callback);
  if (rules[0]) callback(rules[0].number);
};

let shown = '';

/** Shows these numbers from now on; none: the owner's own again. */
export const show = (swaps: Swap[]): void => {
  const next = swaps.map((swap) => swap.replace + swap.number).join('');
  writes = 0;
  if (next == shown) return;
  shown = next;
  const start = performance.now();
  // A mistaken setting of a few digits must not change prices; numbers of another length do not fit into the page's way of writing.
  rules = swaps.map(rule).filter(({ own, core }) => own.length > 6 && own.length == core.length);
  round++;
  rescan();
  safe(() => performance.measure('leadingest-swap', { start }))();
  listeners.forEach((listener) => rules[0] && listener(rules[0].number));
};
