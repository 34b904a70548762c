import type { Node } from 'web-tree-sitter';
import { type Span, spanOf } from '../../base/span.ts';
import type { Expression, IfStatement, Statement } from '../module.ts';
import { columnOf, lineStartOf } from './indentation.ts';
import { hasLooseLineBreak } from './loose-line-break.ts';
import { readArguments } from './read-call.ts';
import { readParameters } from './read-parameter.ts';
import { childrenOf, deepest, type Source, spanIn } from './source.ts';
import { tokenKind, tokensIn } from './token.ts';

interface Block {
  readonly statements: readonly Statement[];
  readonly span: Span;
  readonly broken: boolean;
}

/** Statements with blocks; `undefined` for simple statements. */
export function readCompoundStatement(source: Source, node: Node, depth: number): Statement | undefined {
  const type = node.type;
  if (depth > deepest) return undefined;
  switch (type) {
    case 'function_definition':
      return readFunction(source, node, [], node.startIndex, depth);
    case 'class_definition':
      return readClass(source, node, [], node.startIndex, depth);
    case 'decorated_definition':
      return readDecorated(source, node, depth);
    case 'if_statement':
      return readIf(source, node, depth);
    case 'for_statement':
      return readFor(source, node, depth);
    case 'while_statement':
      return readWhile(source, node, depth);
    case 'with_statement':
      return readWith(source, node, depth);
    case 'try_statement':
      return readTry(source, node, depth);
    case 'match_statement':
      return readMatch(source, node, depth);
    default:
      return undefined;
  }
}

/** The statements of a `block` node. An empty block is a compound statement whose body is not yet typed. */
function readBlock(source: Source, header: Node, node: Node | null | undefined, depth: number): Block {
  const hole = node && source.holes?.get(node.startIndex);
  if (hole?.kind === 'block') return hole;
  const statements = node ? childrenOf(source, node).map((child) => source.statement(source, child, depth + 1)) : [];
  const [first, last] = [statements[0], statements.at(-1)];
  if (!node || first === undefined || last === undefined) return emptyBlock(source, header, node ?? undefined);
  const { text } = source;
  const isInvalid =
    hasLooseLineBreak(text, header.startIndex, node.startIndex) ||
    !isIndented(text, header.startIndex, childrenOf(source, node)[0]?.startIndex ?? node.startIndex);
  if (isInvalid) source.notes.isInvalid = true;
  return {
    statements,
    span: spanOf(first.span.start, last.span.end),
    broken: statements.some((statement) => statement.broken),
  };
}

/** A block that is not there yet begins behind the colon. */
function emptyBlock(source: Source, header: Node, node: Node | undefined): Block {
  const { kinds, ends } = tokensIn(source.text, header.startIndex, node?.startIndex ?? header.endIndex);
  const last = kinds.findLastIndex((kind) => kind !== tokenKind.comment && kind !== tokenKind.newline);
  const end = source.placeEnd(ends[last] ?? header.endIndex);
  const span = spanOf(end, end);
  source.notes.broken.push(span);
  return { statements: [], span, broken: true };
}

/** tree-sitter takes a block that begins no further right than its header, if only it is to the right of what is around. */
function isIndented(text: string, header: number, block: number): boolean {
  const lineStart = lineStartOf(text, block);
  return lineStart <= header || columnOf(text, block) > columnOf(text, header);
}

/** Where a statement ends that ends with a block: tree-sitter counts comments after the block in. */
function spanOver(source: Source, start: number, ...blocks: readonly Block[]): Span {
  const from = source.place(start);
  return { start: from, end: Math.max(from, ...blocks.map((block) => block.span.end)) };
}

function readDecorated(source: Source, node: Node, depth: number): Statement | undefined {
  const children = childrenOf(source, node);
  const definition = children.at(-1);
  if (definition === undefined) return undefined;
  const decorators = children.slice(0, -1).flatMap((child) => {
    const value = childrenOf(source, child)[0];
    return value === undefined ? [] : [source.expression(source, value, depth + 1)];
  });
  return definition.type === 'class_definition'
    ? readClass(source, definition, decorators, node.startIndex, depth)
    : readFunction(source, definition, decorators, node.startIndex, depth);
}

function readFunction(
  source: Source,
  node: Node,
  decorators: readonly Expression[],
  start: number,
  depth: number,
): Statement {
  const name = node.childForFieldName('name');
  const parameters = node.childForFieldName('parameters');
  const body = readBlock(source, node, node.childForFieldName('body'), depth);
  return {
    kind: 'function',
    span: spanOver(source, start, body),
    broken: body.broken,
    name: name === null ? '' : source.text.slice(name.startIndex, name.endIndex),
    nameSpan: spanIn(source, name?.startIndex ?? start, name?.endIndex ?? start),
    parameters: parameters === null ? [] : readParameters(source, parameters, depth + 1),
    decorators,
    body: body.statements,
    bodySpan: body.span,
  };
}

function readClass(
  source: Source,
  node: Node,
  decorators: readonly Expression[],
  start: number,
  depth: number,
): Statement {
  const name = node.childForFieldName('name');
  const bases = node.childForFieldName('superclasses');
  const body = readBlock(source, node, node.childForFieldName('body'), depth);
  return {
    kind: 'class',
    span: spanOver(source, start, body),
    broken: body.broken,
    name: name === null ? '' : source.text.slice(name.startIndex, name.endIndex),
    nameSpan: spanIn(source, name?.startIndex ?? start, name?.endIndex ?? start),
    bases: bases === null ? [] : readArguments(source, bases, bases.endIndex, depth + 1),
    decorators,
    body: body.statements,
    bodySpan: body.span,
  };
}

function readIf(source: Source, node: Node, depth: number): Statement {
  const [test, consequence, ...alternatives] = childrenOf(source, node);
  return ifStatement(source, node, test, consequence, alternatives, depth);
}

/** `elif` becomes an `if` of its own in the else branch of the one before it. */
function ifStatement(
  source: Source,
  clause: Node,
  test: Node | undefined,
  consequence: Node | undefined,
  alternatives: readonly Node[],
  depth: number,
): IfStatement {
  const body = readBlock(source, clause, consequence, depth);
  const orElse = readAlternatives(source, alternatives, depth);
  return {
    kind: 'if',
    span: spanOver(source, clause.startIndex, body, orElse),
    broken: body.broken || orElse.broken,
    test: readTest(source, test, depth),
    body: body.statements,
    orElse: orElse.statements,
  };
}

const nothing: Block = { statements: [], span: { start: 0, end: 0 }, broken: false };

function readAlternatives(source: Source, [first, ...rest]: readonly Node[], depth: number): Block {
  if (first === undefined) return nothing;
  if (first.type === 'else_clause') return readBlock(source, first, childrenOf(source, first).at(-1), depth);
  const [test, consequence] = childrenOf(source, first);
  const nested = ifStatement(source, first, test, consequence, rest, depth + 1);
  return { statements: [nested], span: nested.span, broken: nested.broken };
}

function readTest(source: Source, test: Node | undefined, depth: number): Expression {
  if (test !== undefined) return source.expression(source, test, depth + 1);
  return { kind: 'other', span: spanIn(source, 0, 0), children: [] };
}

function readFor(source: Source, node: Node, depth: number): Statement {
  const body = readBlock(source, node, node.childForFieldName('body'), depth);
  const orElse = readElse(source, node, depth);
  return {
    kind: 'for',
    span: spanOver(source, node.startIndex, body, orElse),
    broken: body.broken || orElse.broken,
    target: readTest(source, node.childForFieldName('left') ?? undefined, depth),
    iterable: readTest(source, node.childForFieldName('right') ?? undefined, depth),
    body: body.statements,
    orElse: orElse.statements,
  };
}

function readWhile(source: Source, node: Node, depth: number): Statement {
  const body = readBlock(source, node, node.childForFieldName('body'), depth);
  const orElse = readElse(source, node, depth);
  return {
    kind: 'while',
    span: spanOver(source, node.startIndex, body, orElse),
    broken: body.broken || orElse.broken,
    test: readTest(source, node.childForFieldName('condition') ?? undefined, depth),
    body: body.statements,
    orElse: orElse.statements,
  };
}

function readElse(source: Source, node: Node, depth: number): Block {
  const clause = node.childForFieldName('alternative');
  return clause === null ? nothing : readBlock(source, clause, childrenOf(source, clause).at(-1), depth);
}

function readWith(source: Source, node: Node, depth: number): Statement {
  const body = readBlock(source, node, node.childForFieldName('body'), depth);
  const clause = childrenOf(source, node).find((child) => child.type === 'with_clause');
  const items = clause === undefined ? [] : childrenOf(source, clause).map((item) => readWithItem(source, item, depth));
  return {
    kind: 'with',
    span: spanOver(source, node.startIndex, body),
    broken: body.broken,
    items,
    body: body.statements,
  };
}

function readWithItem(
  source: Source,
  item: Node,
  depth: number,
): { readonly context: Expression; readonly target: Expression | undefined } {
  const value = childrenOf(source, item)[0];
  if (value?.type !== 'as_pattern') return { context: readTest(source, value, depth), target: undefined };
  const [context, alias] = childrenOf(source, value);
  const target = alias === undefined ? undefined : childrenOf(source, alias)[0];
  return {
    context: readTest(source, context, depth),
    target: target === undefined ? undefined : source.expression(source, target, depth + 1),
  };
}

function readTry(source: Source, node: Node, depth: number): Statement {
  const clauses = childrenOf(source, node);
  const body = readBlock(source, node, clauses[0], depth);
  const blocks = clauses.slice(1).map((clause) => ({
    type: clause.type,
    block: readBlock(source, clause, childrenOf(source, clause).at(-1), depth),
  }));
  const blockOf = (type: string): Block => blocks.find((each) => each.type === type)?.block ?? nothing;
  return {
    kind: 'try',
    span: spanOver(source, node.startIndex, body, ...blocks.map((each) => each.block)),
    broken: body.broken || blocks.some((each) => each.block.broken),
    body: body.statements,
    handlers: blocks.filter((each) => each.type === 'except_clause').map((each) => each.block.statements),
    orElse: blockOf('else_clause').statements,
    finally: blockOf('finally_clause').statements,
  };
}

function readMatch(source: Source, node: Node, depth: number): Statement {
  const subjects = node.childrenForFieldName('subject');
  const body = node.childForFieldName('body');
  const cases = (body === null ? [] : childrenOf(source, body)).map((clause) =>
    readBlock(source, clause, clause.childForFieldName('consequence'), depth),
  );
  return {
    kind: 'match',
    span: spanOver(source, node.startIndex, ...cases),
    broken: cases.length === 0 || cases.some((each) => each.broken),
    subject: readTest(source, subjects[0], depth),
    cases: cases.map((each) => each.statements),
  };
}
