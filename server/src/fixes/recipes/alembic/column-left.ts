import { dropLaterComment, stillUsed } from '../../../alembic/drop-later.ts';
import { nameOf, namesOf } from '../../../alembic/step.ts';
import type { Target } from '../../../base/target.ts';
import { sortEdits, type TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import { changesOf, type DropColumn } from '../../../schema/change.ts';
import type { Column } from '../../../schema/column.ts';
import type { Migration } from '../../../schema/migration.ts';
import { findColumn, type Schema } from '../../../schema/schema.ts';
import { isSameTable } from '../../../schema/table-name.ts';
import { columnCallOf } from '../../alembic/column-call.ts';
import { unwritableName } from '../../alembic/column-steps.ts';
import { argumentText, opCall, schemaText } from '../../alembic/directive-text.ts';
import { type DirectivePlace, directivesBack, readDirectivePlace } from '../../alembic/revision-site.ts';
import { outsideOfBatch, removeStatements, replaceOutsideOfBatch } from '../../alembic/statement-edits.ts';
import { type WayBack, wayBackOf } from '../../alembic/way-back.ts';
import { columnTypeText } from '../../alembic/written-type.ts';
import { importEdits, newWriting } from '../../alembic/written-value.ts';
import { newlyUnusedImports } from '../../edits/unused-imports.ts';
import { finalSchema } from '../../final-schema.ts';
import { type Answer, isRefused, type Refused, refusal } from '../../fix.ts';
import { unknownDefinition, unreadReverse } from '../../refusals.ts';
import { schemaBefore } from '../../schema-before.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { guardedRevision } from './guarded-revision.ts';

interface Setting {
  readonly project: Project;
  readonly target: Target;
}

/**
 * Leaves a column where it is, nullable: the release that comes next writes rows without it, and the one before still reads
 * it. The drop belongs to a later release (see `owedDropInRevision`).
 */
export function columnLeftNullable(
  change: DropColumn,
  migration: Migration,
  { project, target }: Setting,
): readonly Answer[] {
  if (target.deploys !== 'rolling' || target.database !== 'postgresql' || change.origin.sql !== undefined) return [];
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  const schema = schemaBefore(change, migration, project);
  const column = schema && findColumn(schema, change.table, change.column);
  if (place.directive.name !== 'drop_column' || change.guarded === true) return [];
  if (schema === undefined || column === undefined) return unknownDefinition;
  if (isNeeded(column)) return columnLeft({ change, migration, place, column, schema }, { project, target });
  const guard = guardedRevision(change, migration, { project });
  if (column.primaryKey) return guard;
  return [...columnLeft({ change, migration, place, column: undefined, schema }, { project, target }), ...guard];
}

interface LeftColumn {
  readonly change: DropColumn;
  readonly migration: Migration;
  readonly place: DirectivePlace;
  /** Where rows cannot be written without it as it is. */
  readonly column: Column | undefined;
  readonly schema: Schema;
}

function columnLeft(left: LeftColumn, { project, target }: Setting): readonly Answer[] {
  const { change, migration, place, column: needed, schema } = left;
  if (!canStay(change, migration, project)) return refusal(goesWithOthers);
  const remark = dropLaterComment(change.table, change.column, stillUsed);
  if (remark === undefined) return unwritableName;
  const writing = newWriting(place.source);
  const type = needed && columnTypeText(needed, { writing, database: target.database, schema });
  if (needed !== undefined && type === undefined) return unknownDefinition;
  const other = addedInstead(change, migration);
  if (other !== undefined) return refusal(addsAnother(other));
  const keys = type === undefined ? keysBack(left) : { stay: [], go: [] };
  const known = new Set([...keys.stay, ...keys.go].map(({ statement }) => statement));
  const back = wayBackOf(
    place.source,
    (directive) => isAddedAgain(directive, change),
    [change.column],
    ({ statement }) => known.has(statement),
  );
  const backward = backEdits(back, place, type, keys.go);
  if (isRefused(backward)) return backward;
  const forward = [remark, ...(type === undefined ? idle(place) : [alterText(place, type, 'True')])].join('\n');
  const changed = [...replaceOutsideOfBatch(place, forward), ...backward.edits];
  const { text, module, file } = place.source;
  const edits = [...importEdits(writing), ...newlyUnusedImports(text, module, changed), ...changed];
  const what = needed === undefined ? `Leave "${change.column}" where it is` : `Let "${change.column}" be NULL`;
  return [
    {
      title: `${what}, and drop it in a later release`,
      safety: 'review',
      edits: [{ kind: 'change', file, edits: sortEdits(edits) }],
    },
  ];
}

/** What a function does that has nothing else to do. */
function idle(place: DirectivePlace): readonly string[] {
  const isAlone = outsideOfBatch(place) === place || place.siblings.length === 1;
  return isAlone && place.definition.body.length === 1 ? ['pass'] : [];
}

const goesWithOthers =
  'Something that comes later drops what the column needs, or puts another one in its place, or may: it cannot stay.';
const filledOnTheWayBack =
  'On the way back the column gets a default for all rows, which a column that has stayed would not get.';

function addsAnother(column: string): string {
  return `On the way back "${column}" is added, which upgrade() does not drop: what is to come back has to be settled first.`;
}

/** A column that the way back adds to the table, though the way forward does not drop it: it stands for this one, perhaps. */
function addedInstead({ table }: DropColumn, { forward, backward }: Migration): string | undefined {
  const dropped = changesOf(forward, 'DropColumn').filter((each) => isSameTable(each.table, table));
  const added = changesOf(backward?.().changes ?? [], 'AddColumn').filter((each) => isSameTable(each.table, table));
  return added.find(({ column }) => dropped.every((each) => each.column !== column.name))?.column.name;
}

interface KeysBack {
  /** `upgrade()` drops them by name: they are built again, on the column that has stayed. */
  readonly stay: readonly DirectivePlace[];
  /** They would have gone with the column, and stay with it. */
  readonly go: readonly DirectivePlace[];
}

function keysBack({ change, migration: { forward, backward }, place }: LeftColumn): KeysBack {
  const dropped = new Set<string | undefined>([
    ...changesOf(forward, 'DropIndex').map(({ index }) => index),
    ...changesOf(forward, 'DropConstraint').map(({ constraint }) => constraint),
  ]);
  const keys = directivesBack(place.source).places.filter(({ directive }) => keyMakers.has(directive.name));
  const back = backward?.().changes ?? [];
  const made = [
    ...changesOf(back, 'CreateIndex').map(({ origin, index }) => ({ call: origin.call, name: index.name })),
    ...changesOf(back, 'AddConstraint').map(({ origin, constraint }) => ({ call: origin.call, name: constraint.name })),
  ];
  const isDropped = (key: DirectivePlace): boolean =>
    made.some(({ call, name }) => call === key.call && dropped.has(name));
  return {
    stay: keys.filter((key) => isDropped(key) || !isOnTable(key, change)),
    go: keys.filter((key) => !isDropped(key) && isOnTable(key, change) && isOnColumn(key, change)),
  };
}

const keyMakers: ReadonlySet<string> = new Set(['create_index', 'create_unique_constraint', 'create_foreign_key']);

function isOnTable({ directive: { arguments: given } }: DirectivePlace, { table }: DropColumn): boolean {
  return ['table_name', 'source_table', 'referent_table'].some((name) => nameOf(given.get(name)) === table.name);
}

function isOnColumn({ directive: { arguments: given } }: DirectivePlace, { table, column }: DropColumn): boolean {
  const isReferredTo = nameOf(given.get('referent_table')) === table.name;
  const lists = isReferredTo ? ['local_cols', 'remote_cols'] : ['columns', 'local_cols'];
  return lists.some((name) => namesOf(given.get(name))?.includes(column) === true);
}

/** Whether rows cannot be written without it. */
function isNeeded({ nullable, default: fallback, primaryKey, autoIncrement, generated }: Column): boolean {
  return !nullable && fallback === undefined && !primaryKey && !autoIncrement && generated === undefined;
}

/** Nothing that comes later puts another column in its place, or drops what it needs: its type, the table it refers to. */
function canStay(change: DropColumn, migration: Migration, project: Project): boolean {
  const { table, column } = change;
  const later = migration.forward.slice(migration.forward.indexOf(change) + 1);
  if (later.some(({ kind }) => kind === 'DropTable' || kind === 'DropObject')) return false;
  const final = finalSchema(project);
  const isBack = final === undefined || findColumn(final, table, column) !== undefined;
  return !isBack && isMovable(change, migration, [column]);
}

function isAddedAgain({ name, arguments: given }: DirectivePlace['directive'], { table, column }: DropColumn): boolean {
  const added = given.get('column');
  if (name !== 'add_column' || added?.kind !== 'call') return false;
  return nameOf(given.get('table_name')) === table.name && nameOf(added.positional[0]) === column;
}

/** The column is still there on the way back, as is what is built on it: it is only to be what it was. */
function backEdits(
  back: WayBack,
  place: DirectivePlace,
  type: string | undefined,
  keys: readonly DirectivePlace[],
): { readonly edits: readonly TextEdit[] } | Refused {
  if (back.kind === 'unclear') return unreadReverse;
  if (back.kind === 'written' && columnCallOf(back.place) === undefined) return unreadReverse;
  if (type === undefined) {
    const edits = removeStatements([...(back.kind === 'written' ? [back.place] : []), ...keys]);
    return edits === undefined ? unreadReverse : { edits };
  }
  if (back.kind === 'missing') return { edits: [] };
  const isFilled = columnCallOf(back.place)?.keyword('server_default') !== undefined;
  if (isFilled) return refusal(filledOnTheWayBack);
  return { edits: replaceOutsideOfBatch(back.place, alterText(place, type, 'False')) };
}

function alterText(place: DirectivePlace, type: string, nullable: 'True' | 'False'): string {
  const names = ['table_name', 'column_name'].map((name) => argumentText(place, name) ?? '');
  return opCall(place.op, 'alter_column', names, { existing_type: type, nullable, schema: schemaText(place) }, 4);
}
