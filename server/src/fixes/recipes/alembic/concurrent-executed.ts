import { nameOf } from '../../../alembic/step.ts';
import { sortEdits, type TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { Change, CreateIndex } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { directiveText, inAutocommitBlock } from '../../alembic/directive-text.ts';
import { executeText, revisionOf } from '../../alembic/executed-sql.ts';
import { type ExecutedStatement, readExecutedStatement, statementIn } from '../../alembic/executed-statement.ts';
import { codeAround } from '../../alembic/moved-code.ts';
import { movedToNext } from '../../alembic/moved-statements.ts';
import { blockAround, type DirectivePlace, directivesBack } from '../../alembic/revision-site.ts';
import { commentsOf, replaceOutsideOfBatch, replaceStatement } from '../../alembic/statement-edits.ts';
import { type WayBack, wayBackOf } from '../../alembic/way-back.ts';
import { type Answer, type Fix, isRefused, refusal } from '../../fix.ts';
import { behindGuard, neededLater, notEditableSql, notSeparable, unknownName, unreadReverse } from '../../refusals.ts';
import { type ConcurrentChange, concurrentPlace } from '../../sql/concurrent-form.ts';
import { editSql } from '../../sql/edit-sql.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { inCaseOf, textOfStatement } from '../../sql/run-sql-site.ts';
import { writtenName } from '../../sql/sql-names.ts';
import { isSafe, refusalOf } from '../concurrent-sql.ts';
import { indexWords } from './index-words.ts';

interface Executed extends ExecutedStatement {
  readonly change: ConcurrentChange;
  readonly migration: Migration;
  readonly project: Project;
  /** What lets the statement work concurrently. */
  readonly edit: TextEdit;
}

const titles: Readonly<Partial<Record<ConcurrentChange['kind'], string>>> = {
  CreateIndex: 'Build the index concurrently',
  DropIndex: 'Drop the index concurrently',
  Reindex: 'Rebuild concurrently',
  RefreshView: 'Refresh the view concurrently',
  DetachPartition: 'Detach the partition concurrently',
};

/**
 * Lets a statement that `op.execute` sends build, drop or rebuild an index concurrently, in an autocommit block: in place
 * where nothing else is done there, and a build in a revision of its own where there is.
 */
export function concurrentExecuted(
  change: ConcurrentChange,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const title = titles[change.kind];
  if (title === undefined) return [];
  const found = readExecutedStatement(change, migration, project);
  if (isRefused(found)) return found;
  const at = concurrentPlace(change, found.statement);
  if (at === undefined) return notSeparable;
  const { place, statement } = found;
  const insertion = { start: at, end: at };
  const edit = editSql(
    { source: place.source, string: statement.string },
    insertion,
    ` ${inCaseOf(statement, 'CONCURRENTLY')}`,
  );
  if (edit === undefined) return notEditableSql;
  const refused = refusalOf(change, migration, project);
  if (refused !== undefined) return refused;
  const executed = { ...found, change, migration, project, edit };
  if (change.kind === 'RefreshView') {
    // That is done so inside a transaction as well.
    const safety = isSafe(change, migration, project) ? 'safe' : 'review';
    return [{ title, safety, edits: [{ kind: 'change', file: place.source.file, edits: [edit] }] }];
  }
  if (migration.forward.every((each) => each === change || isAboutIndexes(each, migration)))
    return [inPlace(executed, title)];
  return change.kind === 'CreateIndex'
    ? inItsOwn(executed, change, `${title}, in a revision of its own`)
    : besideOthers;
}

export const besideOthers = refusal(
  'The revision does more than this, of which a failure would leave a half done: give the statement a revision of its own.',
);

const ofIndexes: readonly Change['kind'][] = ['CreateIndex', 'DropIndex', 'Reindex', 'SetTimeout'];

/** Builds and drops of indexes, and the call that sends them. */
export function isAboutIndexes(change: Change, { forward }: Migration): boolean {
  if (change.kind !== 'RunSql') return ofIndexes.includes(change.kind);
  return forward.some((each) => each !== change && each.origin.call === change.origin.call);
}

function codeOf({ change, place, edit }: Executed): readonly string[] {
  const written = directiveText(place, { edits: [edit] }, 8);
  return change.kind === 'CreateIndex' ? [executeText(dropSql(change), place.source, 8), written] : [written];
}

/** What drops an index where it is there: a build that failed has left an invalid one. */
export function dropSql({ index, table }: CreateIndex): string {
  const schema = table.schema === undefined ? '' : `${writtenName(table.schema)}.`;
  return `DROP INDEX CONCURRENTLY IF EXISTS ${schema}${writtenName(index.name)}`;
}

function inPlace(executed: Executed, title: string): Fix {
  const { change, place, project } = executed;
  const { source, op } = place;
  const isInBlock = blockAround(place, 'autocommit_block') !== undefined;
  const code = codeOf(executed);
  const forward = isInBlock
    ? [replaceStatement(place, code.join('\n'))]
    : replaceOutsideOfBatch(place, inAutocommitBlock(op, code));
  const back = change.kind === 'CreateIndex' ? dropBack(change, source, project) : undefined;
  const { places, isWhole } = directivesBack(source);
  const isAlone = isWhole && places.length === 1;
  const backward =
    change.kind === 'CreateIndex' && back?.kind === 'written' && isAlone
      ? replaceOutsideOfBatch(back.place, inAutocommitBlock(op, [executeText(dropSql(change), source, 8)]))
      : [];
  const edits = sortEdits([...forward, ...backward]);
  const safety = isSafe(change, executed.migration, project) ? 'safe' : 'review';
  return { title, safety, edits: [{ kind: 'change', file: source.file, edits }] };
}

/** The statement of `downgrade()` that drops the index. */
export function dropBack({ index }: CreateIndex, source: DirectivePlace['source'], project: Project): WayBack {
  const { places } = directivesBack(source);
  const dropping = new Set(
    places.filter((place) => isDropOf(index.name, place, project)).map(({ directive }) => directive.call.at),
  );
  return wayBackOf(source, ({ call }) => dropping.has(call.at), [index.name]);
}

function isDropOf(name: string, place: DirectivePlace, project: Project): boolean {
  const { directive } = place;
  if (directive.name === 'drop_index') return nameOf(directive.arguments.get('index_name')) === name;
  const statement = statementIn(place, project);
  const dropped =
    statement &&
    /^DROP\s+INDEX\s+(?:CONCURRENTLY\s+)?(?:IF\s+EXISTS\s+)?(?:"?\w+"?\.)?"?([\w$]+)"?$/i.exec(
      textOfStatement(statement),
    );
  return dropped?.[1] === name;
}

function inItsOwn(executed: Executed, change: CreateIndex, title: string): readonly Answer[] {
  const { migration, place, project } = executed;
  const { source, op } = place;
  const back = dropBack(change, source, project);
  if (change.guarded === true) return behindGuard;
  if (!change.index.nameIsExact) return unknownName;
  if (back.kind === 'unclear') return unreadReverse;
  if (!isMovable(change, migration)) return neededLater;
  const forward = codeOf(executed);
  const around = codeAround(source, [place], forward);
  if (isRefused(around)) return around;
  const backward = inAutocommitBlock(op, [executeText(dropSql(change), source, 8)]);
  const upgrade = [commentsOf(place) + inAutocommitBlock(op, forward)];
  const revision = { ...revisionOf(indexWords(change, source.revision), upgrade, [backward]), ...around };
  const removed = back.kind === 'written' ? [place, back.place] : [place];
  return movedToNext(title, { source, removed, revision }, project);
}
