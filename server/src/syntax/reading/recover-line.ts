import { columnOf } from './indentation.ts';
import { isUnclosedTriple, resumeAfter } from './recover-string.ts';
import { isPair, type Scan, startsStatement } from './scan.ts';
import { addTokens, tokenKind } from './token.ts';

/** A bracket that is open where the recovery is. */
export interface OpenBracket {
  readonly token: number;
  /** Indentation of the physical line on which it stands. */
  readonly lineIndent: number;
}

/** As many tokens may be looked at in vain for where brackets end. */
const mostInVain = 100_000;

/** Strings of which no more than this are taken to be unclosed: looking on after each costs as much as the whole text. */
const mostUnclosed = 20;

interface Recovery {
  readonly scan: Scan;
  readonly open: OpenBracket[];
  /** Where the logical line begins, and its indentation. */
  readonly headerStart: number;
  readonly indent: number;
  /** Indentation of the physical line, and its first token. */
  lineIndent: number;
  lineFirst: number;
  unclosed: number;
  inVain: number;
}

/**
 * Finds the end of a logical line whose brackets or strings do not match, by what its layout says: whatever stands no
 * further right than the line on which a bracket was opened is no longer inside it.
 *
 * @returns the index of the token before which the line ends.
 */
export function recoverLine(scan: Scan, first: number): number {
  const { kinds, starts, text } = scan.tokens;
  const indent = columnOf(text, starts[first] ?? 0);
  const recovery: Recovery = {
    scan,
    open: [],
    headerStart: starts[first] ?? 0,
    indent,
    lineIndent: indent,
    lineFirst: first,
    unclosed: 0,
    inVain: 0,
  };
  for (let index = first; index < kinds.length; index++) {
    const kind = kinds[index];
    if (kind === tokenKind.newline) {
      if (recovery.open.length === 0) return index;
      continue;
    }
    const beginsLine = index > first && kinds[index - 1] === tokenKind.newline && kind !== tokenKind.comment;
    if (beginsLine && endsBefore(recovery, index)) {
      closeDownTo(recovery, 0, index);
      return index;
    }
    if (kind === tokenKind.open) index = afterWellFormed(recovery, index) ?? opened(recovery, index);
    else if (kind === tokenKind.close) close(recovery, index, beginsLine);
    else skipUnclosedString(recovery, index);
  }
  closeDownTo(recovery, 0, kinds.length);
  return kinds.length;
}

function opened({ open, lineIndent }: Recovery, token: number): number {
  open.push({ token, lineIndent });
  return token;
}

/** The index of the bracket that closes a well-formed one; undefined for one that is not. */
function afterWellFormed(recovery: Recovery, opener: number): number | undefined {
  const { scan, lineIndent } = recovery;
  if (recovery.inVain > mostInVain) return undefined;
  const end = endOfWellFormed(scan, opener, lineIndent);
  if (end < 0) {
    recovery.inVain += ~end - opener;
    return undefined;
  }
  const { kinds, starts, text } = scan.tokens;
  const lineBreak = kinds.lastIndexOf(tokenKind.newline, end);
  if (lineBreak > opener) {
    recovery.lineFirst = lineBreak + 1;
    recovery.lineIndent = columnOf(text, starts[lineBreak + 1] ?? 0);
  }
  return end;
}

/**
 * The index of the closing bracket, if everything in between is closed and stands further right than the line of the
 * opening one; else the complement of where that turned out not to be so.
 */
function endOfWellFormed(scan: Scan, opener: number, lineIndent: number): number {
  const { tokens, closers } = scan;
  const { kinds, starts, text } = tokens;
  const open: number[] = [];
  for (let index = opener; index < kinds.length; index++) {
    const kind = kinds[index];
    if (kind === tokenKind.newline || kind === tokenKind.comment) continue;
    if (kinds[index - 1] === tokenKind.newline && index > opener) {
      const least = kind === tokenKind.close && open.length === 1 ? lineIndent : lineIndent + 1;
      if (startsStatement(scan, index) || columnOf(text, starts[index] ?? 0) < least) return ~index;
    }
    if (kind === tokenKind.open) open.push(index);
    else if (kind === tokenKind.close) {
      const last = open.pop();
      if (last === undefined || !isPair(text, starts[last], starts[index])) return ~index;
      closers[last] = index;
      if (open.length === 0) return index;
    } else if (kind === tokenKind.openString || isUnclosedTriple(tokens, index)) return ~index;
  }
  return ~kinds.length;
}

/** Whether the logical line ends before a token that begins a physical line; closes what the layout closes. */
function endsBefore(recovery: Recovery, index: number): boolean {
  const { scan, open, indent } = recovery;
  const { kinds, starts, text } = scan.tokens;
  const column = columnOf(text, starts[index] ?? 0);
  recovery.lineIndent = column;
  recovery.lineFirst = index;
  if (kinds[index] === tokenKind.close) return false;
  if (column <= indent || startsStatement(scan, index) || beginsBody(recovery, index)) return true;
  let kept = open.length;
  while (kept > 1 && (open[kept - 1]?.lineIndent ?? 0) >= column) kept--;
  closeDownTo(recovery, kept, index);
  return false;
}

const header = /(?:async|class|def|elif|for|if|while|with)\b/y;
const bodyStart = /"""|'''|[A-Za-z_][\w.]*(?:[ \t]+=[ \t]|\.\w+\()/y;

/** Whether what a header has left open cannot reach the token, because that looks like the first of its body. */
function beginsBody({ scan, headerStart }: Recovery, index: number): boolean {
  const { starts, text } = scan.tokens;
  header.lastIndex = headerStart;
  bodyStart.lastIndex = starts[index] ?? 0;
  return header.test(text) && bodyStart.test(text);
}

/** Everything opened after the first `count` brackets must have been meant to be closed before the token. */
function closeDownTo({ scan, open }: Recovery, count: number, before: number): void {
  for (const { token } of open.splice(count)) {
    scan.closers[token] = ~before;
    scan.unclosed.add(token);
  }
}

/** A closing bracket that begins a line closes the bracket on whose line it is aligned, any other the nearest one. */
function close(recovery: Recovery, index: number, beginsLine: boolean): void {
  const { scan, open } = recovery;
  const { starts, text } = scan.tokens;
  const fits = (bracket: OpenBracket): boolean => isPair(text, starts[bracket.token], starts[index]);
  const aligned = beginsLine
    ? open.findLastIndex((bracket) => fits(bracket) && bracket.lineIndent === recovery.lineIndent)
    : -1;
  const place = aligned >= 0 ? aligned : open.findLastIndex(fits);
  const bracket = open[place];
  // In the middle of a line it rather closes nothing than what earlier lines have opened around this one's brackets.
  const isInner = aligned < 0 && (open.at(-1)?.token ?? -1) >= recovery.lineFirst;
  if (bracket === undefined || (isInner && bracket.token < recovery.lineFirst)) {
    scan.strays.add(index);
    return;
  }
  closeDownTo(recovery, place + 1, index);
  open.pop();
  scan.closers[bracket.token] = index;
}

/** A text that swallows the lines after it because its end is missing is cut off where the layout shows code again. */
function skipUnclosedString(recovery: Recovery, index: number): void {
  const { scan, open, indent } = recovery;
  const { tokens } = scan;
  if (recovery.unclosed >= mostUnclosed || !isUnclosedTriple(tokens, index)) return;
  recovery.unclosed++;
  const start = tokens.starts[index] ?? 0;
  const resume = resumeAfter(tokens, start, open, indent);
  tokens.kinds.length = index + 1;
  tokens.starts.length = index + 1;
  tokens.ends.length = index + 1;
  tokens.kinds[index] = tokenKind.openString;
  tokens.ends[index] = start + tokens.text.slice(start, resume).trimEnd().length;
  addTokens(tokens, resume, () => false);
  scan.isRetokenized = true;
}
