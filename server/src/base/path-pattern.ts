import type { FilePath } from './file-path.ts';
import { isWithin } from './file-path.ts';

/**
 * Patterns as .gitignore has them: `*` and `?` within a name, `**` over folders, `[abc]`; a pattern without `/` (but at
 * its end) matches at any depth, all others from `folder` on. What lies in a matched folder is matched.
 */
export function pathMatcher(patterns: readonly string[], folder: FilePath): (file: FilePath) => boolean {
  if (patterns.length === 0) return () => false;
  const expression = new RegExp(patterns.map((pattern) => `(?:${expressionOf(pattern)})`).join('|'));
  const prefix = folder === '' || folder.endsWith('/') ? folder.length : folder.length + 1;
  return (file) => isWithin(file, folder) && expression.test(file.slice(prefix));
}

function expressionOf(pattern: string): string {
  const body = pattern.replace(/^\.?\/|\/$/g, '');
  const isAnchored = /^\.?\//.test(pattern) || body.includes('/');
  const parts = body.split('/').map((part) => (part === '**' ? undefined : partExpression(part)));
  let expression = isAnchored ? '^' : '(?:^|/)';
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    if (part === undefined) expression += isLast ? '.*' : '(?:.*/)?';
    else expression += isLast ? part : `${part}/`;
  }
  return `${expression}(?:/|$)`;
}

function partExpression(part: string): string {
  let expression = '';
  for (let index = 0; index < part.length; index++) {
    const letter = part.charAt(index);
    const letters = letter === '[' ? lettersAt(part, index) : undefined;
    if (letters) {
      expression += letters.expression;
      index = letters.end;
    } else if (letter === '*') expression += '[^/]*';
    else if (letter === '?') expression += '[^/]';
    else expression += letter.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  }
  return expression;
}

/** `[abc]`, `[0-9]`, `[!abc]`; `undefined` where the bracket stands for itself. */
function lettersAt(part: string, start: number): { readonly expression: string; readonly end: number } | undefined {
  const [whole, negation, members] = /^\[(!?)([^\]]+)\]/.exec(part.slice(start)) ?? [];
  if (whole === undefined || members === undefined) return undefined;
  let expression = '';
  for (const [, from = '', to = from] of members.matchAll(/(.)(?:-(.))?/gs)) {
    // A range that runs backwards holds nothing; a regular expression would refuse it.
    if (from <= to) expression += `${codeUnit(from)}-${codeUnit(to)}`;
  }
  if (expression === '') return undefined;
  return { expression: `[${negation === '' ? '' : '^/'}${expression}]`, end: start + whole.length - 1 };
}

function codeUnit(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
