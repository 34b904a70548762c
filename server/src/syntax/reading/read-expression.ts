import type { Node } from 'web-tree-sitter';
import type { Expression } from '../module.ts';
import { readCall } from './read-call.ts';
import { readBrackets, readDictionary, readParenthesized } from './read-collection.ts';
import { readNumber } from './read-literal.ts';
import { readCompound } from './read-operator.ts';
import { readConcatenation, readString } from './read-string.ts';
import { readText } from './read-text.ts';
import { childrenOf, deepest, looksHalfTyped, type Source, spanIn } from './source.ts';

/**
 * Reads an expression node.
 *
 * Most can be read from their text alone, which is tried first.
 */
export function readExpression(source: Source, node: Node, depth: number): Expression {
  const start = node.startIndex;
  const end = node.endIndex;
  const simple = readText(source, start, depth);
  if (simple?.end === end) return simple.expression;
  return readNode(source, node, start, end, depth);
}

function readNode(source: Source, node: Node, start: number, end: number, depth: number): Expression {
  if (depth > deepest) return { kind: 'other', span: spanIn(source, start, end), children: [] };
  if (source.text.charAt(start) === '*' && !bareTuples.has(node.type))
    return readStarred(source, node, start, end, depth);
  return readByType(source, node, start, end, depth);
}

/**
 * `*a.b()`. Where it is alone in its brackets tree-sitter-python takes `*a` for the object of the attribute; Python does
 * not.
 */
function readStarred(source: Source, node: Node, start: number, end: number, depth: number): Expression {
  const span = spanIn(source, start, end);
  const stars = /\*{1,2}\s*/y;
  stars.lastIndex = start;
  const matched = stars.exec(source.text)?.[0] ?? '*';
  const form = matched.startsWith('**') ? 'double-star' : 'star';
  // `**a` stands in no list, and nothing stands behind two stars.
  if (form === 'double-star' || source.text.charAt(start + matched.length) === '*') source.notes.isInvalid = true;
  const behindStar: Source = {
    ...source,
    place: (offset) => source.place(offset === start ? start + matched.length : offset),
    expression: (_, child, childDepth) => {
      if (child.startIndex > start) return readExpression(source, child, childDepth);
      return readBehindStar(behindStar, child, childDepth);
    },
  };
  return { kind: 'starred', span, form, value: readBehindStar(behindStar, node, depth) };
}

function readBehindStar(source: Source, node: Node, depth: number): Expression {
  const inner = splats.has(node.type) ? childrenOf(source, node)[0] : undefined;
  if (inner !== undefined) return source.expression(source, inner, depth + 1);
  return readByType(source, node, node.startIndex, node.endIndex, depth);
}

const bareTuples = new Set(['expression_list', 'pattern_list']);
const splats = new Set(['list_splat', 'list_splat_pattern', 'dictionary_splat', 'dictionary_splat_pattern']);

function readByType(source: Source, node: Node, start: number, end: number, depth: number): Expression {
  switch (node.type) {
    case 'identifier':
    case 'dotted_name':
      return { kind: 'name', span: spanIn(source, start, end), name: source.text.slice(start, end) };
    case 'call':
      return readCall(source, node, end, depth);
    case 'attribute':
      return readAttribute(source, node, end, depth);
    case 'string':
      return readString(source, node, end, depth);
    case 'concatenated_string':
      return readConcatenation(source, node, start, end, depth);
    case 'integer':
    case 'float':
      return readNumber(source, source.text.slice(start, end), start, end);
    case 'ellipsis':
      return { kind: 'constant', span: spanIn(source, start, end), value: '...' };
    case 'list':
    case 'list_pattern':
      return readBrackets(source, node, 'list', end, depth);
    case 'tuple':
    case 'tuple_pattern':
    case 'expression_list':
    case 'pattern_list':
      return readBrackets(source, node, 'tuple', end, depth);
    case 'set':
      return readBrackets(source, node, 'set', end, depth);
    case 'dictionary':
      return readDictionary(source, node, end, depth);
    case 'parenthesized_expression':
      return readParenthesized(source, node, end, depth);
    default:
      return readCompound(source, node, end, depth);
  }
}

function readAttribute(source: Source, node: Node, end: number, depth: number): Expression {
  const object = node.namedChild(0);
  const name = node.namedChild(node.namedChildCount - 1);
  if (object === null || name === null)
    return { kind: 'other', span: spanIn(source, node.startIndex, end), children: [] };
  if (looksHalfTyped(source, object.endIndex, name.startIndex)) source.notes.isSuspicious = true;
  return {
    kind: 'attribute',
    span: spanIn(source, node.startIndex, end),
    object: source.expression(source, object, depth + 1),
    name: source.text.slice(name.startIndex, end),
    nameSpan: spanIn(source, name.startIndex, end),
  };
}
