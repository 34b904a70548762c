import type { Project } from '../../project/project.ts';
import type { AddConstraint } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { findColumn } from '../../schema/schema.ts';
import { closingBracket, skipWords, sqlBetween, symbolAt, wordAt } from '../../sql/words.ts';
import { quoteOf } from '../edits/layout.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import { type Answer, type FileEdit, isRefused, refusal } from '../fix.ts';
import { chainAfter, type FollowUp } from '../new-migration.ts';
import { concurrencyRefusal, doesMore, neededLater, unreadReverse } from '../refusals.ts';
import { schemaBefore } from '../schema-before.ts';
import { editSql } from '../sql/edit-sql.ts';
import { isMovable } from '../sql/later-changes.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { type RunSqlSite, type SqlStatement, statementsOf } from '../sql/run-sql-site.ts';
import { replaceReverse } from '../sql/set-reverse.ts';
import { writtenName } from '../sql/sql-names.ts';
import { addedConstraint, readActionSite, type TableAction } from '../sql/table-action.ts';
import { isSameSql, takeOut } from '../sql/take-out.ts';
import { buildDocstring } from './build-docstring.ts';
import { isReferredTo } from './key-steps.ts';

/** The statements that make a key in two steps. */
export interface KeyStatements {
  readonly build: string;
  readonly dropIndex: string;
  readonly add: string;
  readonly dropConstraint: string;
}

interface Context {
  readonly change: AddConstraint;
  readonly migration: Migration;
  readonly project: Project;
  readonly site: RunSqlSite;
  readonly statement: SqlStatement;
  readonly steps: KeyStatements;
}

/**
 * Makes a unique constraint or a primary key of an SQL string out of an index that was built before while the table was
 * in use: the index in a migration without a transaction, the constraint in the next one.
 */
export function uniqueByIndex(
  change: AddConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  if (change.usingIndex !== undefined) return [];
  const found = readActionSite(change, migration, project);
  if (isRefused(found)) return found;
  const steps = stepsOf(change, found.statement, found.action);
  if (steps === undefined || !found.action.isOnly) return doesMore;
  const { site, statement } = found;
  const refused = concurrencyRefusal(change, migration, project);
  if (refused !== undefined) return refused;
  if (!isMovable(change, migration) || isReferredTo(change, change.constraint.columns, migration)) return neededLater;
  if (!areColumnsReady(change, migration, project)) {
    return columnsNotReady;
  }
  const context = { change, migration, project, site, statement, steps };
  const isAlone =
    statementsOf(site.forward).length === 1 &&
    migration.forward.every(({ applies, origin }) => !applies.database || origin.call === change.origin.call);
  const edits = isAlone ? inTwo(context) : inThree(context);
  if (edits === undefined) return unreadReverse;
  const what = change.constraint.kind === 'unique' ? 'unique constraint' : 'primary key';
  return [{ title: `Build the index concurrently first, then make it the ${what}`, safety: 'review', edits }];
}

export const columnsNotReady = refusal(
  'A column of the key is not known to be NOT NULL, which would have to be proven first.',
);

/** A primary key sets its columns NOT NULL, which reads the table again where they are not. */
export function areColumnsReady(change: AddConstraint, migration: Migration, project: Project): boolean {
  const { constraint, table } = change;
  if (constraint.kind === 'unique') return true;
  const before = schemaBefore(change, migration, project);
  return constraint.columns.every((column) => before && findColumn(before, table, column)?.nullable === false);
}

/** Undefined where the action does more than PostgreSQL makes of an index, or nothing tells the name of the constraint. */
export function stepsOf(
  change: AddConstraint,
  statement: SqlStatement,
  action: TableAction,
): KeyStatements | undefined {
  const added = addedConstraint(statement, action);
  if (added === undefined || (added.name === undefined && !change.constraint.nameIsExact)) return undefined;
  const kindEnd = skipWords(statement, skipWords(statement, added.definition, 'UNIQUE'), 'PRIMARY', 'KEY');
  const nullsEnd = skipWords(statement, skipWords(statement, kindEnd, 'NULLS', 'NOT', 'DISTINCT'), 'NULLS', 'DISTINCT');
  if (kindEnd === added.definition || symbolAt(statement, nullsEnd) !== '(') return undefined;
  const columnsEnd = closingBracket(statement, nullsEnd) + 1;
  const isCovering = wordAt(statement, columnsEnd) === 'INCLUDE';
  const keysEnd = isCovering ? closingBracket(statement, columnsEnd + 1) + 1 : columnsEnd;
  if (['WITH', 'USING'].includes(wordAt(statement, keysEnd))) return undefined;
  const between = (first: number, end: number): string => (end > first ? ` ${sqlBetween(statement, first, end)}` : '');
  const name = added.name ?? writtenName(change.constraint.name);
  const { table, head, range } = action;
  const kind = sqlBetween(statement, added.definition, kindEnd);
  return {
    build: `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${table.text}${between(nullsEnd, keysEnd)}${between(kindEnd, nullsEnd)}`,
    dropIndex: `DROP INDEX CONCURRENTLY IF EXISTS ${table.schema}${name}`,
    add: `${head} ADD CONSTRAINT ${name} ${kind} USING INDEX ${name}${between(keysEnd, range.end)}`,
    dropConstraint: `${head} DROP CONSTRAINT ${name}`,
  };
}

/** The migration builds the index instead, and the next one adds the constraint. */
function inTwo({ change, project, site, statement, steps }: Context): readonly FileEdit[] | undefined {
  const { source } = site;
  const edit = editSql({ source, string: statement.string }, statement.piece.statement, steps.build);
  const reverse = replaceReverse(site, (sql) => isSameSql(sql, steps.dropConstraint), steps.dropIndex);
  if (edit === undefined || reverse === undefined) return undefined;
  const attribute = source.atomic ? [setClassAttribute(source, 'atomic', 'False')] : [];
  const chain = chainAfter(project, source, [constraintMigration(change, site, steps, `after ${source.name}`)]);
  return [
    { kind: 'change', file: source.file, edits: [...attribute, edit, ...reverse] },
    ...chain.repointed,
    ...chain.created,
  ];
}

/** The index and the constraint get migrations of their own, after what else the migration does. */
function inThree({ change, migration, project, site, statement, steps }: Context): readonly FileEdit[] | undefined {
  const { source } = site;
  const isOpposite = (sql: string): boolean => isSameSql(sql, steps.dropConstraint);
  const { name } = change.constraint;
  const reverse = [steps.dropConstraint];
  const taken = takeOut({ site, statement, change, migration, project, rewrites: [], reverse, isOpposite, name });
  if (taken === undefined) return undefined;
  const build: FollowUp = {
    slug: `${slugOf(change)}_index`,
    docstring: buildDocstring(
      `Builds the index of "${name}" without blocking writes to "${change.table.name}".`,
      source.name,
    ),
    imports: [],
    code: '',
    atomic: false,
    operations: [runSqlText('migrations', [steps.build], [steps.dropIndex], quoteOf(source.text))],
  };
  const chain = chainAfter(project, source, [
    build,
    constraintMigration(change, site, steps, 'when the index is built'),
  ]);
  return [{ kind: 'change', file: source.file, edits: taken.edits }, ...chain.repointed, ...chain.created];
}

function constraintMigration(change: AddConstraint, site: RunSqlSite, steps: KeyStatements, after: string): FollowUp {
  return {
    ...constraintWords(change, after),
    imports: [],
    code: '',
    atomic: true,
    operations: [runSqlText('migrations', [steps.add], [steps.dropConstraint], quoteOf(site.source.text))],
  };
}

/** What a revision is called and says that builds the index of a key. */
export function keyIndexWords(
  change: AddConstraint,
  after: string,
): { readonly slug: string; readonly docstring: string } {
  return {
    slug: `${slugOf(change)}_index`,
    docstring: [
      `Builds the index of "${change.constraint.name}" without blocking writes to "${change.table.name}".`,
      '',
      `Runs after ${after}, in the same deploy. It fails if two rows are the same: mend them and run it again.`,
      '',
    ].join('\n'),
  };
}

/** What the migration is called and says that makes a built index the constraint. */
export function constraintWords(
  change: AddConstraint,
  after: string,
): { readonly slug: string; readonly docstring: string } {
  return {
    slug: slugOf(change),
    docstring: [
      `Makes the index "${change.constraint.name}" of "${change.table.name}" the constraint: nothing is built or read for that.`,
      '',
      `Runs ${after}, in the same deploy.`,
      '',
    ].join('\n'),
  };
}

function slugOf({ constraint }: AddConstraint): string {
  return constraint.name.toLowerCase().replaceAll(/\W+/g, '_');
}
