import type { FunctionStatement } from '../../syntax/module.ts';

/** The line break the text uses; fixes keep it. */
export function lineBreakOf(text: string): string {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** The quote that new strings get: the one the file itself prefers. */
export function quoteOf(text: string): '"' | "'" {
  return countQuotes(text, "'") > countQuotes(text, '"') ? "'" : '"';
}

/** Those that two more follow open or close a longer string, and do not count. */
function countQuotes(text: string, quote: '"' | "'"): number {
  let count = 0;
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (text[at + 1] !== quote || text[at + 2] !== quote) count++;
  }
  return count;
}

/** A Python string literal of the given text, in the file's own quotes unless the others spare it backslashes. */
export function quoted(value: string, quote: '"' | "'"): string {
  const other = quote === '"' ? "'" : '"';
  const used = value.includes(quote) && !value.includes(other) ? other : quote;
  const escaped = value.replaceAll('\\', '\\\\').replaceAll(used, `\\${used}`).replaceAll('\n', '\\n');
  return used + escaped + used;
}

export function lineStartBefore(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isLineBreak(text.charCodeAt(start - 1))) start--;
  return start;
}

/** Where the line ends that holds `offset`, before its line break. */
export function lineEndAfter(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && !isLineBreak(text.charCodeAt(end))) end++;
  return end;
}

function isLineBreak(code: number): boolean {
  return code === 10 || code === 13;
}

/** Where the next line starts; the end of the text on its last line. */
export function nextLineStart(text: string, offset: number): number {
  const end = lineEndAfter(text, offset);
  if (text[end] === '\r' && text[end + 1] === '\n') return end + 2;
  return Math.min(end + 1, text.length);
}

/** The white space that the line of `offset` begins with. */
export function indentationAt(text: string, offset: number): string {
  const start = lineStartBefore(text, offset);
  const match = /^[ \t]*/.exec(text.slice(start, lineEndAfter(text, start)));
  return match?.[0] ?? '';
}

const indentedBlock =
  /^(?:async def|def|class|if|for|with|try|while)\b.*:[ \t]*(?:#.*)?\r?\n(?:[ \t]*\r?\n)*([ \t]+)\S/m;

/** What the file indents a block with: four spaces where it has none yet. */
function indentUnitOf(text: string): string {
  return indentedBlock.exec(text)?.[1] ?? '    ';
}

/** What the statements of a function are indented with. */
export function bodyIndentation(text: string, { body, span }: FunctionStatement): string {
  const [first] = body;
  if (first !== undefined && isFirstOnLine(text, first.span.start)) return indentationAt(text, first.span.start);
  return indentationAt(text, span.start) + indentUnitOf(text);
}

/** A line that is laid out with four spaces, as it stands in a block of the given indentation: with tabs if that has tabs. */
export function laidOutIn(indentation: string, line: string): string {
  if (!indentation.includes('\t')) return line;
  return line.replace(/^[ \t]+/, (white) => white.replaceAll('    ', '\t'));
}

/** Whether only white space stands before `offset` on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  return text.slice(lineStartBefore(text, offset), offset).trim() === '';
}
