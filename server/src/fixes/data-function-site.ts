import { containsSpan, type Span } from '../base/span.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import type { Project } from '../project/project.ts';
import type { CodeSite, WriteRows } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { childStatementsOf } from '../syntax/child-expressions.ts';
import type { Expression, FunctionStatement, LambdaExpression, Statement } from '../syntax/module.ts';
import type { Refused } from './fix.ts';
import { functionElsewhere } from './refusals.ts';

/** A write inside a data function of the migration's own file. */
export interface DataFunctionSite {
  readonly source: DjangoMigration;
  readonly code: CodeSite;
  /** The statements around the call, outermost first, up to the function that holds it; none in a lambda. */
  readonly around: readonly Statement[];
}

/** Refuses where the function stands in another file: a fix edits the migration alone. */
export function readDataFunctionSite(
  change: WriteRows,
  migration: Migration,
  project: Project,
): DataFunctionSite | Refused {
  const source = project.source(migration.id);
  const { code } = change;
  if (source === undefined || code === undefined) return [];
  if (code.file !== source.file) return functionElsewhere;
  const holder = code.functions.at(-1);
  return {
    source,
    code,
    around: holder?.kind === 'function' ? statementsAround(holder.body, code.call.span) : [],
  };
}

/** The function that an operation runs and that makes a change by itself, not through a function of another file. */
export function findEntryFunction(
  change: WriteRows,
  migration: Migration,
  project: Project,
): { readonly source: DjangoMigration; readonly entry: FunctionStatement } | undefined {
  const source = project.source(migration.id);
  const code = change.code ?? change.origin.code;
  const [entry] = code?.functions ?? [];
  if (source === undefined || code?.file !== source.file) return undefined;
  return entry?.kind === 'function' && isWrittenHere(entry, source) ? { source, entry } : undefined;
}

/** The statements that contain a span, outermost first; those of functions inside others count as well. */
function statementsAround(statements: readonly Statement[], span: Span): readonly Statement[] {
  const outer = statements.find((statement) => containsSpan(statement.span, span));
  return outer === undefined ? [] : [outer, ...statementsAround(childStatementsOf(outer), span)];
}

/** `Order.objects` of `Order.objects.filter(…)`: what a chain of calls begins with, with the database that it is for. */
export function findManager(rows: Expression): Expression | undefined {
  if (rows.kind === 'attribute') return /objects$|manager$/.test(rows.name) ? rows : findManager(rows.object);
  if (rows.kind === 'subscript') return findManager(rows.object);
  if (rows.kind !== 'call') return undefined;
  const manager = findManager(rows.callee);
  const isUsing = rows.callee.kind === 'attribute' && rows.callee.name === 'using' && rows.callee.object === manager;
  return isUsing ? rows : manager;
}

/** `Order.objects` of `Order.objects.all()`; anything else as it is. */
export function withoutAll(rows: Expression): Expression {
  return rows.kind === 'call' && rows.callee.kind === 'attribute' && rows.callee.name === 'all'
    ? rows.callee.object
    : rows;
}

export function textAt({ text }: { readonly text: string }, { start, end }: Span): string {
  return text.slice(start, end);
}

function isWrittenHere(
  definition: FunctionStatement | LambdaExpression,
  { module, class: migration }: DjangoMigration,
): boolean {
  return [...module.body, ...migration.body].some(({ span }) => containsSpan(span, definition.span));
}
