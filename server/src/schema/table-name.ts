/** A table as the database knows it; `schema` is undefined for the search path's own. */
export interface TableName {
  readonly schema: string | undefined;
  readonly name: string;
}

/** One string per table, to compare and to index by. Quoted identifiers keep their case in every supported database. */
export type TableKey = string;

export function tableName(name: string, schema?: string): TableName {
  return { name, schema };
}

export function tableKeyOf(table: TableName): TableKey {
  return table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
}

export function isSameTable(one: TableName, other: TableName): boolean {
  return one.name === other.name && one.schema === other.schema;
}
