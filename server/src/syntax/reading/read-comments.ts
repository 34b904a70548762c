import type { Comment } from '../module.ts';
import { lineStartOf } from './indentation.ts';
import { lineEnd, type Tokens, tokenKind, tokensOf } from './token.ts';

/**
 * The comments of a text. Where nothing stands before any `#` on its line, and no string spans lines before it, it need
 * not be taken apart to find them.
 */
export function commentsOf(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  const multiline = /"""|'''|\\\r?\n/.exec(text)?.index ?? text.length;
  for (let start = text.indexOf('#'); start >= 0; start = text.indexOf('#', start + 1)) {
    const isAlone = text.slice(lineStartOf(text, start), start).trim() === '';
    if (!isAlone || start > multiline) return readComments(tokensOf(text));
    const end = lineEnd(text, start, text.length);
    comments.push({ span: { start, end }, text: text.slice(start, end), ownLine: true });
    start = end;
  }
  return comments;
}

export function readComments(tokens: Tokens): readonly Comment[] {
  const comments: Comment[] = [];
  for (let index = 0; index < tokens.kinds.length; index++) {
    if (tokens.kinds[index] !== tokenKind.comment) continue;
    const start = tokens.starts[index] ?? 0;
    const end = tokens.ends[index] ?? start;
    const ownLine = index === 0 || tokens.kinds[index - 1] === tokenKind.newline;
    comments.push({ span: { start, end }, text: tokens.text.slice(start, end), ownLine });
  }
  return comments;
}
