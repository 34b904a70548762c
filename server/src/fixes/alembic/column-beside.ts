import type { Target } from '../../base/target.ts';
import { isVersionAtLeast } from '../../base/target.ts';
import type { Project } from '../../project/project.ts';
import type { AlterColumn, Change, RenameColumn } from '../../schema/change.ts';
import type { Column } from '../../schema/column.ts';
import type { Migration } from '../../schema/migration.ts';
import { referringColumns } from '../../schema/references.ts';
import { findColumn, findTable, type Index, type Schema, type Table } from '../../schema/schema.ts';
import { isSameTable } from '../../schema/table-name.ts';
import { longestName } from '../../sql/postgresql/names.ts';
import { finalSchema } from '../final-schema.ts';
import { isRefused, type Refused, refusal } from '../fix.ts';
import { intricateIndexes } from '../recipes/carried-indexes.ts';
import { replacementRefusal, takenName } from '../recipes/column-beside.ts';
import { doesMore, neededLater, severalKeys, unknownDefinition } from '../refusals.ts';
import { schemaBefore } from '../schema-before.ts';
import { type ColumnToCopy, columnToCopy } from './backfill.ts';
import { type CarriedIndexes, plainIndexesOn } from './carried-indexes.ts';
import { type DirectivePlace, readDirectivePlace } from './revision-site.ts';

export interface BesideSetting {
  readonly project: Project;
  readonly target: Target;
}

/** A column that another one is to take the place of, over several revisions. */
export interface ReplacedColumn {
  readonly place: DirectivePlace;
  readonly project: Project;
  readonly target: Target;
  readonly table: Table;
  readonly column: Column;
  readonly copy: ColumnToCopy;
  /** To be built on the other one, too. */
  readonly indexes: readonly Index[];
  readonly schema: Schema;
}

/** What is to be found out about it. */
interface Replacing {
  /** Of the column that is filled. */
  readonly to: string;
  /** Names that must not be taken, and those that must not be in the end. */
  readonly free: readonly string[];
  readonly freeLater: readonly string[];
  /** What the directive may say besides what the column is. */
  readonly arguments: readonly string[];
}

/** Refuses where more than the value of the column depends on it, or the directive does more than this. */
export function readReplacedColumn(
  change: AlterColumn | RenameColumn,
  migration: Migration,
  replacing: Replacing,
  { project, target }: BesideSetting,
): ReplacedColumn | Refused {
  // `EXECUTE FUNCTION` came with PostgreSQL 11, NOT NULL by a proven check with 12.
  if (target.database !== 'postgresql' || !isVersionAtLeast(target.databaseVersion, 12, 0)) return [];
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  if (place.directive.name !== 'alter_column' || change.guarded === true) return [];
  const schema = schemaBefore(change, migration, project);
  const table = schema && findTable(schema, change.table);
  const column = table?.columns.get(change.column);
  if (schema === undefined || table === undefined || column === undefined) return unknownDefinition;
  if (!isNothingElse(place, replacing.arguments)) return doesMore;
  const dependent = replacementRefusal({ ...column, default: undefined }, table, { project });
  if (dependent !== undefined) return dependent;
  if (isReferredTo(column, table, schema)) return refusal(`Keys of other tables point to "${column.name}".`);
  if (isTouchedLater(change, migration)) return neededLater;
  const final = finalSchema(project) ?? schema;
  const taken =
    replacing.free.find((name) => !isFree(name, table, schema)) ??
    replacing.freeLater.find((name) => !isFree(name, table, final));
  if (taken !== undefined) return takenName(taken);
  const copy = columnToCopy(column.name, replacing.to, table.name, schema);
  if (copy === undefined) return severalKeys;
  const indexes = plainIndexesOn(column.name, table);
  if (indexes === undefined) return intricateIndexes;
  return { place, project, target, table, column, copy, indexes, schema };
}

/** @param to the column that takes its place, as it is called while they are built */
export function carriedIndexesOf(
  { table, column, indexes, place, project, target, schema }: ReplacedColumn,
  to: string,
): CarriedIndexes {
  const setting = { database: target.database, schema };
  return { table: table.name, column: column.name, to, indexes, known: table.indexes, place, project, setting };
}

const ofTheColumn = ['column_name', 'schema', 'table_name'];

function isNothingElse({ directive }: DirectivePlace, others: readonly string[]): boolean {
  const names = [...directive.arguments.keys()].filter((name) => !name.startsWith('existing_'));
  return names.every((name) => ofTheColumn.includes(name) || others.includes(name));
}

function isReferredTo({ name }: Column, table: Table, { tables }: Schema): boolean {
  for (const other of tables.values()) {
    for (const { references } of referringColumns(other)) {
      if (references !== undefined && isSameTable(references.table, table.name) && references.column === name)
        return true;
    }
    for (const { references, referencedColumns } of other.constraints.values()) {
      if (references !== undefined && isSameTable(references, table.name) && referencedColumns?.includes(name) === true)
        return true;
    }
  }
  return false;
}

function isFree(name: string, { name: table }: Table, schema: Schema): boolean {
  return name.length <= longestName && findColumn(schema, table, name) === undefined;
}

/** Whether something behind it in the revision is about the column, which would have to come behind the last step. */
function isTouchedLater(change: AlterColumn | RenameColumn, { forward }: Migration): boolean {
  const names = change.kind === 'RenameColumn' ? [change.column, change.to] : [change.column];
  const isOfOthers = (columns: readonly string[]): boolean =>
    columns.length > 0 && columns.every((column) => !names.includes(column));
  return forward.slice(forward.indexOf(change) + 1).some((each) => {
    if (!each.applies.database || each.kind === 'RunSql') return false;
    if (each.kind === 'Opaque' || each.kind === 'InvalidSql' || each.kind === 'RunCode') return true;
    const table = tableOf(each);
    if (table !== undefined && !isSameTable(table, change.table)) return false;
    switch (each.kind) {
      case 'AlterColumn':
      case 'DropColumn':
        return names.includes(each.column);
      case 'RenameColumn':
        return names.includes(each.column) || names.includes(each.to);
      case 'AddColumn':
        return each.column.generated !== undefined || names.includes(each.column.name);
      case 'CreateIndex':
        return each.index.expressions || each.index.partial || !isOfOthers(each.index.columns);
      case 'AddConstraint':
        return !isOfOthers(each.constraint.columns);
      case 'CreateTrigger':
      case 'DropTrigger':
        // What it does to the column is told by what is there in the end.
        return false;
      default:
        return table !== undefined;
    }
  });
}

function tableOf(change: Change): Table['name'] | undefined {
  if (change.kind === 'WriteRows' || change.kind === 'DropIndex') return change.table;
  return 'table' in change ? change.table : undefined;
}
