import type { ChangeOf } from '../schema/change.ts';
import type { WayBack } from '../schema/migration.ts';
import { type Constraint, findTable, type Index, type Table } from '../schema/schema.ts';
import { type TableName, tableKeyOf, tableText } from '../schema/table-name.ts';

/** A table that was there before, is there behind the migration, and is there again after the way back. */
export interface Sides {
  /** Before the migration; undefined where no migration in sight has created it. */
  readonly first: Table | undefined;
  readonly after: Table;
  readonly last: Table;
}

/** Those that were dropped with a column or a table, which comes back without them. */
export function lostIndexes(first: Table, last: Table): readonly Index[] {
  return [...first.indexes.values()].filter(
    (index) =>
      index.ownedBy === undefined &&
      index.columns.every((column) => last.columns.has(column)) &&
      ![...last.indexes.values()].some((each) => isLike(each, index)) &&
      !isOwnedLike(last, index),
  );
}

export function clauseForIndex(
  change: ChangeOf<'CreateIndex' | 'DropIndex' | 'RenameIndex'>,
  { first, after, last }: Sides,
  of: string,
): string | undefined {
  if (change.kind === 'CreateIndex') {
    const { name } = change.index;
    // One that the way back has built anew is another object.
    const isLeft = after.indexes.has(name) && last.indexes.get(name) === after.indexes.get(name);
    return isLeft && first?.indexes.has(name) !== true && !change.ifNotExists
      ? `leaves the index "${name}" ${of} in place`
      : undefined;
  }
  if (change.kind === 'RenameIndex') {
    const isStillNamed = last.indexes.has(change.to) && !last.indexes.has(change.index);
    return isStillNamed ? `leaves the index "${change.to}" ${of} under its new name` : undefined;
  }
  const dropped = first?.indexes.get(change.index);
  if (dropped === undefined || after.indexes.has(change.index)) return undefined;
  const isBack = [...last.indexes.values()].some((index) => isLike(index, dropped)) || isOwnedLike(last, dropped);
  return isBack ? undefined : `does not bring back the index "${change.index}" ${of}`;
}

/** Under its name, or built on the same. */
function isLike(one: Index, other: Index): boolean {
  return one.name === other.name || (one.columns.join() === other.columns.join() && one.unique === other.unique);
}

/** A unique constraint does what a unique index did. */
function isOwnedLike({ constraints }: Table, { unique, columns }: Index): boolean {
  const isSame = ({ kind, columns: of }: Constraint) => kind === 'unique' && of.join() === columns.join();
  return unique && [...constraints.values()].some(isSame);
}

export function clauseForConstraint(
  change: ChangeOf<'AddConstraint' | 'DropConstraint' | 'RenameConstraint'>,
  { first, after, last }: Sides,
  back: WayBack,
): string | undefined {
  const of = `of ${tableText(last.name)}`;
  if (change.kind === 'AddConstraint') {
    const { name } = change.constraint;
    const isLeft = after.constraints.has(name) && last.constraints.get(name) === after.constraints.get(name);
    if (!isLeft || first?.constraints.has(name) === true || dropsUnknown(last.name, back)) return undefined;
    return `leaves the ${kindText(change.constraint.kind)} "${name}" ${of} in place`;
  }
  if (change.kind === 'RenameConstraint') {
    const isStillNamed = last.constraints.has(change.to) && !last.constraints.has(change.constraint);
    return isStillNamed ? `leaves the constraint "${change.to}" ${of} under its new name` : undefined;
  }
  const dropped = first?.constraints.get(change.constraint);
  if (dropped === undefined || after.constraints.has(change.constraint)) return undefined;
  if (!dropped.columns.every((column) => last.columns.has(column))) return undefined;
  if ([...last.constraints.values()].some((each) => isLikeConstraint(each, dropped))) return undefined;
  if (dropped.kind === 'unique' && [...last.indexes.values()].some((index) => isUniqueOn(index, dropped)))
    return undefined;
  return `does not bring back the ${kindText(dropped.kind)} "${change.constraint}" ${of}`;
}

function isUniqueOn({ unique, columns }: Index, constraint: Constraint): boolean {
  return unique && columns.join() === constraint.columns.join();
}

function isLikeConstraint(one: Constraint, other: Constraint): boolean {
  if (one.name === other.name) return true;
  return one.kind === other.kind && (one.kind === 'check' || one.columns.join() === other.columns.join());
}

/** A constraint is dropped under a name that is not known here: it can be any of the table. */
function dropsUnknown(table: TableName, back: WayBack): boolean {
  return back.changes.some((change, index) => {
    if (change.kind !== 'DropConstraint' || tableKeyOf(change.table) !== tableKeyOf(table)) return false;
    const before = back.steps[index];
    return before !== undefined && findTable(before, table)?.constraints.has(change.constraint) !== true;
  });
}

function kindText(kind: Constraint['kind']): string {
  switch (kind) {
    case 'foreign-key':
      return 'foreign key';
    case 'primary-key':
      return 'primary key';
    default:
      return `${kind} constraint`;
  }
}
