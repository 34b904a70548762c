import type { Column } from '../schema/column.ts';
import type { Constraint } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';
import type { FieldSite } from './field-site.ts';
import { generatedName } from './identifiers.ts';

/** The foreign key constraint of a column, named as Django names it where the referenced column is known. */
export function foreignKeyOf(column: Column, table: TableName, site: FieldSite): Constraint {
  const target = column.references;
  const suffix = `_fk_${target?.table.name ?? ''}_${target?.column ?? 'id'}`;
  return { ...namedKey(column, table, site, suffix), nameIsExact: target?.column !== undefined };
}

/** The constraint that Django adds again after the column it points to has another type: under a shorter name. */
export function restoredKeyOf(column: Column, table: TableName, site: FieldSite): Constraint {
  return namedKey(column, table, site, '_fk');
}

function namedKey(column: Column, table: TableName, site: FieldSite, suffix: string): Constraint {
  return {
    kind: 'foreign-key',
    name: generatedName(table.name, [column.name], suffix, site.context.target.database),
    nameIsExact: true,
    columns: [column.name],
    condition: undefined,
    provesNotNull: undefined,
    references: column.references?.table,
    ...(column.references?.deferred ? { deferred: true } : {}),
    validated: true,
    bornIn: site.id,
  };
}
