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
  const { create, drop } = triggerStatements(trigger);
  return runSqlText('migrations', [together(create)], [together(drop)], quote);
}

/** Drops the trigger and creates it again on the way back; in column 0. */
export function dropTrigger(trigger: Trigger, quote: '"' | "'"): string {
  const { create, drop } = triggerStatements(trigger);
  return runSqlText('migrations', [together(drop)], [together(create)], quote);
}

/** The statements that create a trigger with its function, and drop both, in their order. */
export interface TriggerStatements {
  readonly create: readonly string[];
  readonly drop: readonly string[];
}

export function triggerStatements({ name, table, body }: Trigger): TriggerStatements {
  const [written, owner] = [writtenName(name), writtenTable(table)];
  const called = writtenTable({ schema: table.schema, name });
  const definition = [
    `CREATE FUNCTION ${called}() RETURNS trigger LANGUAGE plpgsql AS $$`,
    'BEGIN',
    ...body.map((line) => `    ${line}`),
    '    RETURN NEW;',
    'END',
    '$$',
  ];
  const created = [
    `CREATE TRIGGER ${written} BEFORE INSERT OR UPDATE ON ${owner}`,
    `    FOR EACH ROW EXECUTE FUNCTION ${called}()`,
  ];
  return {
    create: [definition.join('\n'), created.join('\n')],
    drop: [`DROP TRIGGER ${written} ON ${owner}`, `DROP FUNCTION ${called}()`],
  };
}

function together(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};`).join('\n');
}
