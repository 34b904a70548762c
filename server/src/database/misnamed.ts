import { nearestName } from '../base/nearest-name.ts';
import type { Change, ChangeOf } from '../schema/change.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { type Constraint, findTable, type Schema, type Table } from '../schema/schema.ts';
import { type TableName, tableKeyOf, tableText } from '../schema/table-name.ts';

/** A name that a change cannot have meant: nothing is called so there, or something is already. */
export interface Misnamed {
  /** `"users" has no column "emial"` */
  readonly clause: string;
  /** The name, and the one that was most likely meant. */
  readonly meant?: { readonly name: string; readonly nearest: string };
  /** What it is about, or a part of that. */
  readonly table: TableName;
  /** The migration since which all that happened has to be known for it to be true. */
  readonly since: MigrationId;
}

/**
 * What a database refuses because of the names in a change, by what the replayed migrations have built. Silent about
 * tables that none of them has created, and where a name is not known exactly.
 *
 * @param hasExactKeys whether indexes and constraints are there under the names they were given and no others: as on PostgreSQL
 */
export function misnamedIn(change: Change, before: Schema, hasExactKeys: boolean): Misnamed | undefined {
  switch (change.kind) {
    case 'CreateTable':
      return (
        existingTable(change, before) ?? change.constraints.map((each) => brokenReference(each, before)).find(isSaid)
      );
    case 'DropTable':
      return change.ifExists === true ? undefined : goneTable(change.table, before);
    case 'RenameTable':
      return change.isOptional === true ? undefined : goneTable(change.table, before);
    case 'AddColumn':
    case 'AddConstraint':
    case 'AlterColumn':
    case 'CreateIndex':
    case 'DropColumn':
    case 'DropConstraint':
    case 'DropIndex':
    case 'RenameColumn':
    case 'SetTableOption': {
      if (change.table === undefined || change.isOptional === true) return undefined;
      const gone = goneTable(change.table, before);
      const table = findTable(before, change.table);
      return gone ?? (table && inTable(change, table, before, hasExactKeys));
    }
    default:
      return undefined;
  }
}

function isSaid(found: Misnamed | undefined): boolean {
  return found !== undefined;
}

function existingTable({ table: name, ifNotExists, temporary }: ChangeOf<'CreateTable'>, before: Schema) {
  const table = before.tables.get(tableKeyOf(name));
  if (table?.bornIn === undefined || ifNotExists === true || temporary === true) return undefined;
  return { clause: `there is a table ${tableText(name)} already`, table: name, since: table.bornIn };
}

function goneTable(table: TableName, before: Schema): Misnamed | undefined {
  const gone = before.goneTables?.get(tableKeyOf(table));
  if (gone === undefined || findTable(before, table) !== undefined) return undefined;
  const { renamedTo, goneIn: since } = gone;
  if (renamedTo !== undefined)
    return { clause: `${tableText(table)} is called ${tableText(renamedTo)} by then`, table, since };
  return { clause: `there is no table ${tableText(table)} any more`, table, since };
}

type InTable =
  | 'AddColumn'
  | 'AddConstraint'
  | 'AlterColumn'
  | 'CreateIndex'
  | 'DropColumn'
  | 'DropConstraint'
  | 'DropIndex'
  | 'RenameColumn'
  | 'SetTableOption';

function inTable(change: ChangeOf<InTable>, table: Table, before: Schema, hasExactKeys: boolean): Misnamed | undefined {
  switch (change.kind) {
    case 'AddColumn':
      return change.ifNotExists === true ? undefined : existingColumn(change.column.name, table);
    case 'AlterColumn':
      return missingColumn(change.column, table);
    case 'DropColumn':
      return change.ifExists === true ? undefined : missingColumn(change.column, table);
    case 'RenameColumn':
      return missingColumn(change.column, table) ?? existingColumn(change.to, table);
    case 'SetTableOption':
      return change.column === undefined ? undefined : missingColumn(change.column, table);
    case 'CreateIndex': {
      const existing = change.ifNotExists || !hasExactKeys ? undefined : existingIndex(change.index.name, table);
      return existing ?? change.index.columns.map((each) => missingColumn(each, table)).find(isSaid);
    }
    case 'DropIndex':
      return hasExactKeys ? missingIndex(change, table) : undefined;
    case 'AddConstraint':
      return addedConstraint(change, table, before, hasExactKeys);
    default:
      return hasExactKeys ? missingConstraint(change, table) : undefined;
  }
}

/** As a sentence: `"users" has no column "emial". Did you mean "email"?` */
export function misnamedText({ clause, meant }: Misnamed): string {
  return meant === undefined ? `${clause}.` : `${clause}. Did you mean "${meant.nearest}"?`;
}

/** Whether its columns are those that the migrations have given it, and nothing brings it others. */
function isWhole({ complete, bornIn, partitionOf, partitionedBy, materialized }: Table): boolean {
  const isPlain = partitionOf === undefined && partitionedBy === undefined && materialized !== true;
  return complete && bornIn !== undefined && isPlain;
}

function missingColumn(name: string, table: Table): Misnamed | undefined {
  const { bornIn: since, columns } = table;
  if (!isWhole(table) || since === undefined || has(columns.keys(), name)) return undefined;
  return {
    clause: `${tableText(table.name)} has no column "${name}"`,
    ...guess(name, columns.keys()),
    table: table.name,
    since,
  };
}

/** Names differ by more than capital letters, which not every database tells apart. */
function has(names: Iterable<string>, name: string): boolean {
  for (const each of names) if (each.toLowerCase() === name.toLowerCase()) return true;
  return false;
}

function guess(name: string, names: Iterable<string>): Pick<Misnamed, 'meant'> {
  const nearest = nearestName(name, names);
  return nearest === undefined ? {} : { meant: { name, nearest } };
}

function existingColumn(name: string, { columns, name: table }: Table): Misnamed | undefined {
  const since = columns.get(name)?.bornIn;
  if (since === undefined) return undefined;
  return { clause: `${tableText(table)} has a column "${name}" already`, table, since };
}

function existingIndex(name: string, { indexes, name: table }: Table): Misnamed | undefined {
  const known = indexes.get(name);
  if (known?.bornIn === undefined || !known.nameIsExact) return undefined;
  return { clause: `${tableText(table)} has an index "${name}" already`, table, since: known.bornIn };
}

function missingIndex(change: ChangeOf<'DropIndex'>, table: Table): Misnamed | undefined {
  const { index: name, ifExists, columns } = change;
  const { bornIn: since, indexes, constraints } = table;
  if (ifExists === true || columns !== undefined || !isWhole(table) || since === undefined) return undefined;
  const isCertain = [...indexes.values()].every(({ nameIsExact, ownedBy }) => nameIsExact || ownedBy !== undefined);
  if (!isCertain || has(indexes.keys(), name) || has(constraints.keys(), name)) return undefined;
  return {
    clause: `${tableText(table.name)} has no index "${name}"`,
    ...guess(name, indexes.keys()),
    table: table.name,
    since,
  };
}

function addedConstraint(
  { constraint }: ChangeOf<'AddConstraint'>,
  table: Table,
  before: Schema,
  hasExactKeys: boolean,
): Misnamed | undefined {
  const { name, nameIsExact, kind, columns } = constraint;
  const known = hasExactKeys && nameIsExact ? table.constraints.get(name) : undefined;
  if (known?.nameIsExact === true && known.bornIn !== undefined && known.maybeGone !== true) {
    return {
      clause: `${tableText(table.name)} has a constraint "${name}" already`,
      table: table.name,
      since: known.bornIn,
    };
  }
  // Of others the columns are told by their condition, as far as that can be read.
  const isOfColumns = kind === 'foreign-key' || kind === 'primary-key' || kind === 'unique';
  const missing = isOfColumns ? columns.map((each) => missingColumn(each, table)).find(isSaid) : undefined;
  return missing ?? brokenReference(constraint, before);
}

function brokenReference({ references, referencedColumns = [] }: Constraint, before: Schema): Misnamed | undefined {
  if (references === undefined) return undefined;
  const table = findTable(before, references);
  return (
    goneTable(references, before) ?? (table && referencedColumns.map((each) => missingColumn(each, table)).find(isSaid))
  );
}

function missingConstraint(change: ChangeOf<'DropConstraint'>, table: Table): Misnamed | undefined {
  const { constraint: name, constraintKind: kind, ifExists, columns, unnamed } = change;
  const { bornIn: since, constraints } = table;
  if (ifExists === true || unnamed === true || columns !== undefined || !isWhole(table) || since === undefined)
    return undefined;
  if (kind === 'not-null' || name.endsWith('_not_null') || has(constraints.keys(), name)) return undefined;
  const all = [...constraints.values()];
  const isCertain = all.every((each) => each.nameIsExact || (kind !== undefined && each.kind !== kind));
  if (!isCertain || mayHaveChecks(table, kind)) return undefined;
  return {
    clause: `${tableText(table.name)} has no constraint "${name}"`,
    ...guess(name, constraints.keys()),
    table: table.name,
    since,
  };
}

/** Types that are kept as text or a number can bring a check of their own. */
function mayHaveChecks({ columns }: Table, kind: Constraint['kind'] | undefined): boolean {
  if (kind !== undefined && kind !== 'check') return false;
  return [...columns.values()].some(({ type, written }) => {
    const called = written?.type?.kind === 'call' ? (written.type.callee ?? '') : '';
    return /^(?:unknown|bool|boolean)$/.test(type.name) || /enum/i.test(called);
  });
}
