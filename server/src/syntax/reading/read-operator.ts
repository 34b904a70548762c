import type { Node } from 'web-tree-sitter';
import type { ComprehensionExpression, Expression } from '../module.ts';
import { readParameters } from './read-parameter.ts';
import { childrenOf, type Source, spanIn } from './source.ts';

/** Operators, comprehensions and whatever else is neither a literal nor a call. */
export function readCompound(source: Source, node: Node, end: number, depth: number): Expression {
  const children = childrenOf(source, node);
  const [first, second, third] = children;
  const read = (child: Node): Expression => source.expression(source, child, depth + 1);
  const span = spanIn(source, node.startIndex, end);
  switch (node.type) {
    case 'binary_operator':
    case 'boolean_operator':
      if (first === undefined || second === undefined) break;
      return {
        kind: 'binary',
        span,
        operator: operatorBetween(source, first, second),
        left: read(first),
        right: read(second),
      };
    case 'comparison_operator': {
      const operators = children.slice(1).map((child, index) => operatorBetween(source, children[index], child));
      return { kind: 'comparison', span, operands: children.map(read), operators };
    }
    case 'not_operator':
    case 'await':
    case 'unary_operator': {
      if (first === undefined) break;
      const operator = /^(?:not|await|.)/.exec(source.text.slice(node.startIndex, end))?.[0] ?? '';
      return { kind: 'unary', span, operator, operand: read(first) };
    }
    case 'conditional_expression':
      if (first === undefined || second === undefined || third === undefined) break;
      return { kind: 'conditional', span, body: read(first), test: read(second), orElse: read(third) };
    case 'subscript':
      if (first === undefined) break;
      return readSubscript(source, first, children.slice(1), span, depth);
    case 'parenthesized_list_splat':
      if (first === undefined) break;
      return read(first);
    case 'lambda':
      return readLambda(source, children, span, depth);
    case 'list_comprehension':
      return readComprehension(source, children, 'list', span, depth);
    case 'set_comprehension':
      return readComprehension(source, children, 'set', span, depth);
    case 'generator_expression':
      return readComprehension(source, children, 'generator', span, depth);
    case 'dictionary_comprehension':
      return readComprehension(source, children, 'dictionary', span, depth);
    default:
  }
  return { kind: 'other', span, children: children.map(read) };
}

const operatorWord = /not\s+in\b|is\s+not\b|\b(?:and|or|in|is)\b|[-+*/%@&|^<>=!]+/;

/** The operator is what stands between its operands, whose nodes include their parentheses. */
function operatorBetween(source: Source, left: Node | undefined, right: Node): string {
  const gap = source.text.slice(left?.endIndex ?? right.startIndex, right.startIndex);
  const text = gap.includes('#') ? gap.replace(/#[^\n]*/g, ' ') : gap;
  return (operatorWord.exec(text.replaceAll('\\', ' '))?.[0] ?? '').replace(/\s+/g, ' ');
}

function readSubscript(
  source: Source,
  object: Node,
  subscripts: readonly Node[],
  span: Expression['span'],
  depth: number,
): Expression {
  const slices = subscripts.filter((each) => each.type === 'slice');
  const index = subscripts
    .flatMap((each) => (slices.includes(each) ? childrenOf(source, each) : [each]))
    .map((each) => source.expression(source, each, depth + 1));
  return {
    kind: 'subscript',
    span,
    object: source.expression(source, object, depth + 1),
    index,
    isSlice: slices.length > 0,
  };
}

function readLambda(source: Source, children: readonly Node[], span: Expression['span'], depth: number): Expression {
  const body = children.at(-1);
  const parameters = children.length > 1 ? children[0] : undefined;
  if (body === undefined) return { kind: 'other', span, children: [] };
  return {
    kind: 'lambda',
    span,
    parameters: parameters === undefined ? [] : readParameters(source, parameters, depth + 1),
    body: source.expression(source, body, depth + 1),
  };
}

function readComprehension(
  source: Source,
  children: readonly Node[],
  form: ComprehensionExpression['form'],
  span: Expression['span'],
  depth: number,
): Expression {
  const [body, ...rest] = children;
  if (body === undefined) return { kind: 'other', span, children: [] };
  const [key, value] = form === 'dictionary' ? childrenOf(source, body) : [undefined, body];
  const clauses: Writable<ComprehensionExpression['clauses'][number]>[] = [];
  for (const clause of rest) {
    const parts = childrenOf(source, clause);
    const last = clauses.at(-1);
    if (clause.type === 'for_in_clause') clauses.push(readForClause(source, parts, depth));
    else if (last !== undefined && parts[0] !== undefined) {
      last.conditions = [...last.conditions, source.expression(source, parts[0], depth + 1)];
    }
  }
  return {
    kind: 'comprehension',
    span,
    form,
    element: source.expression(source, value ?? body, depth + 1),
    key: key === undefined ? undefined : source.expression(source, key, depth + 1),
    clauses,
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function readForClause(
  source: Source,
  [target, ...iterables]: readonly Node[],
  depth: number,
): ComprehensionExpression['clauses'][number] {
  const read = (node: Node): Expression => source.expression(source, node, depth + 1);
  const [first, last] = [iterables[0], iterables.at(-1)];
  if (target === undefined || first === undefined || last === undefined) throw new TypeError('A for without iterable.');
  if (iterables.length === 1) return { target: read(target), iterable: read(first), conditions: [] };
  const span = spanIn(source, first.startIndex, last.endIndex);
  const iterable: Expression = { kind: 'tuple', span, items: iterables.map(read), broken: false };
  return { target: read(target), iterable, conditions: [] };
}
