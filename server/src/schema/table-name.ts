/** A table as the database knows it; `schema` is undefined for the search path's own. */
export interface TableName {
  readonly schema: string | undefined;
  readonly name: string;
  /**
   * What stands for a text that is only known when the migration runs. The schema alone, or the name, whatever is known
   * of the schema. Such a table is one of its own: nothing that happens to it changes what is known of another.
   */
  readonly unknown?: 'schema' | 'name';
}

/** One string per table, to compare and to index by. Quoted identifiers keep their case in every supported database. */
export type TableKey = string;

export function tableName(name: string, schema?: string): TableName {
  return { name, schema };
}

export function tableKeyOf({ schema, name }: TableName): TableKey {
  return schema === undefined || schema === searched ? name : `${schema}.${name}`;
}

export function isSameTable(one: TableName, other: TableName): boolean {
  return one.name === other.name && (one.schema ?? searched) === (other.schema ?? searched);
}

/** Where names without a schema are looked for, unless somebody has set another search path. */
const searched = 'public';

/** What messages call a table whose name they cannot tell. */
export const unnamedTable = 'a table whose name is only known at run time';

/** How messages name a table: `"shop_order"`, `"other.shop_order"`. */
export function tableText({ schema, name, unknown }: TableName): string {
  if (unknown === 'name') return unnamedTable;
  return schema === undefined || unknown === 'schema' ? `"${name}"` : `"${schema}.${name}"`;
}
