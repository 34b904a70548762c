import { columnOf } from './indentation.ts';
import type { Scan } from './scan.ts';
import { tokenKind } from './token.ts';

/** How what stands in a bracket is read. */
export type BracketRole = 'arguments' | 'list' | 'braces';

/** A bracket whose content is a list of things that can be read one by one. */
export interface Bracket {
  readonly role: BracketRole;
  readonly opener: number;
  /** Index of the token after the content: the closing bracket, or what follows where it is missing. */
  readonly end: number;
  readonly isClosed: boolean;
  readonly items: readonly Item[];
  /** A comma follows another, or stands before the first item. */
  readonly hasGap: boolean;
}

/** From the token `first` to before the token `last`, without comments at its ends. */
export interface Item {
  readonly first: number;
  readonly last: number;
  /** No comma stands between it and the item before it. */
  readonly lacksComma: boolean;
}

/** Words after which no operand has been written yet, so that a bracket begins one. */
const operators = new Set(
  'and as assert await del elif else for from if import in is lambda not or raise return while with yield'.split(' '),
);

/** The bracket that opens at a token; undefined where it is a subscript, a comprehension or grouping parentheses. */
export function bracketAt(scan: Scan, opener: number, lineFirst: number): Bracket | undefined {
  const { text, starts } = scan.tokens;
  const character = text.charAt(starts[opener] ?? 0);
  const followsOperand = opener > lineFirst && endsOperand(scan, opener - 1);
  if (character === '[' && followsOperand) return undefined;
  const closer = scan.closers[opener];
  if (closer === undefined) return undefined;
  const end = closer < 0 ? ~closer : closer;
  const cut = itemsIn(scan, opener + 1, end);
  if (cut === undefined) return undefined;
  const isGroup = character === '(' && !followsOperand && !hasComma(scan, opener + 1, end);
  if (isGroup) return undefined;
  return { role: roleOf(character, followsOperand), opener, end, isClosed: closer >= 0, ...cut };
}

function roleOf(character: string, followsOperand: boolean): BracketRole {
  if (character === '{') return 'braces';
  return character === '(' && followsOperand ? 'arguments' : 'list';
}

/** Whether the token, or the last one before it that is no comment or line break, ends an operand: a name, a literal, `)`. */
function endsOperand({ tokens }: Scan, index: number): boolean {
  const { kinds, starts, ends, text } = tokens;
  let last = index;
  while (kinds[last] === tokenKind.newline || kinds[last] === tokenKind.comment) last--;
  const kind = kinds[last];
  if (kind === tokenKind.close || kind === tokenKind.string) return true;
  return kind === tokenKind.word && !operators.has(text.slice(starts[last], ends[last]));
}

/** The next token outside of the bracket that opens at `index`. */
function afterBracket(scan: Scan, index: number): number {
  const closer = scan.closers[index];
  if (closer === undefined) return index + 1;
  return closer < 0 ? ~closer : closer + 1;
}

function hasComma(scan: Scan, first: number, end: number): boolean {
  for (let index = first; index < end; ) {
    if (scan.tokens.kinds[index] === tokenKind.comma) return true;
    index = scan.tokens.kinds[index] === tokenKind.open ? afterBracket(scan, index) : index + 1;
  }
  return false;
}

/**
 * Cuts at commas, after brackets that are not closed, and where a line begins below the first item with what cannot continue the line before it: there a
 * comma is missing. Undefined for a comprehension.
 */
function itemsIn(scan: Scan, first: number, end: number): Pick<Bracket, 'items' | 'hasGap'> | undefined {
  const { kinds, text, starts, ends } = scan.tokens;
  const items: Item[] = [];
  let start = first;
  let column: number | undefined;
  let inLambda = false;
  let lacksComma = false;
  let hasGap = false;
  let wasUnclosed = false;
  for (let index = first; index < end; ) {
    const kind = kinds[index];
    if (kind === tokenKind.word) {
      const word = text.slice(starts[index], ends[index]);
      if (word === 'for') return undefined;
      if (word === 'lambda') inLambda = true;
    } else if (kind === tokenKind.colon) inLambda = false;
    if (kind === tokenKind.comma && !inLambda) {
      hasGap = !addItem(scan, items, start, index, lacksComma) || hasGap;
      lacksComma = false;
      wasUnclosed = false;
      start = index + 1;
    } else if (!isBlank(kind)) {
      column ??= columnOf(text, starts[index] ?? 0);
      if (wasUnclosed || (index > start && beginsAnother(scan, start, index, column))) {
        addItem(scan, items, start, index, lacksComma);
        lacksComma = true;
        start = index;
      }
    }
    wasUnclosed = kind === tokenKind.open ? (scan.closers[index] ?? 0) < 0 : wasUnclosed && isBlank(kind);
    index = kind === tokenKind.open ? afterBracket(scan, index) : index + 1;
  }
  addItem(scan, items, start, end, lacksComma);
  return { items, hasGap };
}

function isBlank(kind: number | undefined): boolean {
  return kind === tokenKind.newline || kind === tokenKind.comment;
}

function addItem(scan: Scan, items: Item[], from: number, to: number, lacksComma: boolean): boolean {
  const { kinds } = scan.tokens;
  let first = from;
  let last = to;
  while (first < last && isBlank(kinds[first])) first++;
  while (last > first && isBlank(kinds[last - 1])) last--;
  if (first < last) items.push({ first, last, lacksComma });
  return first < last;
}

const continuing = /^(?:and|as|async|else|for|if|in|is|not|or)$/;

/** Whether the token begins a line, in the column of the first item, with an operand after what is complete already. */
function beginsAnother(scan: Scan, start: number, index: number, column: number): boolean {
  const { kinds, starts, ends, text } = scan.tokens;
  const kind = kinds[index];
  if (kinds[index - 1] !== tokenKind.newline) return false;
  if (kind !== tokenKind.word && kind !== tokenKind.open && kind !== tokenKind.string) return false;
  if (columnOf(text, starts[index] ?? 0) !== column) return false;
  let before = index - 1;
  while (before > start && isBlank(kinds[before])) before--;
  if (isBlank(kinds[before])) return false;
  const word = kind === tokenKind.word ? text.slice(starts[index], ends[index]) : '';
  if (continuing.test(word) || word.startsWith('.')) return false;
  if (kind === tokenKind.string && kinds[before] === tokenKind.string) return false;
  if (endsOperand(scan, before) || kinds[before] === tokenKind.openString) return true;
  return text.charAt((ends[before] ?? 0) - 1) === '=' && kind === tokenKind.word && isKeyword(scan, index);
}

/** `name =` */
function isKeyword({ tokens }: Scan, index: number): boolean {
  const { kinds, starts, ends, text } = tokens;
  return (
    kinds[index + 1] === tokenKind.operator && /^\s*=[^=]/.test(text.slice(ends[index], (starts[index + 1] ?? 0) + 2))
  );
}
