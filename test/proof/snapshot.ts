import type { Deploy, Driver } from './driver.ts';

/** A database at one moment, in lines that can be compared. */
export interface Snapshot {
  readonly schema: readonly string[];
  readonly rows: readonly string[];
}

export async function snapshotOf(driver: Driver, database: string): Promise<Snapshot> {
  const [schema, rows] = await driver.run({ database }, [{ do: 'schema' }, { do: 'rows' }]);
  return { schema, rows };
}

/** Leaves out what releases wrote while they served, copies of it included. */
export function withoutRows(rows: readonly string[], written: Deploy['rows']): readonly string[] {
  const own = new Set(written.map(([table, key]) => `${table} ${key}`));
  // A short key may be the value of anything.
  const anywhere = new Set(written.map(([, key]) => key).filter((key) => key.length > 3));
  return rows.filter((row) => {
    const { table, values } = readRow(row);
    const texts = Object.values(values).map(String);
    return !texts.some((text) => anywhere.has(text) || own.has(`${table} ${text}`));
  });
}

export function withoutColumns(rows: readonly string[], columns: readonly string[]): readonly string[] {
  if (columns.length === 0) return rows;
  return rows.map((row) => {
    const { table, values } = readRow(row);
    const kept = Object.entries(values).filter(([name]) => !columns.includes(name));
    return `${table} ${JSON.stringify(Object.fromEntries(kept))}`;
  });
}

/** `table {json}` */
function readRow(row: string): { readonly table: string; readonly values: Readonly<Record<string, unknown>> } {
  const blank = row.indexOf(' ');
  return { table: row.slice(0, blank), values: JSON.parse(row.slice(blank + 1)) };
}
