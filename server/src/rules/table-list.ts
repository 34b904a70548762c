import { listedUpTo } from '../base/listed.ts';
import { type TableName, tableText } from '../schema/table-name.ts';

const tablesNamed = 3;

/** `"a", "b" and "c"` or `"a", "b" and 4 more tables`, each once. */
export function listOfTables(tables: readonly TableName[]): string {
  return listOfTableTexts(tables.map(tableText));
}

/** The same of tables as messages name them. */
export function listOfTableTexts(texts: readonly string[]): string {
  return listedUpTo(tablesNamed, [...new Set(texts)], 'tables');
}
