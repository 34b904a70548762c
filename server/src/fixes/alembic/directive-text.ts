import { tableParameterOf } from '../../alembic/directives.ts';
import { containsSpan, type Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import { childExpressionsOf } from '../../syntax/child-expressions.ts';
import type { CallExpression, Expression } from '../../syntax/module.ts';
import { findKeyword, removeArgument, setKeywords } from '../edits/arguments.ts';
import { fitted } from '../edits/fitted.ts';
import { indentationAt, isFirstOnLine, lineBreakOf, lineStartBefore } from '../edits/layout.ts';
import { insertItems } from '../edits/list-items.ts';
import { indentedCode, rewrittenCode } from '../edits/rewritten.ts';
import { blockAround, type DirectivePlace } from './revision-site.ts';

/** What becomes of the arguments of a directive. */
export interface ArgumentChanges {
  /** Keywords with their values, as they are to be written. */
  readonly set?: Readonly<Record<string, string>>;
  readonly without?: readonly string[];
  /** Inside them. */
  readonly edits?: readonly TextEdit[];
}

/**
 * A directive as it is written, with other arguments, in column 0: as one of `op`, whether it is inside
 * `batch_alter_table` or not.
 *
 * @param depth the column at which it will stand
 */
export function directiveText(place: DirectivePlace, changes: ArgumentChanges, depth: number): string {
  const outside = outOfBatch(place);
  const edits = [...outside.edits, ...argumentEdits(place, { ...changes, set: { ...outside.set, ...changes.set } })];
  return laidOut(place, edits, depth);
}

/** Changes the arguments of a directive where it stands. */
export function changeArguments(place: DirectivePlace, changes: ArgumentChanges): readonly TextEdit[] {
  return editsInside(place, argumentEdits(place, changes));
}

/** Edits inside a directive that leave it laid out: where its line becomes too long it is broken. */
export function editsInside(place: DirectivePlace, edits: readonly TextEdit[]): readonly TextEdit[] {
  const { source, call, statement } = place;
  const column = statement.span.start - lineStartBefore(source.text, statement.span.start);
  const changed = laidOut(place, edits, column);
  if (changed === rewrittenCode(source.text, call.span, edits)) return edits;
  const depth = indentationAt(source.text, statement.span.start);
  return [{ span: call.span, newText: indentedCode(changed, depth).replaceAll('\n', lineBreakOf(source.text)) }];
}

/** The call of a directive with edits applied to it, in column 0. */
function laidOut(place: DirectivePlace, edits: readonly TextEdit[], depth: number): string {
  const { source, call } = place;
  const written = rewrittenCode(source.text, call.span, edits);
  const isJoined = sharesLine(place) || isAsFitted(rewrittenCode(source.text, call.span, []), place);
  return fitted(isJoined ? onOneLine(written) : written, depth);
}

/** Whether the lines of a call are broken where they would be here, and nowhere else: what is shorter then gets fewer of them. */
function isAsFitted(code: string, { source, statement }: DirectivePlace): boolean {
  // A comma before a bracket keeps the lines apart, and so do comments and long strings.
  if (!code.includes('\n') || /#|\\\n|"""|'''|,\s*[)\]}]/.test(code)) return false;
  const column = statement.span.start - lineStartBefore(source.text, statement.span.start);
  return fitted(onOneLine(code), column) === code;
}

/** Whether the arguments stand on one line of their own between the brackets, as Black puts them where they fit. */
function sharesLine({ source, call }: DirectivePlace): boolean {
  const { text, module } = source;
  const [first, last] = [call.arguments[0], call.arguments.at(-1)];
  if (first === undefined || last === undefined || !isFirstOnLine(text, first.span.start)) return false;
  const isCommented = module.comments.some(({ span }) => containsSpan(call.span, span));
  return !isCommented && !/[\r\n]/.test(text.slice(first.span.start, last.span.end)) && call.arguments.length > 1;
}

function onOneLine(code: string): string {
  return code
    .replaceAll(/([([{])\s*\n\s*/g, '$1')
    .replaceAll(/\s*\n\s*([)\]}])/g, '$1')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/,\)$/, ')');
}

function argumentEdits(
  { source, call }: DirectivePlace,
  { set = {}, without = [], edits = [] }: ArgumentChanges,
): readonly TextEdit[] {
  const site = { text: source.text, module: source.module, call };
  const removed = without.flatMap((name) => {
    const argument = findKeyword(call, name);
    return argument === undefined ? [] : [removeArgument(site, argument)];
  });
  return [...removed, ...edits, ...setKeywords(site, set)];
}

interface OutOfBatch {
  readonly edits: readonly TextEdit[];
  readonly set: Readonly<Record<string, string>>;
}

/** Lets a directive of `batch_op` be one of `op`, which names its table. */
function outOfBatch(place: DirectivePlace): OutOfBatch {
  const { source, call, directive, op } = place;
  if (directive.batch === undefined) return { edits: [], set: {} };
  const parameter = tableParameterOf(directive.name);
  const items = call.arguments;
  const table = argumentText(place, parameter.name) ?? '';
  const schema = schemaText(place, parameter.schema);
  // Behind the last positional argument an insertion would meet the keywords that are added.
  const isPositional = parameter.position >= 0 && items[parameter.position]?.name === undefined;
  const isInserted = isPositional && parameter.position < items.length;
  const list = { text: source.text, module: source.module, span: call.argumentsSpan, items };
  return {
    edits: [
      { span: call.callee.span, newText: `${op}.${directive.name}` },
      ...namesFormed(call, place),
      ...(isInserted ? [insertItems(list, parameter.position, [table])] : []),
    ],
    set: {
      ...(isInserted ? {} : { [parameter.name]: table }),
      ...(schema === undefined ? {} : { [parameter.schema]: schema }),
    },
  };
}

/** `batch_op.f("…")` inside the arguments. */
function namesFormed(call: CallExpression, place: DirectivePlace): readonly TextEdit[] {
  const name = batchNameOf(place);
  const found: TextEdit[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind === 'name' && expression.name === name)
      found.push({ span: expression.span, newText: place.op });
    for (const child of childExpressionsOf(expression)) visit(child);
  };
  for (const argument of call.arguments) visit(argument.value);
  return found;
}

function batchNameOf(place: DirectivePlace): string | undefined {
  for (const { target } of blockAround(place, 'batch_alter_table')?.items ?? []) {
    if (target?.kind === 'name') return target.name;
  }
  return undefined;
}

/** An argument as it is written, by the name of its parameter, for use outside of `batch_alter_table`. */
export function argumentText(place: DirectivePlace, name: string): string | undefined {
  const { source, directive, op } = place;
  const value = directive.arguments.get(name);
  if (value === undefined || value.module !== source.module) return undefined;
  const batch = batchNameOf(place);
  const written = rewrittenCode(source.text, value.at.span, []);
  return batch === undefined ? written : written.replaceAll(new RegExp(`\\b${batch}\\.f\\(`, 'g'), `${op}.f(`);
}

/** The schema of the table as it is written; `schema=None` says nothing. */
export function schemaText(place: DirectivePlace, parameter = 'schema'): string | undefined {
  const written = argumentText(place, parameter);
  return written === 'None' ? undefined : written;
}

/** Where a directive says `None` for an argument. */
export function noneIn({ source, directive }: DirectivePlace, name: string): Span | undefined {
  const written = directive.arguments.get(name);
  if (written?.kind !== 'constant' || written.value !== null || written.module !== source.module) return undefined;
  const { span } = written.at;
  return source.text.slice(span.start, span.end) === 'None' ? span : undefined;
}

/** A call of `op` in column 0, its arguments as they are to be written; keywords without a value are left out. */
export function opCall(
  op: string,
  name: string,
  positional: readonly string[],
  keywords: Readonly<Record<string, string | undefined>>,
  depth: number,
): string {
  const named = Object.entries(keywords).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return fitted(`${op}.${name}(${[...positional, ...named].join(', ')})`, depth);
}

/** `with op.get_context().autocommit_block():` around statements that stand in column 0. */
export function inAutocommitBlock(op: string, statements: readonly string[]): string {
  const lines = statements.map((statement) => `    ${indentedCode(statement, '    ')}`);
  return [`with ${op}.get_context().autocommit_block():`, ...lines].join('\n');
}
