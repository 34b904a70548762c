import { dropLaterComment, stillUsed } from '../../../alembic/drop-later.ts';
import { nameOf } from '../../../alembic/step.ts';
import type { Target } from '../../../base/target.ts';
import { sortEdits, type TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { DropColumn } from '../../../schema/change.ts';
import type { Column } from '../../../schema/column.ts';
import type { Migration } from '../../../schema/migration.ts';
import { findColumn, type Schema } from '../../../schema/schema.ts';
import { columnCallOf } from '../../alembic/column-call.ts';
import { unwritableName } from '../../alembic/column-steps.ts';
import { argumentText, opCall, schemaText } from '../../alembic/directive-text.ts';
import { type DirectivePlace, readDirectivePlace } from '../../alembic/revision-site.ts';
import { outsideOfBatch, removeStatement, replaceOutsideOfBatch } from '../../alembic/statement-edits.ts';
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
  const mayMention = type === undefined ? isKeyOfColumn : () => false;
  const back = wayBackOf(place.source, (directive) => isAddedAgain(directive, change), [change.column], mayMention);
  const backward = backEdits(back, place, type);
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

/** Keys and indexes that are built on it again find the column that has stayed. */
function isKeyOfColumn({ name }: DirectivePlace['directive']): boolean {
  return name === 'create_index' || name === 'create_unique_constraint' || name === 'create_foreign_key';
}

const goesWithOthers =
  'Something that comes later drops what the column needs, or puts another one in its place, or may: it cannot stay.';
const filledOnTheWayBack =
  'On the way back the column gets a default for all rows, which a column that has stayed would not get.';

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

/** The column is still there on the way back: it is only to be what it was. */
function backEdits(
  back: WayBack,
  place: DirectivePlace,
  type: string | undefined,
): { readonly edits: readonly TextEdit[] } | Refused {
  if (back.kind === 'missing') return { edits: [] };
  const column = back.kind === 'written' ? columnCallOf(back.place) : undefined;
  if (back.kind === 'unclear' || column === undefined) return unreadReverse;
  if (type === undefined) return { edits: [removeStatement(back.place)] };
  if (column.keyword('server_default') !== undefined) return refusal(filledOnTheWayBack);
  return { edits: replaceOutsideOfBatch(back.place, alterText(place, type, 'False')) };
}

function alterText(place: DirectivePlace, type: string, nullable: 'True' | 'False'): string {
  const names = ['table_name', 'column_name'].map((name) => argumentText(place, name) ?? '');
  return opCall(place.op, 'alter_column', names, { existing_type: type, nullable, schema: schemaText(place) }, 4);
}
