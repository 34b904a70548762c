import type { Change } from './change.ts';
import { LayeredMap } from './layered-map.ts';
import type { MigrationId } from './migration-id.ts';
import { emptyTable, type GoneTable, type Schema, type Table } from './schema.ts';
import { type TableKey, type TableName, tableKeyOf } from './table-name.ts';

/** A table that no change in sight created is known by name from then on. */
export function changeTable(schema: Schema, name: TableName, change: (table: Table) => Table): Schema {
  const before = schema.tables.get(tableKeyOf(name));
  if (before === undefined && name.unknown !== undefined) return schema;
  return withTable(schema, change(before ?? emptyTable(name)));
}

export function withTable(schema: Schema, table: Table): Schema {
  return { ...schema, tables: LayeredMap.over(schema.tables).with(tableKeyOf(table.name), table) };
}

/** Remembers the names that tables no longer have. */
export function withGoneTables(schema: Schema, change: Change, goneIn: MigrationId): Schema {
  switch (change.kind) {
    case 'CreateTable':
      return withoutGone(schema, change.table);
    case 'DropTable':
      return withGone(schema, change.table, { goneIn, renamedTo: undefined });
    case 'RenameTable':
      return withoutGone(withGone(schema, change.table, { goneIn, renamedTo: change.to }), change.to);
    default:
      return schema;
  }
}

function withGone(schema: Schema, table: TableName, gone: GoneTable): Schema {
  if (table.unknown !== undefined) return schema;
  return { ...schema, goneTables: new Map(schema.goneTables).set(tableKeyOf(table), gone) };
}

function withoutGone(schema: Schema, table: TableName): Schema {
  const key: TableKey = tableKeyOf(table);
  if (schema.goneTables?.has(key) !== true) return schema;
  return { ...schema, goneTables: new Map([...schema.goneTables].filter(([each]) => each !== key)) };
}
