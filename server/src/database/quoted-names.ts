import type { DatabaseKind } from '../base/target.ts';
import { isMysqlOrMariadb } from '../base/target.ts';
import type { TableName } from '../schema/table-name.ts';

/** A name in the database's own quotes. */
export function quotedName(name: string, database: DatabaseKind): string {
  const quote = isMysqlOrMariadb(database) ? '`' : '"';
  return quote + name.replaceAll(quote, quote + quote) + quote;
}

export function quotedTable({ schema, name }: TableName, database: DatabaseKind): string {
  const table = quotedName(name, database);
  return schema === undefined ? table : `${quotedName(schema, database)}.${table}`;
}

/** Text as PostgreSQL's literal. */
export function quotedText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
