import { tokenKind, tokensIn } from './token.ts';

/**
 * Whether a line break outside of brackets stands between two tokens of a simple statement or of the header of a
 * compound one. Python ends the statement there; tree-sitter reads on where something must follow, and takes the next
 * statement for the value of a half-typed `x =`.
 */
export function hasLooseLineBreak(text: string, start: number, end: number): boolean {
  const lineBreak = text.indexOf('\n', start);
  if (lineBreak < 0 || lineBreak >= start + text.slice(start, end).trimEnd().length) return false;
  const { kinds } = tokensIn(text, start, end);
  let depth = 0;
  let isBroken = false;
  return kinds.some((kind) => {
    if (kind === tokenKind.comment) return false;
    if (kind === tokenKind.newline) {
      isBroken ||= depth === 0;
      return false;
    }
    if (kind === tokenKind.open) depth++;
    else if (kind === tokenKind.close) depth--;
    return isBroken;
  });
}
