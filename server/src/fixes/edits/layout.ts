/** The line break the text uses; fixes keep it. */
export function lineBreakOf(text: string): string {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** The quote that new strings get: the one the file itself prefers. */
export function quoteOf(text: string): '"' | "'" {
  const single = text.match(/'(?!'')/g)?.length ?? 0;
  const double = text.match(/"(?!"")/g)?.length ?? 0;
  return single > double ? "'" : '"';
}

/** A Python string literal of the given text, in the file's own quotes. */
export function quoted(value: string, quote: '"' | "'"): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n');
  return quote + escaped + quote;
}

export function lineStartBefore(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** Where the line ends that holds `offset`, before its line break. */
export function lineEndAfter(text: string, offset: number): number {
  const match = /[\r\n]/g;
  match.lastIndex = offset;
  return match.exec(text)?.index ?? text.length;
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

/** Whether only white space stands before `offset` on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  return text.slice(lineStartBefore(text, offset), offset).trim() === '';
}
