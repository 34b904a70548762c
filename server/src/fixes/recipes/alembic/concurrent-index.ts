import { nameOf } from '../../../alembic/step.ts';
import { sortEdits, type TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { Change, CreateIndex, DropIndex } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { argumentText, directiveText, inAutocommitBlock, opCall, schemaText } from '../../alembic/directive-text.ts';
import { codeAround } from '../../alembic/moved-code.ts';
import { type NewRevision, revisionsAfter } from '../../alembic/new-revision.ts';
import {
  asDirective,
  blockAround,
  type DirectivePlace,
  directivesBack,
  findDirectivePlace,
} from '../../alembic/revision-site.ts';
import { commentsOf, removeStatement, replaceOutsideOfBatch, replaceStatement } from '../../alembic/statement-edits.ts';
import { type WayBack, wayBackOf } from '../../alembic/way-back.ts';
import { newlyUnusedImports } from '../../edits/unused-imports.ts';
import type { Fix } from '../../fix.ts';
import { isOnPartitioned } from '../../schema-before.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { concurrentExecuted } from './concurrent-executed.ts';
import { indexWords } from './index-words.ts';

type IndexChange = CreateIndex | DropIndex;

interface Setting {
  readonly project: Project;
}

/**
 * Lets `op.create_index` and `op.drop_index` work concurrently, in an autocommit block: in place where nothing but indexes
 * is built there, in a revision of its own where a failure would leave other changes half done.
 */
export function concurrentDirective(change: IndexChange, migration: Migration, { project }: Setting): readonly Fix[] {
  if (change.origin.sql !== undefined) return concurrentExecuted(change, migration, { project });
  const place = findIndexPlace(change, migration, project);
  if (place === undefined) return [];
  const title = change.kind === 'CreateIndex' ? 'Build the index concurrently' : 'Drop the index concurrently';
  const isAlone = migration.forward.every(isOfIndexes);
  return isAlone
    ? [inPlace(change, place, title)]
    : inItsOwn(change, migration, place, `${title}, in a revision of its own`, project);
}

/** Puts a directive that is to work concurrently where it can: into an autocommit block. */
export function autocommitDirective(change: Change, migration: Migration, { project }: Setting): readonly Fix[] {
  if (change.kind !== 'CreateIndex' && change.kind !== 'DropIndex') return [];
  const place = findIndexPlace(change, migration, project);
  if (place === undefined) return [];
  const isAlone = migration.forward.every(isOfIndexes);
  return isAlone
    ? [inPlace(change, place, 'Run it outside of the transaction, in an autocommit block')]
    : inItsOwn(change, migration, place, 'Move it to a revision of its own, outside of the transaction', project);
}

/** Moves a directive that works concurrently into a revision of its own, where it shares no failure with others. */
export function concurrentDirectiveApart(change: Change, migration: Migration, { project }: Setting): readonly Fix[] {
  if (change.kind !== 'CreateIndex' && change.kind !== 'DropIndex') return [];
  const place = findIndexPlace(change, migration, project);
  return place === undefined ? [] : inItsOwn(change, migration, place, 'Move it to a revision of its own', project);
}

function findIndexPlace(change: IndexChange, migration: Migration, project: Project): DirectivePlace | undefined {
  const place = findDirectivePlace(change, migration, project);
  const isIndex = place?.directive.name === 'create_index' || place?.directive.name === 'drop_index';
  const hasName = place !== undefined && nameOf(place.directive.arguments.get('index_name')) !== undefined;
  return isIndex && hasName && !isOnPartitioned(change, migration, project) ? place : undefined;
}

/** Builds and drops of indexes can be done again one by one, whatever became of the others. */
function isOfIndexes({ kind }: Change): boolean {
  return kind === 'CreateIndex' || kind === 'DropIndex' || kind === 'SetTimeout';
}

function inPlace(change: IndexChange, place: DirectivePlace, title: string): Fix {
  const { source } = place;
  const back = indexWayBack(change, place);
  // What else the way back does would be committed before, and not taken back with it.
  const { places, isWhole } = directivesBack(source);
  const isAlone = isWhole && places.every(({ directive }) => /^(?:create|drop)_index$/.test(directive.name));
  const edits = [...concurrently(place), ...(back.kind === 'written' && isAlone ? concurrently(back.place) : [])];
  return { title, safety: 'safe', edits: [{ kind: 'change', file: source.file, edits: sortEdits(edits) }] };
}

function concurrently(place: DirectivePlace): readonly TextEdit[] {
  const code = concurrentCode(place);
  // In a block already, but for the keyword.
  if (blockAround(place, 'autocommit_block') !== undefined) return [replaceStatement(place, code.join('\n'))];
  return replaceOutsideOfBatch(place, inAutocommitBlock(place.op, code));
}

/** The statements that build or drop the index concurrently, for the column that the block inside a function has. */
function concurrentCode(place: DirectivePlace): readonly string[] {
  const depth = 8;
  const isBuild = place.directive.name === 'create_index';
  const set = { postgresql_concurrently: 'True', ...(isBuild ? {} : { if_exists: 'True' }) };
  const written = directiveText(place, { set }, depth);
  return isBuild ? [dropText(place, depth), written] : [written];
}

/** Drops the index of a directive where it is there. */
function dropText(place: DirectivePlace, depth: number): string {
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
): readonly Fix[] {
  const { source } = place;
  const back = indexWayBack(change, place);
  if (change.guarded === true || !isMovable(change, migration) || back.kind === 'unclear') return [];
  const revision = revisionOf(change, place, back);
  const chain = revision && revisionsAfter(project, source, [revision]);
  if (chain === undefined) return [];
  const removed = [removeStatement(place), ...(back.kind === 'written' ? [removeStatement(back.place)] : [])];
  const edits = sortEdits([...newlyUnusedImports(source.text, source.module, removed), ...removed]);
  return [
    {
      title,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits }, ...chain.repointed, ...chain.created],
    },
  ];
}

function revisionOf(change: IndexChange, place: DirectivePlace, back: WayBack): NewRevision | undefined {
  const { source, op } = place;
  const forward = concurrentCode(place);
  const backward = backwardCode(change, place, back);
  const places = back.kind === 'written' ? [place, back.place] : [place];
  const around = codeAround(source, places, [...forward, ...backward]);
  if (around === undefined) return undefined;
  const comments = commentsOf(place);
  return {
    ...indexWords(change, source.revision),
    ...around,
    upgrade: [comments + inAutocommitBlock(op, forward)],
    downgrade: backward.length === 0 ? [] : [inAutocommitBlock(op, backward)],
  };
}

function backwardCode(change: IndexChange, place: DirectivePlace, back: WayBack): readonly string[] {
  const written = back.kind === 'written' ? asDirective(back.place) : undefined;
  if (written !== undefined) return concurrentCode(written);
  return change.kind === 'CreateIndex' ? [dropText(place, 8)] : [];
}
