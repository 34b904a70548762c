import type { AlembicRevision } from '../../../alembic/revision-file.ts';
import { nameOf } from '../../../alembic/step.ts';
import { sortEdits, type TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import { type Change, type CreateIndex, changesOf, type DropIndex } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import type { Schema } from '../../../schema/schema.ts';
import { argumentText, directiveText, inAutocommitBlock, opCall, schemaText } from '../../alembic/directive-text.ts';
import { codeAround } from '../../alembic/moved-code.ts';
import { movedToNext } from '../../alembic/moved-statements.ts';
import type { NewRevision } from '../../alembic/new-revision.ts';
import {
  asDirective,
  blockAround,
  type DirectivePlace,
  directivesBack,
  readDirectivePlace,
} from '../../alembic/revision-site.ts';
import {
  commentsOf,
  insertAfterStatement,
  outsideOfBatch,
  removeStatement,
  replaceStatement,
} from '../../alembic/statement-edits.ts';
import { type WayBack, wayBackOf } from '../../alembic/way-back.ts';
import { type Answer, changedFile, type Fix, isRefused, type Refused } from '../../fix.ts';
import { behindGuard, concurrencyRefusal, neededLater, notWrittenOut, unreadReverse } from '../../refusals.ts';
import { isOnPartitioned, schemaBefore } from '../../schema-before.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { autocommitExecuted } from './autocommit-executed.ts';
import { concurrentExecuted } from './concurrent-executed.ts';
import { indexWords, noWayBack } from './index-words.ts';

type IndexChange = CreateIndex | DropIndex;

interface Setting {
  readonly project: Project;
}

/**
 * Lets `op.create_index` and `op.drop_index` work concurrently, in an autocommit block: in place where nothing but indexes
 * is built there, in a revision of its own where a failure would leave other changes half done.
 */
export function concurrentDirective(
  change: IndexChange,
  migration: Migration,
  { project }: Setting,
): readonly Answer[] {
  if (change.origin.sql !== undefined) return concurrentExecuted(change, migration, { project });
  const place = readIndexPlace(change, migration, project);
  if (isRefused(place)) return place;
  const title = change.kind === 'CreateIndex' ? 'Build the index concurrently' : 'Drop the index concurrently';
  const together = placesTogether(migration, project);
  if (together === undefined) return inItsOwn(change, migration, place, `${title}, in a revision of its own`, project);
  return [together.length > 1 ? inPlace(together, titleOf(together)) : inPlace([{ change, place }], title)];
}

function titleOf(together: readonly IndexPlace[]): string {
  const kinds = new Set(together.map(({ change }) => change.kind));
  const verbs = [...(kinds.has('CreateIndex') ? ['build'] : []), ...(kinds.has('DropIndex') ? ['drop'] : [])].join(
    ' and ',
  );
  return `${verbs.charAt(0).toUpperCase()}${verbs.slice(1)} all its indexes concurrently`;
}

interface IndexPlace {
  readonly change: IndexChange;
  readonly place: DirectivePlace;
}

/**
 * All that a revision does, where that are indexes alone: what the first block commits would be there already when the
 * revision is run again, unless it drops each index before it builds it.
 */
function placesTogether(migration: Migration, project: Project): readonly IndexPlace[] | undefined {
  if (!migration.forward.every(isOfIndexes)) return undefined;
  const places: IndexPlace[] = [];
  for (const change of changesOf(migration.forward, 'CreateIndex', 'DropIndex')) {
    if (change.concurrently) continue;
    const place = readIndexPlace(change, migration, project);
    if (isRefused(place)) return undefined;
    places.push({ change, place });
  }
  return places;
}

/** Puts a directive that is to work concurrently where it can: into an autocommit block. */
export function autocommitDirective(change: Change, migration: Migration, { project }: Setting): readonly Answer[] {
  if (change.origin.sql !== undefined) return autocommitExecuted(change, migration, { project });
  if (change.kind !== 'CreateIndex' && change.kind !== 'DropIndex') return [];
  const place = readIndexPlace(change, migration, project);
  if (isRefused(place)) return place;
  const isAlone = migration.forward.every(isOfIndexes);
  return isAlone
    ? [inPlace([{ change, place }], 'Run it outside of the transaction, in an autocommit block')]
    : inItsOwn(change, migration, place, 'Move it to a revision of its own, outside of the transaction', project);
}

/** Moves a directive that works concurrently into a revision of its own, where it shares no failure with others. */
export function concurrentDirectiveApart(
  change: Change,
  migration: Migration,
  { project }: Setting,
): readonly Answer[] {
  if (change.kind !== 'CreateIndex' && change.kind !== 'DropIndex') return [];
  const place = readIndexPlace(change, migration, project);
  return isRefused(place) ? place : inItsOwn(change, migration, place, 'Move it to a revision of its own', project);
}

function readIndexPlace(change: IndexChange, migration: Migration, project: Project): DirectivePlace | Refused {
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  const { name, arguments: given } = place.directive;
  if (name !== 'create_index' && name !== 'drop_index') return [];
  if (nameOf(given.get('index_name')) === undefined) return notWrittenOut;
  if (isOnPartitioned(change, migration, project)) return concurrencyRefusal(change, migration, project) ?? [];
  return place;
}

/** Builds and drops of indexes can be done again one by one, whatever became of the others. */
function isOfIndexes({ kind }: Change): boolean {
  return kind === 'CreateIndex' || kind === 'DropIndex' || kind === 'SetTimeout';
}

function inPlace(together: readonly IndexPlace[], title: string): Fix {
  const [
    {
      place: { source },
    },
  ] = together as readonly [IndexPlace, ...IndexPlace[]];
  return { title, safety: 'safe', edits: [changedFile(source.file, () => editsInPlace(together, source))] };
}

function editsInPlace(together: readonly IndexPlace[], source: AlembicRevision): readonly TextEdit[] {
  // What else the way back does would be committed before, and not taken back with it.
  const { places, isWhole } = directivesBack(source);
  const isAlone = isWhole && places.every(({ directive }) => /^(?:create|drop)_index$/.test(directive.name));
  const back = together.map(({ change, place }) => indexWayBack(change, place));
  const written = back.flatMap((each) => (each.kind === 'written' ? [each.place] : []));
  return sortEdits([...concurrently(together.map(({ place }) => place)), ...(isAlone ? concurrently(written) : [])]);
}

/** Puts what works concurrently into autocommit blocks, which cannot stand inside `batch_alter_table`. */
function concurrently(places: readonly DirectivePlace[]): readonly TextEdit[] {
  const batches = new Set(places.map((place) => blockAround(place, 'batch_alter_table')));
  return [...batches].flatMap((batch) => {
    const inside = places.filter((place) => blockAround(place, 'batch_alter_table') === batch);
    return batch === undefined ? inside.map(concurrentInPlace) : outOfOneBatch(inside);
  });
}

function concurrentInPlace(place: DirectivePlace): TextEdit {
  const code = concurrentCode(place);
  // In a block already, but for the keyword.
  const isInBlock = blockAround(place, 'autocommit_block') !== undefined;
  return replaceStatement(place, isInBlock ? code.join('\n') : inAutocommitBlock(place.op, code));
}

function outOfOneBatch(inside: readonly DirectivePlace[]): readonly TextEdit[] {
  const places = inside.toSorted((one, other) => one.call.span.start - other.call.span.start);
  const [first] = places;
  if (first === undefined) return [];
  const code = inAutocommitBlock(first.op, places.flatMap(concurrentCode));
  if (first.siblings.length === places.length) return [replaceStatement(outsideOfBatch(first), code)];
  return [...places.map(removeStatement), insertAfterStatement(outsideOfBatch(first), code)];
}

/** The statements that build or drop the index concurrently, for the column that the block inside a function has. */
function concurrentCode(place: DirectivePlace): readonly string[] {
  const depth = 8;
  const isBuild = place.directive.name === 'create_index';
  const set = { postgresql_concurrently: 'True', ...(isBuild ? {} : { if_exists: 'True' }) };
  const written = directiveText(place, { set }, depth);
  return isBuild ? [dropIndexText(place, depth), written] : [written];
}

/** Drops the index of a directive where it is there. */
export function dropIndexText(place: DirectivePlace, depth: number): string {
  const keywords = {
    table_name: argumentText(place, 'table_name'),
    schema: schemaText(place),
    postgresql_concurrently: 'True',
    if_exists: 'True',
  };
  return opCall(place.op, 'drop_index', [argumentText(place, 'index_name') ?? ''], keywords, depth);
}

/** The directive of `downgrade()` that drops what is built, or builds what is dropped. */
function indexWayBack(change: IndexChange, { source }: DirectivePlace): WayBack {
  const name = change.kind === 'CreateIndex' ? change.index.name : change.index;
  const opposite = change.kind === 'CreateIndex' ? 'drop_index' : 'create_index';
  return wayBackOf(
    source,
    (directive) => directive.name === opposite && nameOf(directive.arguments.get('index_name')) === name,
    [name],
  );
}

function inItsOwn(
  change: IndexChange,
  migration: Migration,
  place: DirectivePlace,
  title: string,
  project: Project,
): readonly Answer[] {
  const { source } = place;
  const back = indexWayBack(change, place);
  if (change.guarded === true) return behindGuard;
  if (!isMovable(change, migration)) return neededLater;
  if (back.kind === 'unclear') return unreadReverse;
  const known = schemaBefore(change, migration, project);
  const revision = revisionOf(change, place, back, known);
  if (isRefused(revision)) return revision;
  const removed = back.kind === 'written' ? [place, back.place] : [place];
  return movedToNext(title, { source, removed, revision }, project);
}

function revisionOf(
  change: IndexChange,
  place: DirectivePlace,
  back: WayBack,
  known: Schema | undefined,
): NewRevision | Refused {
  const { source, op } = place;
  const forward = concurrentCode(place);
  const backward = backwardCode(change, place, back);
  const places = back.kind === 'written' ? [place, back.place] : [place];
  const around = codeAround(source, places, [...forward, ...backward]);
  if (isRefused(around)) return around;
  const comments = commentsOf(place);
  return {
    ...indexWords(change, source.revision),
    ...around,
    upgrade: [comments + inAutocommitBlock(op, forward)],
    downgrade: backward.length === 0 ? noWayBack(change, source, known) : [inAutocommitBlock(op, backward)],
  };
}

function backwardCode(change: IndexChange, place: DirectivePlace, back: WayBack): readonly string[] {
  const written = back.kind === 'written' ? asDirective(back.place) : undefined;
  if (written !== undefined) return concurrentCode(written);
  return change.kind === 'CreateIndex' ? [dropIndexText(place, 8)] : [];
}
