import type { Token } from './token.ts';

/** Words after which an expression begins anew beside the one before, not inside it. */
const beginAnew = /^(?:AND|OR|WHEN|THEN|ELSE)$/i;

/**
 * An upper bound of how deep the tree of a statement can be: each token between two commas (in a
 * body, semicolons) may stand for one more level,
 * inside all the levels around the bracket that it stands in.
 */
export function nestingDepthOf(text: string, tokens: readonly Token[]): number {
  const around: number[] = [];
  let here = 0;
  let outside = 0;
  let deepest = 0;
  for (const { kind, start, end } of tokens) {
    const character = kind === 'symbol' ? text.charAt(start) : '';
    if (character === ',' || character === ';') here = 0;
    else if (kind === 'word' && end - start <= 4 && beginAnew.test(text.slice(start, end))) here = 1;
    else here++;
    deepest = Math.max(deepest, outside + here);
    if (character === '(' || character === '[') {
      around.push(here);
      outside += here;
      here = 0;
    } else if (character === ')' || character === ']') {
      here = around.pop() ?? 0;
      outside -= here;
    }
  }
  return deepest;
}
