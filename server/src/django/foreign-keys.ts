import type { DatabaseKind } from '../base/target.ts';
import type { Column, ForeignKeyReference } from '../schema/column.ts';
import type { Constraint } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';
import type { FieldSite } from './field-site.ts';
import { generatedName } from './identifiers.ts';

/** The foreign key constraint of a column, named as Django names it where the referenced column is known. */
export function foreignKeyOf(column: Column, table: TableName, site: FieldSite): Constraint {
  const target = column.references;
  const suffix = target ? keySuffix(target) : '_fk__id';
  return { ...namedKey(column, table, site, suffix), nameIsExact: target?.column !== undefined };
}

/** The column with the name of its foreign key, where that can be told. */
export function withNamedKey(column: Column, table: TableName, database: DatabaseKind): Column {
  const target = column.references;
  if (!target?.enforced || target.column === undefined) return column;
  return { ...column, references: { ...target, constraint: keyName(column, table, keySuffix(target), database) } };
}

function keySuffix({ table, column }: ForeignKeyReference): string {
  return `_fk_${table.name}_${column ?? 'id'}`;
}

function keyName(column: Column, table: TableName, suffix: string, database: DatabaseKind): string {
  return generatedName(table.name, [column.name], suffix, database);
}

/** The constraint that Django adds again after the column it points to has another type: under a shorter name. */
export function restoredKeyOf(column: Column, table: TableName, site: FieldSite): Constraint {
  return namedKey(column, table, site, '_fk');
}

function namedKey(column: Column, table: TableName, site: FieldSite, suffix: string): Constraint {
  return {
    kind: 'foreign-key',
    name: keyName(column, table, suffix, site.context.target.database),
    nameIsExact: true,
    columns: [column.name],
    condition: undefined,
    provesNotNull: undefined,
    references: column.references?.table,
    ...(column.references?.column === undefined ? {} : { referencedColumns: [column.references.column] }),
    ...(column.references?.deferred ? { deferred: true } : {}),
    validated: true,
    bornIn: site.id,
  };
}
