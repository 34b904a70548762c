import assert from 'node:assert/strict';
import type { DatabaseKind } from '../../../server/src/base/target.ts';
import type { Change, TransactionId } from '../../../server/src/schema/change.ts';
import { applyChange } from '../../../server/src/schema/replay.ts';
import { emptySchema } from '../../../server/src/schema/schema.ts';
import type { SqlText } from '../../../server/src/sql/literal-map.ts';
import { lowerScript } from '../../../server/src/sql/lower-script.ts';
import type { PlaceholderStyle } from '../../../server/src/sql/placeholders.ts';
import { readScript } from '../../../server/src/sql/script.ts';
import { sqlTextOf } from '../../../server/src/sql/sql-text.ts';
import { valueOfName } from '../../../server/src/syntax/evaluate.ts';
import type { Module } from '../../../server/src/syntax/module.ts';
import { moduleScope } from '../../../server/src/syntax/scopes.ts';
import { pythonParser } from '../../support/python.ts';
import { postgresqlParser } from '../../support/sql.ts';
import { alone } from '../../support/sql-calls.ts';
import { printChange } from '../django/print-change.ts';

export interface GivenSql {
  /** Run before, to have tables. */
  readonly before?: string;
  readonly sql: string;
  readonly database?: DatabaseKind;
  readonly placeholders?: PlaceholderStyle;
  readonly transaction?: TransactionId;
  /** The SQL stands in another file than the migration. */
  readonly elsewhere?: true;
}

/** The SQL that the name `x` is worth at the end of a Python file. */
export async function readSqlText(text: string): Promise<{ readonly sql: SqlText; readonly module: Module }> {
  const module = (await pythonParser()).read(text);
  const value = valueOfName('x', moduleScope(module, alone));
  const textOf = (each: Module): string | undefined => (each === module ? text : undefined);
  const sql = value && sqlTextOf(value, { textOf, fill: () => undefined });
  assert.ok(sql, `no SQL is known of ${text}`);
  return { sql, module };
}

/** The changes of the SQL that `x` is worth in a Python file, after the SQL before it. */
export async function changesInPython(text: string, given: Omit<GivenSql, 'sql'> = {}): Promise<readonly Change[]> {
  const { before, database = 'postgresql', placeholders = 'none' } = given;
  const parser = await postgresqlParser();
  const earlier = before === undefined ? [] : await changesInPython(`x = r"""${before}"""`, { database });
  const { sql, module } = await readSqlText(text);
  const transaction = 'transaction' in given ? given.transaction : 'shop.0002';
  const script = readScript(sql, { database, placeholders, parser });
  assert.ok(script, 'the parser is there');
  return lowerScript(script, {
    migration: 'shop.0002',
    before: earlier.reduce((schema, change) => applyChange(schema, change, 'shop.0001'), emptySchema),
    module: given.elsewhere === true ? (await pythonParser()).read('') : module,
    fallback: { start: 0, end: 1 },
    call: undefined,
    within: [],
    common: {
      applies: { state: true, database: true },
      transaction,
      certainty: 'certain',
      reverse: 'generated',
    },
    repeats: false,
    fileOf: () => undefined,
    parser,
  });
}

/** SQL in, changes out: one a line as {@link printChange} prints them, indented as one likes; `@` may begin a line. */
export async function checkSql(given: GivenSql, expected: string): Promise<void> {
  const text = `x = """\n${given.sql.replaceAll('\\', '\\\\')}\n"""`;
  const changes = await changesInPython(text, given);
  const printed = changes.map((change) => printChange(change, text)).join('\n');
  assert.equal(outdented(printed), outdented(expected), given.sql);
}

function outdented(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, '\n')
    .replaceAll('\n@ ', ' @ ')
    .trim();
}
