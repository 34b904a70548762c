import type { Target } from '../../base/target.ts';
import type { ChangeOf } from '../../schema/change.ts';
import { type Column, type ColumnType, isSameType, unknownType } from '../../schema/column.ts';
import { findTable, type Table } from '../../schema/schema.ts';
import type { EffectsSetting } from '../setting.ts';
import { type ActionFact, facts } from './facts.ts';
import { canonicalType } from './type-name.ts';

/**
 * What changes between the column before and after. `MODIFY` gives a column anew, whole, so nothing is told of one that
 * is not known: it may be as it was.
 */
export function alterColumnFacts(change: ChangeOf<'AlterColumn'>, { before, target }: EffectsSetting) {
  const table = findTable(before, change.table);
  const column = table?.columns.get(change.column) ?? change.was;
  if (column === undefined) return [];
  const { to } = change;
  const found: ActionFact[] = [];
  const type = typeFact(column.type, to.type, target);
  if (type !== undefined) found.push(type);
  if (column.nullable !== to.nullable) found.push(facts.changeNullability);
  if (isSameType(column.type, to.type) && column.collation !== to.collation) {
    found.push(isIndexed(table, column) ? facts.changeIndexedCollation : facts.changeCollation);
  }
  if ((column.default === undefined) !== (to.default === undefined) || column.default?.sql !== to.default?.sql) {
    found.push(facts.setDefault);
  }
  return found;
}

/** What the change of a type is; undefined for none, and for types that are not known. */
function typeFact(from: ColumnType, to: ColumnType, target: Target): ActionFact | undefined {
  const [before, after] = [canonicalType(from), canonicalType(to)];
  if (before.name === unknownType.name || after.name === unknownType.name || isSameType(before, after))
    return undefined;
  const isText = before.name === 'varchar' && after.name === 'varchar';
  return isText && isWidened(before, after, target) ? facts.widenText : facts.changeType;
}

/** In utf8mb4, which is what MySQL 8 and Django use unless somebody says otherwise. */
const bytesPerCharacter = 4;
/** The longest value whose length is kept in one byte; MariaDB can make two bytes of it up to half of that. */
const oneByte = 255;
const freelyGrown = 127;

/** Whether the longer text keeps the rows as they are: the length in front of each value takes one byte or two. */
function isWidened(before: ColumnType, after: ColumnType, { database }: Target): boolean {
  const [from = 0] = before.arguments;
  const [to = 0] = after.arguments;
  if (to < from) return false;
  const [bytes, newBytes] = [from * bytesPerCharacter, to * bytesPerCharacter];
  if (bytes > oneByte || newBytes <= oneByte) return true;
  return database === 'mariadb' && bytes <= freelyGrown;
}

function isIndexed(table: Table | undefined, column: Column): boolean {
  if (column.unique || column.primaryKey || column.references !== undefined) return true;
  return [...(table?.indexes.values() ?? [])].some(({ columns }) => columns.includes(column.name));
}
