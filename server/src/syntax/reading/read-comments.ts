import type { Comment } from '../module.ts';
import { type Tokens, tokenKind } from './token.ts';

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
