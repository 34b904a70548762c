import type { Gap } from '../fixes/recipes/alembic/completed-downgrade.ts';
import { type Change, type ChangeOf, changesOf } from '../schema/change.ts';
import { type Column, isSameType, typeText } from '../schema/column.ts';
import type { WayBack } from '../schema/migration.ts';
import { isUnknown } from '../schema/reversibility.ts';
import { findTable, type Schema, type Table } from '../schema/schema.ts';
import { isSameTable, type TableName, tableText } from '../schema/table-name.ts';
import { clauseForConstraint, clauseForIndex, lostIndexes, type Sides } from './key-gaps.ts';

/** A migration there and back. */
export interface RoundTrip {
  /** Before the migration, behind it, and after the way back. */
  readonly start: Schema;
  readonly after: Schema;
  readonly back: WayBack;
  /** Before one of the changes of the way forward. */
  before(change: Change): Schema;
}

/** Whether something on the way back is not known: then nothing can be missed in it. */
export function isUnclear({ understood, changes }: WayBack): boolean {
  return !understood || changes.some(isUnknown);
}

/** What of these changes is still there after the way back, or still gone; changes that may not happen are left out. */
export function gapsIn(changes: readonly Change[], trip: RoundTrip): readonly Gap[] {
  const names = tableNames(changes);
  const gaps: Gap[] = [];
  for (const change of changes) {
    if (change.certainty === 'conditional' || !change.applies.database) continue;
    const found = clauseFor(change, { ...trip, ...names });
    const gap = typeof found === 'string' ? { clause: found } : found;
    if (gap !== undefined && gaps.every(({ clause }) => clause !== gap.clause)) gaps.push({ change, ...gap });
  }
  return gaps;
}

interface Comparison extends RoundTrip {
  /** What a table was called before the migration. */
  firstName(table: TableName): TableName;
  /** What it is called behind it. */
  lastName(table: TableName): TableName;
}

function tableNames(changes: readonly Change[]): Pick<Comparison, 'firstName' | 'lastName'> {
  const renamings = changes.filter((change) => change.kind === 'RenameTable');
  return {
    firstName: (table) =>
      renamings.reduceRight((name, { table: from, to }) => (isSameTable(name, to) ? from : name), table),
    lastName: (table) => renamings.reduce((name, { table: from, to }) => (isSameTable(name, from) ? to : name), table),
  };
}

/** A clause alone where nothing of the change is taken back. */
type Clause = string | Omit<Gap, 'change'> | undefined;

function clauseFor(change: Change, trip: Comparison): Clause {
  switch (change.kind) {
    case 'CreateTable':
      return tableLeft(change, trip);
    case 'DropTable':
      return tableGone(change, trip);
    case 'RenameTable':
      return tableRenamed(change, trip);
    case 'AddColumn':
    case 'AddConstraint':
    case 'AlterColumn':
    case 'CreateIndex':
    case 'DropColumn':
    case 'DropConstraint':
    case 'DropIndex':
    case 'RenameColumn':
    case 'RenameConstraint':
    case 'RenameIndex':
    case 'SetTableOption': {
      const sides = change.table && sidesOf(change.table, trip);
      return sides && clauseInTable(change, sides, trip);
    }
    default:
      return undefined;
  }
}

function tableLeft({ table, temporary }: ChangeOf<'CreateTable'>, trip: Comparison): string | undefined {
  const name = trip.lastName(table);
  const isThere = findTable(trip.after, name) !== undefined && findTable(trip.back.after, name) !== undefined;
  if (!isThere || temporary === true || findTable(trip.start, name) !== undefined) return undefined;
  return `leaves the table ${tableText(name)} in place`;
}

function tableGone({ table, ifExists }: ChangeOf<'DropTable'>, trip: Comparison): Clause {
  const name = trip.firstName(table);
  const wasThere = findTable(trip.start, name) !== undefined || !isBuiltHere(table, trip);
  if (!wasThere || ifExists === true || findTable(trip.after, table)) return undefined;
  const [first, last] = [trip.start, trip.back.after].map((schema) => findTable(schema, name));
  if (last !== undefined) return first && tableBroughtBack(first, last);
  return `does not bring back the table ${tableText(name)}`;
}

function tableBroughtBack(first: Table, last: Table): Clause {
  if (!first.complete || !last.complete) return undefined;
  const column = [...first.columns.keys()].find((each) => !last.columns.has(each));
  const without = `brings back the table ${tableText(last.name)} without its`;
  if (column !== undefined) return { clause: `${without} column "${column}"`, part: {} };
  const [index] = lostIndexes(first, last);
  return index && { clause: `${without} index "${index.name}"`, part: { index } };
}

/** Another step of the migration has created it. */
function isBuiltHere(table: TableName, { start, back: { functions } }: Comparison): boolean {
  const changes = functions.flatMap(({ takesBack }) => takesBack);
  return (
    findTable(start, table) === undefined &&
    changes.some((each) => (each.kind === 'CreateTable' || each.kind === 'CreateView') && isNamed(each, table))
  );
}

function isNamed(change: ChangeOf<'CreateTable' | 'CreateView'>, table: TableName): boolean {
  return isSameTable(change.kind === 'CreateTable' ? change.table : change.view, table);
}

function tableRenamed({ table, to }: ChangeOf<'RenameTable'>, trip: Comparison): string | undefined {
  const isStillNamed = findTable(trip.back.after, to) !== undefined && findTable(trip.after, to) !== undefined;
  if (!isStillNamed || findTable(trip.back.after, table) || findTable(trip.start, to)) return undefined;
  return `leaves the table ${tableText(to)} under its new name`;
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
  | 'RenameConstraint'
  | 'RenameIndex'
  | 'SetTableOption';

function sidesOf(table: TableName, trip: Comparison): Sides | undefined {
  const [first, last] = [trip.start, trip.back.after].map((schema) => findTable(schema, trip.firstName(table)));
  const after = findTable(trip.after, trip.lastName(table));
  if (last === undefined || after === undefined || isBuiltHere(trip.firstName(table), trip)) return undefined;
  return { first, after, last };
}

function clauseInTable(change: ChangeOf<InTable>, sides: Sides, trip: Comparison): Clause {
  const { first, after, last } = sides;
  const of = `of ${tableText(last.name)}`;
  switch (change.kind) {
    case 'AddColumn': {
      const { name } = change.column;
      const isLeft = after.columns.has(name) && last.columns.has(name) && first?.columns.has(name) !== true;
      const isAddedBack = trip.back.changes.some((each) => each.kind === 'AddColumn' && each.column.name === name);
      return isLeft && !isAddedBack && change.ifNotExists !== true
        ? `leaves the column "${name}" ${of} in place`
        : undefined;
    }
    case 'DropColumn':
      return columnGone(change, sides, trip);
    case 'RenameColumn': {
      const { column, to } = change;
      const isStillNamed = after.columns.has(to) && last.columns.has(to) && !last.columns.has(column);
      return isStillNamed && first?.columns.has(to) !== true
        ? `leaves the column "${to}" ${of} under its new name`
        : undefined;
    }
    case 'AlterColumn':
      return columnAltered(change, sides, trip.back);
    case 'SetTableOption':
      return change.option === 'comment' ? commentLeft(change, sides) : undefined;
    case 'CreateIndex':
    case 'DropIndex':
    case 'RenameIndex':
      return clauseForIndex(change, sides, of);
    default:
      return clauseForConstraint(change, sides, trip.back);
  }
}

function columnGone(change: ChangeOf<'DropColumn'>, sides: Sides, trip: Comparison): Clause {
  const { column, ifExists } = change;
  const { first, after, last } = sides;
  const wasThere = first?.columns.has(column) === true || (ifExists !== true && !isAddedHere(change, trip));
  if (!wasThere || after.columns.has(column)) return undefined;
  const of = `of ${tableText(last.name)}`;
  if (!last.columns.has(column)) return `does not bring back the column "${column}" ${of}`;
  const [dropped, now] = [first?.columns.get(column), last.columns.get(column)];
  if (dropped && now && !isSameTypeAsFarAsKnown(dropped, now)) {
    return {
      clause: `brings back the column "${column}" ${of} as ${typeText(now.type)} instead of ${typeText(dropped.type)}`,
      part: {},
    };
  }
  const index = first && lostIndexes(first, last).find(({ columns }) => columns.includes(column));
  return index && { clause: `does not bring back the index "${index.name}" ${of}`, part: { index } };
}

function isAddedHere({ table, column }: ChangeOf<'DropColumn'>, { back: { functions } }: Comparison): boolean {
  return functions.some(({ takesBack }) =>
    takesBack.some(
      (each) => each.kind === 'AddColumn' && each.column.name === column && isSameTable(each.table, table),
    ),
  );
}

/** What the column was like before the migration, and is like again or not. What the way back says itself will be right. */
function columnAltered(
  { table, column: name }: ChangeOf<'AlterColumn'>,
  { first, after, last }: Sides,
  { changes }: WayBack,
): string | undefined {
  const [column, now] = [first?.columns.get(name), last.columns.get(name)];
  // A column that was dropped and is added again cannot get its values back: it may well be nullable.
  if (column === undefined || now === undefined || after.columns.get(name) === undefined) return undefined;
  const what = `"${name}" of ${tableText(last.name)}`;
  const altered = changesOf(changes, 'AlterColumn').filter(
    (each) => each.column === name && [table, last.name].some((of) => isSameTable(each.table, of)),
  );
  const isTold = (facet: 'type' | 'nullable' | 'default') => altered.some(({ facets }) => facets[facet] !== undefined);
  if (!isTold('type') && !isSameTypeAsFarAsKnown(column, now)) return `leaves ${what} as ${typeText(now.type)}`;
  if (!isTold('nullable') && column.nullable !== now.nullable) {
    return `leaves ${what} ${now.nullable ? 'nullable' : 'NOT NULL'}`;
  }
  return isTold('default') ? undefined : defaultAltered(column, now, what);
}

function isSameTypeAsFarAsKnown({ type: one }: Column, { type: other }: Column): boolean {
  return one.name === 'unknown' || other.name === 'unknown' || isSameType(one, other);
}

function defaultAltered({ default: one }: Column, { default: now }: Column, what: string): string | undefined {
  if (one === undefined && now === undefined) return undefined;
  if (one === undefined) return `leaves ${what} with a default`;
  if (now === undefined) return `leaves ${what} without its default`;
  const areKnown = one.sql !== undefined && now.sql !== undefined;
  return areKnown && one.sql !== now.sql ? `leaves ${what} with the default ${now.sql}` : undefined;
}

/** Of a table or a column that was there before: what is not known of a comment is no gap. */
function commentLeft({ column }: ChangeOf<'SetTableOption'>, { first, after, last }: Sides): string | undefined {
  const [one, behind, other] = [first, after, last].map((table) =>
    column === undefined ? table : table?.columns.get(column),
  );
  if (one?.bornIn === undefined || behind === undefined || other === undefined) return undefined;
  const isKnown = [one, behind, other].every(({ hasUnknownComment }) => hasUnknownComment !== true);
  if (!isKnown || one.comment === other.comment || behind.comment !== other.comment) return undefined;
  const of = column === undefined ? tableText(last.name) : `"${column}" of ${tableText(last.name)}`;
  if (other.comment === undefined) return `leaves ${of} without its comment`;
  return `leaves ${of} with ${one.comment === undefined ? 'a' : 'another'} comment`;
}
