import type { AlembicRevision } from '../../../alembic/revision-file.ts';
import { nameOf } from '../../../alembic/step.ts';
import { sortEdits, type TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { Change, DropIndex } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { findWord, wordAt } from '../../../sql/words.ts';
import { directiveText, inAutocommitBlock } from '../../alembic/directive-text.ts';
import { executeText, revisionOf } from '../../alembic/executed-sql.ts';
import { type ExecutedStatement, readExecutedStatement, statementIn } from '../../alembic/executed-statement.ts';
import { codeAround } from '../../alembic/moved-code.ts';
import { movedToNext } from '../../alembic/moved-statements.ts';
import type { NewRevision } from '../../alembic/new-revision.ts';
import { type DirectivePlace, directivesBack } from '../../alembic/revision-site.ts';
import { commentsOf, replaceOutsideOfBatch } from '../../alembic/statement-edits.ts';
import { type WayBack, wayBackOf } from '../../alembic/way-back.ts';
import { type Answer, type Fix, isRefused } from '../../fix.ts';
import {
  behindGuard,
  concurrencyRefusal,
  neededLater,
  notEditableSql,
  unknownName,
  unreadReverse,
} from '../../refusals.ts';
import { schemaBefore } from '../../schema-before.ts';
import { editSql } from '../../sql/edit-sql.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { inCaseOf, type SqlStatement, textOfStatement } from '../../sql/run-sql-site.ts';
import { writtenName } from '../../sql/sql-names.ts';
import { besideOthers, dropBack, dropSql, isAboutIndexes } from './concurrent-executed.ts';
import { indexWords, noWayBack } from './index-words.ts';

interface Executed extends ExecutedStatement {
  readonly change: Change;
  readonly migration: Migration;
  readonly project: Project;
  /** The statements for the autocommit block, such that they may be run again. */
  readonly code: readonly string[];
}

/**
 * Puts a statement of `op.execute` that PostgreSQL refuses in a transaction into an autocommit block: in place where
 * nothing else would be left half done by a failure, in the next revision where it would.
 */
export function autocommitExecuted(
  change: Change,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readExecutedStatement(change, migration, project);
  if (isRefused(found)) return found;
  if (change.kind === 'CreateIndex' || change.kind === 'DropIndex') {
    const refused = concurrencyRefusal(change, migration, project);
    if (refused !== undefined) return refused;
  }
  // Without a name, what a failed build has left cannot be told from another index.
  if (change.kind === 'CreateIndex' && !change.index.nameIsExact) return unknownName;
  const code = repeatableCode(change, found);
  if (code === undefined) return notEditableSql;
  const executed = { ...found, change, migration, project, code };
  return isAlone(change, migration) ? [inPlace(executed)] : inItsOwn(executed);
}

/** Whether what the block commits, and what it leaves for later, can be done again. */
function isAlone(change: Change, migration: Migration): boolean {
  return migration.forward.every(
    (each) => each.origin.call === change.origin.call || isAboutIndexes(each, migration) || !each.applies.database,
  );
}

function repeatableCode(change: Change, { place, statement }: ExecutedStatement): readonly string[] | undefined {
  const condition = conditionOf(change, statement);
  const { source } = place;
  const edit =
    condition &&
    editSql({ source, string: statement.string }, { start: condition.at, end: condition.at }, condition.sql);
  if (condition !== undefined && edit === undefined) return undefined;
  const written = directiveText(place, { edits: edit === undefined ? [] : [edit] }, 8);
  return change.kind === 'CreateIndex' ? [executeText(dropSql(change), source, 8), written] : [written];
}

/** What lets a statement pass over what an earlier try has done, where it does not say so. */
function conditionOf(
  { kind }: Change,
  statement: SqlStatement,
): { readonly at: number; readonly sql: string } | undefined {
  const after = kind === 'DropIndex' ? 2 : enumValueAt(kind, statement);
  const at = after === undefined ? undefined : statement.tokens[after]?.end;
  if (after === undefined || at === undefined || wordAt(statement, after + 1) === 'IF') return undefined;
  return { at, sql: ` ${inCaseOf(statement, kind === 'DropIndex' ? 'IF EXISTS' : 'IF NOT EXISTS')}` };
}

function enumValueAt(kind: Change['kind'], statement: SqlStatement): number | undefined {
  if (kind !== 'AlterEnum') return undefined;
  const at = findWord(statement, 'ADD', 2) + 1;
  return wordAt(statement, at) === 'VALUE' ? at : undefined;
}

function inPlace(executed: Executed): Fix {
  const { place, code } = executed;
  const { source, op } = place;
  const { places, isWhole } = directivesBack(source);
  const back = wayBack(executed);
  // What else the way back does would be committed before, and not taken back with it.
  const isAloneBack = isWhole && places.length === 1 && back.kind === 'written';
  const backward: readonly TextEdit[] = isAloneBack
    ? replaceOutsideOfBatch(back.place, inAutocommitBlock(op, backwardCode(executed, back)))
    : [];
  const forward = replaceOutsideOfBatch(place, inAutocommitBlock(op, code));
  return {
    title: 'Run it outside of the transaction, in an autocommit block',
    safety: isRepeatable(executed.change) ? 'safe' : 'review',
    edits: [{ kind: 'change', file: source.file, edits: sortEdits([...forward, ...backward]) }],
  };
}

function isRepeatable({ kind }: Change): boolean {
  return kind === 'CreateIndex' || kind === 'DropIndex' || kind === 'Reindex' || kind === 'Maintenance';
}

function wayBack({ change, place, project }: Executed): WayBack {
  if (change.kind === 'CreateIndex') return dropBack(change, place.source, project);
  return change.kind === 'DropIndex' ? buildBack(change, place.source, project) : { kind: 'missing' };
}

/** The statement of `downgrade()` that builds the index again. */
function buildBack({ index }: DropIndex, source: AlembicRevision, project: Project): WayBack {
  const { places } = directivesBack(source);
  const building = new Set(
    places.filter((place) => isBuildOf(index, place, project)).map(({ directive }) => directive.call.at),
  );
  return wayBackOf(source, ({ call }) => building.has(call.at), [index]);
}

function isBuildOf(name: string, place: DirectivePlace, project: Project): boolean {
  const { directive } = place;
  if (directive.name === 'create_index') return nameOf(directive.arguments.get('index_name')) === name;
  const statement = statementIn(place, project);
  const built =
    statement &&
    /^CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?"?([\w$]+)"?\s/i.exec(
      textOfStatement(statement),
    );
  return built?.[1] === name;
}

/** The statements that take it back, for an autocommit block. */
function backwardCode({ change, place, project }: Executed, back: WayBack): readonly string[] {
  const { source } = place;
  if (change.kind === 'CreateIndex') return [executeText(dropSql(change), source, 8)];
  if (change.kind !== 'DropIndex' || back.kind !== 'written') return [];
  const schema = change.table?.schema === undefined ? '' : `${writtenName(change.table.schema)}.`;
  const drop = executeText(`DROP INDEX CONCURRENTLY IF EXISTS ${schema}${writtenName(change.index)}`, source, 8);
  return [drop, concurrentBuild(back.place, project)];
}

function concurrentBuild(place: DirectivePlace, project: Project): string {
  if (place.directive.name === 'create_index')
    return directiveText(place, { set: { postgresql_concurrently: 'True' } }, 8);
  const statement = statementIn(place, project);
  const at = statement && findWord(statement, 'INDEX', 1);
  const end = at === undefined ? undefined : statement?.tokens[at]?.end;
  if (statement === undefined || at === undefined || end === undefined || wordAt(statement, at + 1) === 'CONCURRENTLY')
    return directiveText(place, {}, 8);
  const words = ` ${inCaseOf(statement, 'CONCURRENTLY')}`;
  const edit = editSql({ source: place.source, string: statement.string }, { start: end, end }, words);
  return directiveText(place, { edits: edit === undefined ? [] : [edit] }, 8);
}

function inItsOwn(executed: Executed): readonly Answer[] {
  const { change, migration, place, project, code } = executed;
  const { source, op } = place;
  const words = wordsOf(change, source.revision);
  if (words === undefined) return besideOthers;
  if (change.guarded === true) return behindGuard;
  const back = wayBack(executed);
  if (back.kind === 'unclear') return unreadReverse;
  if (!isMovable(change, migration)) return neededLater;
  const removed = back.kind === 'written' ? [place, back.place] : [place];
  const backward = backwardCode(executed, back);
  const around = codeAround(source, removed, [...code, ...backward]);
  if (isRefused(around)) return around;
  const upgrade = [commentsOf(place) + inAutocommitBlock(op, code)];
  const downgrade = backward.length > 0 ? [inAutocommitBlock(op, backward)] : untold(executed);
  const revision = { ...revisionOf(words, upgrade, downgrade), ...around };
  return movedToNext(
    'Move it to a revision of its own, outside of the transaction',
    { source, removed, revision },
    project,
  );
}

/** Nothing but an index leaves something to take back. */
function untold({ change, migration, place, project }: Executed): readonly string[] {
  if (change.kind !== 'DropIndex') return [];
  return noWayBack(change, place.source, schemaBefore(change, migration, project));
}

/** Undefined for what others may need at once: a value of an enum, a partition that has left. */
function wordsOf(change: Change, after: string): Pick<NewRevision, 'slug' | 'docstring'> | undefined {
  const runs = `Runs after ${after}, in the same deploy. It may be interrupted and run again.`;
  switch (change.kind) {
    case 'CreateIndex':
    case 'DropIndex':
      return indexWords(change, after);
    case 'Reindex': {
      const name = change.name ?? 'database';
      const of = change.name === undefined ? 'all indexes' : `"${change.name}"`;
      return { slug: slugOf(`reindex_${name}`), docstring: `Rebuilds ${of}.\n\n${runs}\n` };
    }
    case 'Maintenance': {
      if (change.operation !== 'vacuum') return undefined;
      const name = change.table?.name;
      const of = name === undefined ? 'all tables' : `"${name}"`;
      return { slug: slugOf(`vacuum_${name ?? 'tables'}`), docstring: `Cleans up ${of}.\n\n${runs}\n` };
    }
    default:
      return undefined;
  }
}

function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/\W+/g, '_');
}
