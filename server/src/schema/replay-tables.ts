import { LayeredMap } from './layered-map.ts';
import { emptyTable, type Schema, type Table } from './schema.ts';
import { type TableName, tableKeyOf } from './table-name.ts';

/** A table that no change in sight created is known by name from then on. */
export function changeTable(schema: Schema, name: TableName, change: (table: Table) => Table): Schema {
  const before = schema.tables.get(tableKeyOf(name));
  if (before === undefined && name.unknown !== undefined) return schema;
  return withTable(schema, change(before ?? emptyTable(name)));
}

export function withTable(schema: Schema, table: Table): Schema {
  return { ...schema, tables: LayeredMap.over(schema.tables).with(tableKeyOf(table.name), table) };
}
