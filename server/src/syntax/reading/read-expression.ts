import type { Node } from 'web-tree-sitter';
import type { Expression } from '../module.ts';
import { readCall } from './read-call.ts';
import { readBrackets, readDictionary, readParenthesized } from './read-collection.ts';
import { readCompound } from './read-operator.ts';
import { readConcatenation, readString } from './read-string.ts';
import { readByText, readNumber } from './read-text.ts';
import { deepest, looksHalfTyped, type Source, spanIn } from './source.ts';

/**
 * Reads an expression node.
 *
 * Most expressions are names, dotted names and plain strings; these are recognized by their text, because every
 * property of a tree-sitter node is a call into WebAssembly.
 */
export function readExpression(source: Source, node: Node, depth: number): Expression {
  return readNode(source, node, node.startIndex, node.endIndex, depth);
}

function readNode(source: Source, node: Node, start: number, end: number, depth: number): Expression {
  const simple = readByText(source, start, end);
  if (simple !== undefined) return simple;
  if (depth > deepest) return { kind: 'other', span: spanIn(source, start, end), children: [] };
  return readByType(source, node, start, end, depth);
}

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
  if (looksHalfTyped(source, object.endIndex, name.startIndex)) source.notes.suspicious = true;
  return {
    kind: 'attribute',
    span: spanIn(source, node.startIndex, end),
    object: readExpression(source, object, depth + 1),
    name: source.text.slice(name.startIndex, end),
    nameSpan: spanIn(source, name.startIndex, end),
  };
}
