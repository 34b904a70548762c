import type { Node } from 'web-tree-sitter';
import type { Argument, CallExpression } from '../module.ts';
import { argumentOf, endsItem, readArgumentText } from './read-text.ts';
import { childrenOf, looksHalfTyped, type Source, spanIn } from './source.ts';

export function readCall(source: Source, node: Node, end: number, depth: number): CallExpression {
  const [callee, list] = childrenOf(source, node);
  if (callee === undefined || list === undefined) throw new TypeError('A call without callee or arguments.');
  if (looksHalfTyped(source, callee.endIndex, list.startIndex)) source.notes.isSuspicious = true;
  const hole = source.holes?.get(list.startIndex);
  const content = hole?.kind === 'arguments' ? hole : { items: readArguments(source, list, end, depth), broken: false };
  return {
    kind: 'call',
    span: spanIn(source, node.startIndex, end),
    callee: source.expression(source, callee, depth + 1),
    arguments: content.items,
    argumentsSpan: spanIn(source, list.startIndex, end),
    broken: content.broken,
  };
}

/** The arguments of an `argument_list`, or the generator that stands in its place. */
export function readArguments(source: Source, list: Node, end: number, depth: number): readonly Argument[] {
  const children = childrenOf(source, list);
  const mayBeGenerator =
    children[1] !== undefined &&
    /^(?:async|for)/.test(source.text.slice(children[1].startIndex, children[1].startIndex + 5));
  if (mayBeGenerator && list.type === 'generator_expression')
    return [plainArgument(source, list, list.startIndex, end, depth)];
  return children.map((child) => readArgument(source, child, depth));
}

const keywordStart = /([A-Za-z_]\w*)\s*=(?!=)/y;
const star = 42;

function readArgument(source: Source, node: Node, depth: number): Argument {
  const start = node.startIndex;
  const simple = readArgumentText(source, start, depth + 1);
  if (simple !== undefined && endsItem(source, simple.end)) return simple.item;
  const end = node.endIndex;
  keywordStart.lastIndex = start;
  const name = keywordStart.exec(source.text)?.[1];
  if (name !== undefined && keywordStart.lastIndex < end) {
    return argumentOf(source, start, end, name, readLast(source, node, depth));
  }
  if (source.text.charCodeAt(start) === star) return starredArgument(source, node, start, end, depth);
  if (node.type === 'keyword_argument') return unusualKeywordArgument(source, node, end, depth);
  return plainArgument(source, node, start, end, depth);
}

function plainArgument(source: Source, node: Node, start: number, end: number, depth: number): Argument {
  return argumentOf(source, start, end, undefined, source.expression(source, node, depth + 1));
}

/** A keyword argument whose name is not ASCII, or with a comment before the value. */
function unusualKeywordArgument(source: Source, node: Node, end: number, depth: number): Argument {
  const name = childrenOf(source, node)[0];
  const nameEnd = name?.endIndex ?? node.startIndex;
  return {
    span: spanIn(source, node.startIndex, end),
    name: source.text.slice(node.startIndex, nameEnd),
    nameSpan: spanIn(source, node.startIndex, nameEnd),
    form: 'plain',
    value: readLast(source, node, depth),
  };
}

function readLast(source: Source, node: Node, depth: number): Argument['value'] {
  const last = childrenOf(source, node).at(-1);
  return last === undefined
    ? { kind: 'other', span: spanIn(source, node.startIndex, node.endIndex), children: [] }
    : source.expression(source, last, depth + 1);
}

function starredArgument(source: Source, node: Node, start: number, end: number, depth: number): Argument {
  const form = source.text.charCodeAt(start + 1) === star ? 'double-star' : 'star';
  return {
    span: spanIn(source, start, end),
    name: undefined,
    nameSpan: undefined,
    form,
    value: readLast(source, node, depth),
  };
}
