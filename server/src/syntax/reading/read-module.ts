import type { Tree } from 'web-tree-sitter';
import type { Span } from '../../base/span.ts';
import type { Module } from '../module.ts';
import { withoutConflicts } from './conflicts.ts';
import type { Earlier } from './earlier.ts';
import { commentsOf, readComments } from './read-comments.ts';
import { readExpression } from './read-expression.ts';
import { readLines } from './read-lines.ts';
import { readStatement } from './read-statement.ts';
import { unmatched } from './scan.ts';
import { scanText } from './scan-text.ts';
import { childrenOf, type Source, textSource } from './source.ts';
import { type TokenBuffer, tokensOf } from './token.ts';

/** Reads a file that Python can parse in one go; undefined for any other, and for one that looks half-typed. */
export function readWholeModule(parse: (text: string) => Tree, text: string): Module | undefined {
  const tree = parse(text);
  try {
    if (tree.rootNode.hasError) return undefined;
    const source: Source = { ...textSource(text), expression: readExpression, statement: readStatement };
    const body = childrenOf(source, tree.rootNode).map((node) => readStatement(source, node, 0));
    if (source.notes.isSuspicious || source.notes.isInvalid) return undefined;
    const comments = commentsOf(text);
    return { body, comments, broken: inOrder(source.notes.broken), docstringEnd: docstringEndOf(body) };
  } finally {
    tree.delete();
  }
}

/** What reading a file piece by piece leaves for the next time. */
export interface PiecewiseReading {
  readonly module: Module;
  /** Undefined where they are not those of the text as it is. */
  readonly tokens: TokenBuffer | undefined;
}

/**
 * Reads a file piece by piece: what cannot be read costs only itself, what `earlier` has costs nothing. `tokens` are
 * those of the text, if they are known.
 */
export function readModuleInPieces(
  parse: (text: string) => Tree,
  text: string,
  earlier: Earlier | undefined,
  tokens: TokenBuffer | undefined,
): PiecewiseReading {
  const { text: clean, conflicts } = withoutConflicts(text);
  const scan = scanText(conflicts.length === 0 && tokens !== undefined ? tokens : tokensOf(clean));
  const broken: Span[] = [...conflicts];
  const { statements: body } = readLines(
    { parse, scan, source: textSource(clean), conflicts, earlier, broken },
    scan.lines,
    0,
    0,
  );
  const comments = text.includes('#') ? readComments(scan.tokens) : [];
  const all = inOrder([...broken, ...unmatched(scan)]);
  const isExact = conflicts.length === 0 && !scan.isRetokenized;
  return {
    module: { body, comments, broken: all, docstringEnd: docstringEndOf(body) },
    tokens: isExact ? scan.tokens : undefined,
  };
}

/** Ascending; a span that lies in another one is left out. */
function inOrder(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((one, other) => one.start - other.start || other.end - one.end);
  const kept: Span[] = [];
  for (const span of sorted) {
    const last = kept.at(-1);
    if (last === undefined || span.end > last.end) kept.push(span);
  }
  return kept;
}

function docstringEndOf([first]: Module['body']): number {
  return first?.kind === 'expression' && first.value.kind === 'string' ? first.span.end : 0;
}
