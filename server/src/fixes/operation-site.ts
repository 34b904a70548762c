import { containsSpan } from '../base/span.ts';
import type { DjangoMigration, DjangoOperation } from '../django/migration-file.ts';
import type { Project } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import { changesOfOrigin } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import type { CallExpression, Expression, SequenceExpression } from '../syntax/module.ts';
import type { ImportEdit } from './edits/imports.ts';
import { importName } from './edits/imports.ts';
import type { ListSite } from './edits/list-items.ts';
import { type Refused, refusal } from './fix.ts';

/** Where an operation is written as an item of a literal list. */
export interface OperationSite {
  readonly source: DjangoMigration;
  readonly operation: DjangoOperation;
  readonly call: CallExpression;
  readonly list: ListSite;
  readonly index: number;
  /** An item of `operations` itself, not of an operation inside it. */
  readonly isTopLevel: boolean;
}

/** The operation that a change was read from. */
export function findOperationOf(change: Change, source: DjangoMigration): DjangoOperation | undefined {
  return change.origin.call && findOperation(source.operations, change.origin.call);
}

/** All that one operation does to the database, in order. */
export function changesOfOperation(change: Change, { forward }: Migration): readonly Change[] {
  return changesOfOrigin(change, forward).filter(({ applies }) => applies.database);
}

/** `undefined` where the operation is not written as an item of a list: then no edit of it can be right. */
export function findOperationSite(change: Change, migration: Migration, project: Project): OperationSite | undefined {
  return siteOf(change.origin.call, migration, project);
}

/**
 * Refuses where {@link findOperationSite} finds nothing in a migration of Django.
 *
 * @param place whether the operation must stand in `operations` itself, to be replaced or moved
 */
export function readSite(
  change: Change,
  migration: Migration,
  project: Project,
  place: 'top level' | 'anywhere',
): OperationSite | Refused {
  if (migration.framework !== 'django') return [];
  const site = findOperationSite(change, migration, project);
  if (site === undefined) return refusal('The operation is not written as an item of the list `operations`.');
  if (place === 'anywhere' || site.isTopLevel) return site;
  return refusal(`The operation stands inside ${holderOf(site)}, which would have to change with it.`);
}

/** The operation that another one stands in. */
function holderOf({ source, call }: OperationSite): string {
  const holder = source.operations.find((each) => each.call !== undefined && containsSpan(each.call.span, call.span));
  return holder?.name ?? 'another operation';
}

/** The operation that a change was read from or, for SQL of a data function, that runs the function: what comes before it. */
export function findCarrierSite(change: Change, migration: Migration, project: Project): OperationSite | undefined {
  const { call, code, within } = change.origin;
  return siteOf(code === undefined ? call : within.at(-1), migration, project);
}

function siteOf(call: CallExpression | undefined, migration: Migration, project: Project): OperationSite | undefined {
  const source = project.source(migration.id);
  if (source?.operationsList === undefined || call === undefined) return undefined;
  const operation = findOperation(source.operations, call);
  const found = findItem(source.operationsList, call);
  if (operation === undefined || found === undefined) return undefined;
  const list = listSiteOf(source, found.list);
  return { source, operation, call, list, index: found.index, isTopLevel: found.list === source.operationsList };
}

function listSiteOf(source: DjangoMigration, list: SequenceExpression): ListSite {
  return { text: source.text, module: source.module, span: list.span, items: list.items };
}

/** The name under which this file knows `django.db.migrations`, and the import where it does not yet. */
export function migrationsModule(source: DjangoMigration): ImportEdit {
  return importName(source.text, source.module, 'django.db', 'migrations');
}

/** The call with its operation's class renamed: `migrations.AddIndex(` to `AddIndexConcurrently(`. */
export function calleeText(source: DjangoMigration, call: CallExpression): string {
  return dottedNameOf(call.callee) ?? source.text.slice(call.callee.span.start, call.callee.span.end);
}

function findOperation(operations: readonly DjangoOperation[], call: CallExpression): DjangoOperation | undefined {
  for (const operation of operations) {
    if (operation.call && isSamePlace(operation.call, call)) return operation;
    const inner = findOperation([...operation.databaseOperations, ...operation.stateOperations], call);
    if (inner) return inner;
  }
  return undefined;
}

function findItem(
  list: SequenceExpression,
  call: CallExpression,
): { readonly list: SequenceExpression; readonly index: number } | undefined {
  const index = list.items.findIndex((item) => item.kind === 'call' && isSamePlace(item, call));
  if (index >= 0) return { list, index };
  for (const item of list.items) {
    if (item.kind !== 'call') continue;
    for (const inner of item.arguments.map((argument) => argument.value).filter(isSequence)) {
      const found = findItem(inner, call);
      if (found) return found;
    }
  }
  return undefined;
}

/** A file that was let go and read again gives other objects for the same places. */
function isSamePlace(one: Expression, other: Expression): boolean {
  return one.span.start === other.span.start && one.span.end === other.span.end;
}

function isSequence(expression: Expression): expression is SequenceExpression {
  return expression.kind === 'list' || expression.kind === 'tuple';
}
