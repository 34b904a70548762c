import type { Project } from '../../project/project.ts';
import { type Change, type CreateIndex, changesOf, type DropIndex, type RenameIndex } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { MigrationId } from '../../schema/migration-id.ts';
import { isUnknown } from '../../schema/reversibility.ts';
import { findTable, type Schema } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import { splitSql } from '../../sql/split.ts';
import { isStandIn } from '../../sql/stand-in.ts';
import { type MadeObject, madeBy, unmadeBy } from './reverse-statement.ts';

/** Whether a migration before this one has the name in its text. */
export function isNamedBefore(name: string, { id }: Migration, project: Project): boolean {
  return isNamedIn(earlier(id, project), name, project);
}

/** Whether any migration has the name in its text. */
export function isNamed(name: string, project: Project): boolean {
  return isNamedIn(project.order, name, project);
}

function isNamedIn(migrations: readonly MigrationId[], name: string, project: Project): boolean {
  const pattern = new RegExp(`(?<!\\w)${name.replaceAll(/[^\w]/g, '.')}(?!\\w)`, 'i');
  return migrations.some((each) => pattern.test(textOf(each, project)));
}

/** Whether a materialized view has never been filled, or was emptied, when a change runs. */
export function isUnfilled(view: TableName, change: Change, { id, forward }: Migration, project: Project): boolean {
  const naming = earlier(id, project).filter((each) => textOf(each, project).includes(view.name));
  const before = [
    ...naming.flatMap((each) => project.migration(each)?.migration.forward ?? []),
    ...forward.slice(0, forward.indexOf(change)),
  ];
  const last = changesOf(before, 'CreateView', 'RefreshView').findLast((each) => isSameTable(each.view, view));
  if (last?.kind === 'RefreshView') return !last.withData;
  return last !== undefined && /\bWITH\s+NO\s+DATA[\s;]*$/i.test(last.origin.sql?.text ?? '');
}

/**
 * The statement of an earlier migration that built an index, where its table and columns are still called so. Indexes that
 * Django builds are left out: their operations say more about them than is remembered.
 */
export function indexDefinitionBefore(index: string, { id }: Migration, project: Project): string | undefined {
  for (const each of earlier(id, project).toReversed()) {
    if (!textOf(each, project).toLowerCase().includes(index.toLowerCase())) continue;
    const changes = project.migration(each)?.migration.forward ?? [];
    const last = changesOf(changes, 'CreateIndex', 'DropIndex', 'RenameIndex').findLast(
      (change) => nameOf(change) === index,
    );
    if (last === undefined) continue;
    const { sql } = last.origin;
    const isWhole = last.kind === 'CreateIndex' && sql !== undefined && !last.ifNotExists;
    return isWhole && !isStandIn(sql.text) && isStillSo(last, project.migration(id)?.before) ? sql.text : undefined;
  }
  return undefined;
}

function isStillSo({ table, index }: CreateIndex, before: Schema | undefined): boolean {
  const now = before && findTable(before, table)?.indexes.get(index.name);
  return now?.columns.join() === index.columns.join();
}

/** What it is called afterwards. */
function nameOf(change: CreateIndex | DropIndex | RenameIndex): string {
  switch (change.kind) {
    case 'CreateIndex':
      return change.index.name;
    case 'DropIndex':
      return change.index;
    case 'RenameIndex':
      return change.to;
  }
}

function textOf(id: MigrationId, project: Project): string {
  return (project.source(id) ?? project.revision(id))?.text ?? '';
}

function earlier(id: MigrationId, { order }: Project): readonly MigrationId[] {
  return order.slice(0, order.indexOf(id));
}

/**
 * The statement that made a function, a trigger or a view as it is when a change runs: the last one about it, if that is
 * known for certain.
 */
export function definitionBefore(
  made: MadeObject,
  change: Change,
  { id, forward }: Migration,
  project: Project,
): string | undefined {
  const own = forward.slice(0, forward.indexOf(change));
  for (const changes of [own, ...earlierChanges(made.name, id, project)]) {
    if (changes === undefined) return undefined;
    for (const each of changes.toReversed()) {
      const found = statementAbout(made, each);
      if (found !== undefined) return found.definition;
    }
  }
  return undefined;
}

/** Of each migration that speaks of a name, the last one first; undefined for one that cannot be followed. */
function* earlierChanges(name: string, id: MigrationId, project: Project): Iterable<readonly Change[] | undefined> {
  for (const each of earlier(id, project).toReversed()) {
    if (!textOf(each, project).toLowerCase().includes(name.toLowerCase())) continue;
    const judged = project.migration(each)?.migration;
    yield judged?.forward.some(isUnknown) === false ? judged.forward : undefined;
  }
}

/** Undefined for a statement about something else; without a definition where it makes nothing, or may be another. */
function statementAbout(made: MadeObject, { origin, certainty }: Change): { readonly definition?: string } | undefined {
  const { sql } = origin;
  if (sql === undefined || sql.inBody || !sql.text.toLowerCase().includes(made.name.toLowerCase())) return undefined;
  const piece = splitSql(sql.text, 'postgresql').find(({ tokens }) => tokens.length > 0);
  if (piece === undefined) return undefined;
  const words = { text: sql.text, tokens: piece.tokens };
  const [created, dropped] = [madeBy(words), unmadeBy(words)];
  const about = created ?? dropped;
  if (about === undefined || about.kind !== made.kind || about.name !== made.name) return undefined;
  const isSame = plain(about.text) === plain(made.text) || !made.isWhole;
  const isWhole = created !== undefined && isSame && certainty === 'certain' && !isStandIn(sql.text);
  return isWhole ? { definition: sql.text } : {};
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, '');
}
