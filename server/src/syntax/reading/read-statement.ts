import type { Node } from 'web-tree-sitter';
import type { Span } from '../../base/span.ts';
import type { Expression, Statement } from '../module.ts';
import { hasLooseLineBreak } from './loose-line-break.ts';
import { readCompoundStatement } from './read-block.ts';
import { readImport, readImportFrom, readImportText } from './read-import.ts';
import { readLiteral } from './read-literal.ts';
import { readText } from './read-text.ts';
import { childrenOf, type Source, spanIn } from './source.ts';

/** Reads a statement node of a file that could be parsed: nothing in it is broken but an empty block. */
export function readStatement(source: Source, node: Node, depth: number): Statement {
  const start = node.startIndex;
  const end = node.endIndex;
  const span = spanIn(source, start, end);
  const simple = readStatementText(source, start, end);
  if (simple !== undefined) return simple;
  const compound = readCompoundStatement(source, node, depth);
  if (compound !== undefined) return compound;
  if (hasLooseLineBreak(source.text, start, end)) source.notes.isInvalid = true;
  switch (node.type) {
    case 'expression_statement':
      return readExpressionStatement(source, node, span, depth);
    case 'import_statement':
      return { kind: 'import', span, broken: false, names: readImport(source, node) };
    case 'import_from_statement':
    case 'future_import_statement':
      return { kind: 'import-from', span, broken: false, ...readImportFrom(source, node) };
    case 'return_statement':
      return { kind: 'return', span, broken: false, value: readFirst(source, node, depth) };
    case 'raise_statement':
      return { kind: 'raise', span, broken: false, value: readFirst(source, node, depth) };
    case 'delete_statement':
      return { kind: 'delete', span, broken: false, targets: readTargets(source, node, depth) };
    default:
      return { kind: 'simple', span, broken: false, keyword: firstWord(source, node) };
  }
}

/** The common forms of assignments and imports, from the text alone. */
export function readStatementText(source: Source, start: number, end: number): Statement | undefined {
  const span = spanIn(source, start, end);
  return readAssignmentText(source, start, end, span) ?? readImportText(source, start, end, span);
}

const simpleTarget = /[A-Za-z_]\w*(?=[ \t]*=(?!=))/y;
const equals = /[ \t]*=[ \t]*/y;

/** `name = value`, where the text alone says what the value is. */
function readAssignmentText(source: Source, start: number, end: number, span: Span): Statement | undefined {
  simpleTarget.lastIndex = start;
  if (!simpleTarget.test(source.text)) return undefined;
  const targetEnd = simpleTarget.lastIndex;
  equals.lastIndex = targetEnd;
  equals.test(source.text);
  const value = readText(source, equals.lastIndex, 0);
  const target = value?.end === end ? readLiteral(source, start) : undefined;
  if (value === undefined || target === undefined) return undefined;
  return { kind: 'assign', span, broken: false, targets: [target.expression], value: value.expression };
}

function firstWord(source: Source, node: Node): string {
  return /^\w*/.exec(source.text.slice(node.startIndex, node.startIndex + 20))?.[0] ?? '';
}

function readFirst(source: Source, node: Node, depth: number): Expression | undefined {
  const first = childrenOf(source, node)[0];
  return first === undefined ? undefined : source.expression(source, first, depth);
}

function readTargets(source: Source, node: Node, depth: number): readonly Expression[] {
  const value = readFirst(source, node, depth);
  if (value === undefined) return [];
  const isBare = value.kind === 'tuple' && !/^del\s*\(/.test(source.text.slice(node.startIndex, node.endIndex));
  return isBare ? value.items : [value];
}

function readExpressionStatement(source: Source, node: Node, span: Span, depth: number): Statement {
  const children = childrenOf(source, node);
  const [first] = children;
  if (first === undefined) return { kind: 'simple', span, broken: false, keyword: '' };
  const isBareTuple = children.length > 1 || source.text.charAt(node.endIndex - 1) === ',';
  if (isBareTuple) return { kind: 'expression', span, broken: false, value: bareTuple(source, children, span, depth) };
  const type = first.type;
  if (type === 'assignment') return readAssignment(source, first, span, depth);
  if (type === 'augmented_assignment') return readAugmentedAssignment(source, first, span, depth);
  return { kind: 'expression', span, broken: false, value: source.expression(source, first, depth) };
}

function bareTuple(source: Source, children: readonly Node[], span: Span, depth: number): Expression {
  const items = children.map((child) => source.expression(source, child, depth + 1));
  return { kind: 'tuple', span, items, broken: false };
}

/** `a = b = value` is nested in the tree: the right side of the first is an assignment. */
function readAssignment(source: Source, node: Node, span: Span, depth: number): Statement {
  const targets: Expression[] = [];
  let current = node;
  for (;;) {
    const left = current.childForFieldName('left');
    const right = current.childForFieldName('right');
    if (left === null) break;
    if (right === null) return { kind: 'simple', span, broken: false, keyword: 'annotation' };
    targets.push(source.expression(source, left, depth));
    if (right.type !== 'assignment') {
      return { kind: 'assign', span, broken: false, targets, value: source.expression(source, right, depth) };
    }
    current = right;
  }
  return { kind: 'simple', span, broken: false, keyword: '' };
}

function readAugmentedAssignment(source: Source, node: Node, span: Span, depth: number): Statement {
  const [left, right] = childrenOf(source, node);
  if (left === undefined || right === undefined) return { kind: 'simple', span, broken: false, keyword: '' };
  const operator = /[^\s\\]*=/.exec(source.text.slice(left.endIndex, right.startIndex))?.[0] ?? '';
  return {
    kind: 'augmented-assign',
    span,
    broken: false,
    target: source.expression(source, left, depth),
    operator,
    value: source.expression(source, right, depth),
  };
}
