import { isSameTable, type TableName, tableText } from '../schema/table-name.ts';

/** `"a", "b" and 3 more tables` */
export function listOfTables(tables: readonly TableName[]): string {
  const unique = tables.filter((table, index) => tables.findIndex((other) => isSameTable(table, other)) === index);
  const shown = unique.slice(0, 2).map(tableText);
  const rest = unique.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more ${rest > 1 ? 'tables' : 'table'}`;
  return shown.join(' and ');
}
