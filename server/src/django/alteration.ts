import type { Column } from '../schema/column.ts';
import type { TableName } from '../schema/table-name.ts';
import type { FieldSite, PlacedField } from './field-site.ts';
import type { NamedTable } from './indexes.ts';

/** Everything that Django compares when it alters the column of a field. */
export interface Alteration {
  readonly old: Side;
  readonly new: Side;
  readonly site: FieldSite;
  readonly table: TableName;
  readonly named: NamedTable;
  readonly typeDiffers: boolean;
}

export interface Side extends PlacedField {
  readonly column: Column;
}
