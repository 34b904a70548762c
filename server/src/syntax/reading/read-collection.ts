import type { Node } from 'web-tree-sitter';
import type { DictionaryExpression, Expression, SequenceExpression } from '../module.ts';
import { readConcatenation } from './read-string.ts';
import { endsItem, readEntryText } from './read-text.ts';
import { childrenOf, type Source, spanIn } from './source.ts';

export function readBrackets(
  source: Source,
  node: Node,
  kind: SequenceExpression['kind'],
  end: number,
  depth: number,
): Expression {
  const start = node.startIndex;
  const hole = source.holes?.get(start);
  if (hole?.kind === 'items') return expressionOfHole(kind, hole);
  return {
    kind,
    span: spanIn(source, start, end),
    items: childrenOf(source, node).map((child) => readItem(source, child, depth)),
    broken: false,
  };
}

function readItem(source: Source, node: Node, depth: number): Expression {
  const item = source.expression(source, node, depth + 1);
  // Python wants parentheses around `yield` here; tree-sitter takes the rest of the list for what it yields.
  if (item.kind === 'other' && source.text.startsWith('yield', node.startIndex)) source.notes.isInvalid = true;
  return item;
}

/** `()` with something cut out of it is a tuple, or the parentheses around one expression. */
function expressionOfHole(
  kind: SequenceExpression['kind'],
  hole: { readonly span: SequenceExpression['span']; readonly items: readonly Expression[]; readonly broken: boolean },
): SequenceExpression {
  return { kind, span: hole.span, items: hole.items, broken: hole.broken };
}

export function readDictionary(source: Source, node: Node, end: number, depth: number): Expression {
  const hole = source.holes?.get(node.startIndex);
  if (hole?.kind === 'entries') {
    return { kind: 'dictionary', span: hole.span, entries: hole.items, broken: hole.broken };
  }
  if (hole?.kind === 'items') return { kind: 'set', span: hole.span, items: hole.items, broken: hole.broken };
  return {
    kind: 'dictionary',
    span: spanIn(source, node.startIndex, end),
    entries: childrenOf(source, node).map((child) => readEntry(source, child, depth)),
    broken: false,
  };
}

export function readEntry(source: Source, node: Node, depth: number): DictionaryExpression['entries'][number] {
  const simple = readEntryText(source, node.startIndex, depth + 1);
  if (simple !== undefined && endsItem(source, simple.end)) return simple.item;
  const [first, second] = childrenOf(source, node);
  if (first === undefined) throw new TypeError('A dictionary entry without a value.');
  const one = source.expression(source, first, depth + 1);
  const span = spanIn(source, node.startIndex, node.endIndex);
  if (second === undefined) return { span, key: undefined, value: one };
  return { span, key: one, value: source.expression(source, second, depth + 1) };
}

/** Parentheses vanish, except around implicit concatenation, which needs them to span lines. */
export function readParenthesized(source: Source, node: Node, end: number, depth: number): Expression {
  const inner = childrenOf(source, node)[0];
  if (inner === undefined) return { kind: 'other', span: spanIn(source, node.startIndex, end), children: [] };
  const innerEnd = inner.endIndex;
  const isConcatenation = isQuote(source.text.charCodeAt(innerEnd - 1)) && inner.type === 'concatenated_string';
  if (isConcatenation) return readConcatenation(source, inner, node.startIndex, end, depth);
  return source.expression(source, inner, depth + 1);
}

function isQuote(code: number): boolean {
  return code === 34 || code === 39;
}
