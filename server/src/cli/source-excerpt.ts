import type { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import type { Style } from './style.ts';

/** The line in which a span begins, and the span's part of it underlined. */
export function sourceExcerpt(text: string, lines: LineIndex, span: Span, style: Style): readonly string[] {
  const { line } = lines.positionAt(span.start);
  const start = lines.lineStart(line);
  const source = text.slice(start, lines.lineStart(line + 1)).replace(/[\r\n]+$/, '');
  const before = source.slice(0, span.start - start);
  const marked = source.slice(span.start - start, span.end - start);
  const number = String(line + 1);
  const margin = ' '.repeat(number.length);
  const marks = '~'.repeat(Math.max(1, widthOf(visible(marked))));
  return [
    `${style.dim(`${number} |`)} ${visible(source)}`,
    `${style.dim(`${margin} |`)} ${blanksFor(before)}${style.yellow(marks)}`,
  ];
}

/** What a terminal shows as it is, each character one column wide. */
const plain = /^[ -~]*$/;

/** Control characters of a file must not reach the terminal; tabs stay. */
function visible(text: string): string {
  if (plain.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced.
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '\u{FFFD}');
}

/** As much room as the text takes: tabs as tabs, two columns for a wide character. */
function blanksFor(text: string): string {
  return visible(text)
    .split('\t')
    .map((part) => ' '.repeat(widthOf(part)))
    .join('\t');
}

const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uFF01-\uFF60]/u;
const withoutWidth = /\p{Mark}|\p{Format}/u;

function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (!withoutWidth.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}
