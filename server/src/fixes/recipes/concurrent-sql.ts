import type { TextEdit } from '../../base/text-edit.ts';
import type { Project } from '../../project/project.ts';
import type { Change, CreateIndex } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { Table } from '../../schema/schema.ts';
import { tableText } from '../../schema/table-name.ts';
import { skipWords, wordAt } from '../../sql/words.ts';
import { quoteOf } from '../edits/layout.ts';
import { insertItems, itemIndentation } from '../edits/list-items.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import { indented } from '../edits/rewritten.ts';
import { type Answer, isRefused, type Refused, refusal } from '../fix.ts';
import { chainAfter } from '../new-migration.ts';
import { findOperationSite, migrationsModule } from '../operation-site.ts';
import { concurrencyRefusal, formRefusal, neededLater, notEditableSql, notSeparable } from '../refusals.ts';
import { tableBefore } from '../schema-before.ts';
import { type ConcurrentChange, concurrentPlace } from '../sql/concurrent-form.ts';
import { isUnfilled } from '../sql/earlier-sql.ts';
import { editSql } from '../sql/edit-sql.ts';
import { isMovable } from '../sql/later-changes.ts';
import { runSqlText } from '../sql/python-sql.ts';
import {
  inCaseOf,
  type RunSqlSite,
  readStatementSite,
  type SqlStatement,
  type SqlString,
  type StatementSite,
  statementsOf,
} from '../sql/run-sql-site.ts';
import { isSameSql, takeOut } from '../sql/take-out.ts';
import { nameBehindCondition } from '../sql/written-name.ts';
import { buildDocstring } from './build-docstring.ts';
import { reverseOfSql } from './reverse-sql.ts';

interface Setting {
  readonly project: Project;
}

/**
 * Lets a statement of a `RunSQL` do its work concurrently: in place where it is alone in its migration, in a migration
 * of its own where it is not, because it cannot share a transaction and should not share a failure.
 */
export function concurrentSql(change: ConcurrentChange, migration: Migration, { project }: Setting): readonly Answer[] {
  const found = readPlace(change, migration, project);
  if (isRefused(found)) return found;
  const at = concurrentPlace(change, found.statement);
  if (at === undefined) return refusal('In this form PostgreSQL cannot do it concurrently.');
  const { site, statement } = found;
  const insertion = { span: { start: at, end: at }, newText: ` ${inCaseOf(statement, 'CONCURRENTLY')}` };
  const isAlone = statementsOf(site.forward).length === 1 && migration.forward.every((each) => isSide(each, change));
  const context = { change, migration, project, site, statement, insertion };
  if (change.kind === 'RefreshView') return insideTransaction(context);
  return isAlone ? inPlace(context) : inItsOwn(context);
}

interface Context {
  readonly change: ConcurrentChange;
  readonly migration: Migration;
  readonly project: Project;
  readonly site: RunSqlSite;
  readonly statement: SqlStatement;
  /** What lets it work concurrently, where it does not yet. */
  readonly insertion: TextEdit | undefined;
}

/** Moves a statement that works concurrently into a migration of its own, where it shares no failure with others. */
export function concurrentSqlApart(
  change: ConcurrentChange,
  migration: Migration,
  { project }: Setting,
): readonly Answer[] {
  const found = readPlace(change, migration, project);
  return isRefused(found) ? found : inItsOwn({ ...found, change, migration, project, insertion: undefined });
}

/**
 * Drops the index before it is built with `IF NOT EXISTS`, which passes over the invalid one that a failed build leaves.
 */
export function droppedFirst(change: CreateIndex, migration: Migration, { project }: Setting): readonly Answer[] {
  const found = readPlace(change, migration, project);
  if (isRefused(found)) return found;
  if (statementsOf([found.statement.string]).length > 1) return notSeparable;
  const edits = retryEdits({ ...found, change, migration, project, insertion: undefined });
  if (edits === undefined || edits.length === 0) return [];
  return [
    {
      title: `Drop "${change.index.name}" first, where a failed build has left it`,
      safety: 'safe',
      edits: [{ kind: 'change', file: found.site.source.file, edits }],
    },
  ];
}

function readPlace(change: ConcurrentChange, migration: Migration, project: Project): StatementSite | Refused {
  const found = readStatementSite(change, migration, project);
  return isRefused(found) ? found : (refusalOf(change, migration, project) ?? found);
}

/** Whether a change may stay beside: it is the same, does nothing in the database or sets how long to wait for locks. */
function isSide(each: Change, change: Change): boolean {
  if (each === change || !each.applies.database) return true;
  if (each.kind === 'RunSql')
    return each.origin.call === change.origin.call || each.statements.every((sql) => sql !== undefined);
  return each.kind === 'SetTimeout' && each.scope === 'session';
}

/** A view is refreshed so inside a transaction as well. */
function insideTransaction({ change, migration, project, site, statement, insertion }: Context): readonly Answer[] {
  const { source } = site;
  const edit = insertion && editSql({ source, string: statement.string }, insertion.span, insertion.newText);
  if (edit === undefined) return notEditableSql;
  return [
    {
      title: wordingOf(change).title,
      safety: isSafe(change, migration, project) ? 'safe' : 'review',
      edits: [{ kind: 'change', file: source.file, edits: [edit] }],
    },
  ];
}

function inPlace(context: Context): readonly Answer[] {
  const { change, migration, project, site, statement, insertion } = context;
  const { source } = site;
  const edit = insertion && editSql({ source, string: statement.string }, insertion.span, insertion.newText);
  const first = retryEdits(context);
  if (edit === undefined || first === undefined) return notEditableSql;
  const back = reverseEdits(context);
  const attribute = source.atomic ? [setClassAttribute(source, 'atomic', 'False')] : [];
  return [
    {
      title: wordingOf(change).title,
      safety: isSafe(change, migration, project) ? 'safe' : 'review',
      edits: [{ kind: 'change', file: source.file, edits: [...attribute, ...first, edit, ...back] }],
    },
  ];
}

/** What drops the index on the way back, alone in its string, does not block its table either. */
function reverseEdits({ change, site: { source, reverse } }: Context): readonly TextEdit[] {
  if (change.kind !== 'CreateIndex' || !Array.isArray(reverse)) return [];
  const strings: readonly SqlString[] = reverse;
  const [only, ...others] = statementsOf(strings);
  if (only === undefined || others.length > 0 || wordAt(only, 0) !== 'DROP' || wordAt(only, 1) !== 'INDEX') return [];
  const name = nameBehindCondition(only, 2);
  const isPlain = name?.name === change.index.name && skipWords(only, name.next, 'RESTRICT') === only.tokens.length;
  const at = only.tokens[1]?.end;
  if (!isPlain || at === undefined) return [];
  const edit = editSql({ source, string: only.string }, { start: at, end: at }, ` ${inCaseOf(only, 'CONCURRENTLY')}`);
  return edit === undefined ? [] : [edit];
}

/** IF NOT EXISTS keeps the invalid index that a failed build leaves: that is dropped first. */
function retryEdits(context: Context): readonly TextEdit[] | undefined {
  const { change, migration, project, site } = context;
  const drop = retryStatement(context);
  if (drop === undefined) return [];
  const place = findOperationSite(change, migration, project);
  if (place === undefined) return undefined;
  const migrations = migrationsModule(site.source);
  const step = runSqlText(migrations.name, [drop], 'noop', quoteOf(site.source.text));
  return [...migrations.edits, insertItems(place.list, place.index, [indented(step, itemIndentation(place.list))])];
}

/** The statement that drops what a failed build has left; undefined for what would not pass over it. */
export function retryStatement({ change, statement }: Pick<Context, 'change' | 'statement'>): string | undefined {
  if (change.kind !== 'CreateIndex' || !change.ifNotExists) return undefined;
  const [drop] = reverseOfSql(statement, change) ?? [];
  return drop === undefined
    ? undefined
    : drop.replace(/^DROP INDEX (?:CONCURRENTLY )?(?:IF EXISTS )?/, 'DROP INDEX CONCURRENTLY IF EXISTS ');
}

function inItsOwn(context: Context): readonly Answer[] {
  const { change, migration, project, site, statement, insertion } = context;
  const { source } = site;
  if (!isMovable(change, migration)) return neededLater;
  const reverse = reverseOfSql(statement, change)?.map(concurrentDrop);
  const taken = takeOut({
    site,
    statement,
    change,
    migration,
    project,
    rewrites: insertion === undefined ? [] : [insertion],
    reverse,
    isOpposite: (sql) => isOpposite(change, sql, reverse),
    name: nameOf(change),
  });
  if (taken === undefined) return notSeparable;
  const { title, slug, says } = wordingOf(change);
  const drop = retryStatement(context);
  const first = drop === undefined ? [] : [runSqlText('migrations', [drop], 'noop', quoteOf(source.text))];
  const chain = chainAfter(project, source, [
    {
      slug: slug.toLowerCase().replaceAll(/\W+/g, '_'),
      docstring:
        change.kind === 'CreateIndex'
          ? buildDocstring(says, source.name)
          : `${says}\n\nRuns after ${source.name}, in the same deploy.\n`,
      imports: taken.imports,
      code: taken.code,
      atomic: false,
      operations: [...first, taken.operation],
    },
  ]);
  return [
    {
      title: insertion === undefined ? 'Move it to a migration of its own' : `${title}, in a migration of its own`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: taken.edits }, ...chain.repointed, ...chain.created],
    },
  ];
}

function concurrentDrop(sql: string): string {
  return sql.replace(/^DROP INDEX (?!CONCURRENTLY)(?:IF EXISTS )?/, 'DROP INDEX CONCURRENTLY IF EXISTS ');
}

function nameOf(change: ConcurrentChange): string {
  switch (change.kind) {
    case 'CreateIndex':
      return change.index.name;
    case 'DropIndex':
      return change.index;
    case 'Reindex':
      return change.name ?? '';
    case 'RefreshView':
      return change.view.name;
    case 'DetachPartition':
      return change.partition.name;
  }
}

function isOpposite(change: ConcurrentChange, sql: string, [reverse]: readonly string[] = []): boolean {
  if (change.kind !== 'DropIndex') return reverse !== undefined && isSameSql(sql, reverse);
  const name = /^CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?"?([\w$]+)"?\s/i.exec(
    sql,
  )?.[1];
  return name === change.index;
}

/** Of a view that no migration in sight creates nobody knows here whether it has a key; detaching so needs a partitioned table without a default partition. */
export function isSafe(change: ConcurrentChange, migration: Migration, project: Project): boolean {
  if (change.kind === 'DetachPartition') return false;
  if (change.kind !== 'RefreshView') return true;
  return tableBefore(change.view, change, migration, project) !== undefined;
}

/** An index that tells all rows of a view apart. */
function hasKey({ indexes }: Table): boolean {
  return [...indexes.values()].some(({ unique, partial, expressions }) => unique && !partial && !expressions);
}

/** What PostgreSQL is known to refuse: indexes of partitioned tables, views without rows or whose rows nothing tells apart. */
export function refusalOf(change: ConcurrentChange, migration: Migration, project: Project): Refused | undefined {
  switch (change.kind) {
    case 'CreateIndex':
    case 'DropIndex':
      return concurrencyRefusal(change, migration, project);
    case 'DetachPartition':
      return formRefusal({ ...change, mode: 'concurrently', transaction: undefined }, change, migration, project);
    case 'RefreshView': {
      const view = tableBefore(change.view, change, migration, project);
      const name = tableText(change.view);
      if (view !== undefined && !hasKey(view)) return refusal(`${name} has no unique index to tell its rows apart by.`);
      return isUnfilled(change.view, change, migration, project) ? refusal(`${name} was never filled.`) : undefined;
    }
    default:
      return undefined;
  }
}

interface Wording {
  readonly title: string;
  /** Of a migration of its own. */
  readonly slug: string;
  readonly says: string;
}

function wordingOf(change: ConcurrentChange): Wording {
  switch (change.kind) {
    case 'CreateIndex':
      return {
        title: 'Build the index concurrently',
        slug: change.index.name,
        says: `Builds an index on "${change.table.name}" without blocking writes to it.`,
      };
    case 'DropIndex':
      return {
        title: 'Drop the index concurrently',
        slug: `drop_${change.index}`,
        says: `Drops the index "${change.index}" without blocking its table.`,
      };
    case 'Reindex':
      return {
        title: 'Rebuild concurrently',
        slug: `reindex_${change.name ?? 'database'}`,
        says: `Rebuilds ${change.name === undefined ? 'all indexes' : `"${change.name}"`} without blocking writes.`,
      };
    case 'RefreshView':
      return {
        title: 'Refresh the view concurrently',
        slug: `refresh_${change.view.name}`,
        says: `Refreshes "${change.view.name}" while it is read.`,
      };
    case 'DetachPartition':
      return {
        title: 'Detach the partition concurrently',
        slug: `detach_${change.partition.name}`,
        says: `Detaches "${change.partition.name}" without blocking "${change.table.name}".`,
      };
  }
}
