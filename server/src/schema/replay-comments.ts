import type { Column } from './column.ts';
import { withColumn } from './replay-columns.ts';
import { withTable } from './replay-tables.ts';
import type { Schema, Table } from './schema.ts';
import type { SetTableOption } from './sql-change.ts';
import { tableKeyOf } from './table-name.ts';

/** `COMMENT ON` a table that is known. */
export function commentSet(schema: Schema, change: SetTableOption): Schema {
  const table = change.option === 'comment' ? schema.tables.get(tableKeyOf(change.table)) : undefined;
  return table === undefined ? schema : withTable(schema, commented(table, change));
}

/** What the comment of the table, or of a column of it, says from now on. */
function commented(table: Table, { column: name, says }: SetTableOption): Table {
  if (name === undefined) return { ...withoutComment(table), ...commentOf(says) };
  const column = table.columns.get(name);
  return column === undefined ? table : withColumn(table, { ...withoutComment(column), ...commentOf(says) });
}

function withoutComment<T extends Pick<Column, 'comment' | 'hasUnknownComment'>>(of: T) {
  const { comment: _, hasUnknownComment: __, ...rest } = of;
  return rest;
}

function commentOf(says: SetTableOption['says']): Pick<Column, 'comment' | 'hasUnknownComment'> {
  if (says === undefined) return { hasUnknownComment: true };
  // An empty one is none.
  return says === null || says === '' ? {} : { comment: says };
}
