import type { TableName } from '../../schema/table-name.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';

/** A trigger that keeps one column in step with another, for whatever code writes the rows. */
export interface Trigger {
  /** Of the trigger and its function. */
  readonly name: string;
  readonly table: TableName;
  /** What its function does with the row, in PL/pgSQL: lines of `NEW.a := NEW.b;`. */
  readonly body: readonly string[];
}

/** Creates the trigger and drops it on the way back; in column 0. */
export function createTrigger(trigger: Trigger, quote: '"' | "'"): string {
  return runSqlText('migrations', [creation(trigger)], [removal(trigger)], quote);
}

/** Drops the trigger and creates it again on the way back; in column 0. */
export function dropTrigger(trigger: Trigger, quote: '"' | "'"): string {
  return runSqlText('migrations', [removal(trigger)], [creation(trigger)], quote);
}

function creation({ name, table, body }: Trigger): string {
  const written = writtenName(name);
  return [
    `CREATE FUNCTION ${written}() RETURNS trigger LANGUAGE plpgsql AS $$`,
    'BEGIN',
    ...body.map((line) => `    ${line}`),
    '    RETURN NEW;',
    'END',
    '$$;',
    `CREATE TRIGGER ${written} BEFORE INSERT OR UPDATE ON ${writtenTable(table)}`,
    `    FOR EACH ROW EXECUTE FUNCTION ${written}();`,
  ].join('\n');
}

function removal({ name, table }: Trigger): string {
  const written = writtenName(name);
  return `DROP TRIGGER ${written} ON ${writtenTable(table)};\nDROP FUNCTION ${written}();`;
}
