import { tableParameterOf } from '../../alembic/directives.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import { childExpressionsOf } from '../../syntax/child-expressions.ts';
import type { CallExpression, Expression } from '../../syntax/module.ts';
import { findKeyword, removeArgument, setKeyword } from '../edits/arguments.ts';
import { fitted } from '../edits/fitted.ts';
import { indentationAt, lineBreakOf, lineStartBefore } from '../edits/layout.ts';
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
  const { source, call } = place;
  const edits = [...outOfBatch(place), ...argumentEdits(place, changes)];
  return fitted(rewrittenCode(source.text, call.span, edits), depth);
}

/** Changes the arguments of a directive where it stands. */
export function changeArguments(place: DirectivePlace, changes: ArgumentChanges): readonly TextEdit[] {
  return editsInside(place, argumentEdits(place, changes));
}

/** Edits inside a directive that leave it laid out: where its line becomes too long it is broken. */
export function editsInside(place: DirectivePlace, edits: readonly TextEdit[]): readonly TextEdit[] {
  const { source, call, statement } = place;
  const column = statement.span.start - lineStartBefore(source.text, statement.span.start);
  const written = rewrittenCode(source.text, call.span, edits);
  const laidOut = fitted(written, column);
  if (laidOut === written) return edits;
  const depth = indentationAt(source.text, statement.span.start);
  return [{ span: call.span, newText: indentedCode(laidOut, depth).replaceAll('\n', lineBreakOf(source.text)) }];
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
  return [...removed, ...edits, ...Object.entries(set).map(([name, value]) => setKeyword(site, name, value))];
}

/** Lets a directive of `batch_op` be one of `op`, which names its table. */
function outOfBatch(place: DirectivePlace): readonly TextEdit[] {
  const { source, call, directive, op } = place;
  const { batch } = directive;
  if (batch === undefined) return [];
  const { text, module } = source;
  const parameter = tableParameterOf(directive.name);
  const items = call.arguments;
  const positional = items.filter(({ name }) => name === undefined).length;
  const table = argumentText(place, parameter.name) ?? '';
  const schema = schemaText(place, parameter.schema);
  const list = { text, module, span: call.argumentsSpan, items };
  const isPositional = parameter.position >= 0 && positional >= parameter.position;
  const tableEdit = isPositional
    ? insertItems(list, parameter.position, [table])
    : insertItems(list, items.length, [`${parameter.name}=${table}`]);
  return [
    { span: call.callee.span, newText: `${op}.${directive.name}` },
    ...namesFormed(call, place),
    tableEdit,
    ...(schema === undefined ? [] : [setKeyword({ text, module, call }, parameter.schema, schema)]),
  ];
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
