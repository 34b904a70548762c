import { strict as assert } from 'node:assert/strict';
import { tableFreeOfEvents } from '../../../server/src/database/postgresql/pending-events.ts';
import { RunFailed } from '../driver.ts';
import { useLaboratory } from '../laboratory.ts';
import { NEWEST } from '../postgres-versions.ts';
import { type MeasuredStatement, RESET, stepsOf, TABLES } from './check-statement.ts';
import { factStatements } from './fact-statements.ts';

/** A foreign key that is checked when the transaction ends, as Django makes them. */
const DEFERRED = 'ALTER TABLE t ADD COLUMN later int REFERENCES p DEFERRABLE INITIALLY DEFERRED';
/** Leaves such a check behind. */
const WRITE = 'UPDATE t SET later = 2 WHERE id = 1';

const others: readonly MeasuredStatement[] = [
  { sql: 'CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()' },
  { sql: 'ALTER TABLE t DISABLE TRIGGER ALL' },
  { sql: 'ALTER TABLE t RENAME COLUMN c TO d' },
  { sql: 'ALTER TABLE t RENAME TO u' },
  { sql: 'LOCK TABLE t' },
  { sql: 'CREATE TABLE u (id int REFERENCES t)' },
  { sql: 'CREATE VIEW u AS SELECT * FROM t' },
];

describe('proof: statements behind a row whose foreign key is still to be checked', () => {
  for (const statement of [...Object.values(factStatements), ...others]) {
    const { given = [], sql, since = 0 } = statement;
    // Without the table there is no row.
    if (given.includes('DROP TABLE t') || since > NEWEST) continue;
    it([...given, sql].join('; '), () => checkPending(given, sql));
  }
});

async function checkPending(given: readonly string[], sql: string): Promise<void> {
  const { driver } = await useLaboratory();
  const setup = [...TABLES, ...given, DEFERRED];
  const session = { database: 'postgres' };
  await driver.run(session, [{ do: 'execute', sql: [...RESET, ...setup] }]);
  const refusal = await driver
    .run(session, [{ do: 'execute', sql: ['BEGIN', WRITE, sql, 'ROLLBACK'] }])
    .then(() => undefined, messageOf);
  const steps = await stepsOf(NEWEST, setup, sql, 'one');
  const told = steps.some(({ change }) => tableFreeOfEvents(change)?.name === 't');
  const isRefused = refusal?.includes('because it has pending trigger events') === true;
  if (refusal !== undefined && !isRefused) {
    assert.match(refusal, /cannot (?:run inside|be executed from) a transaction block|cannot run inside/, sql);
  }
  assert.equal(told, isRefused, `${sql}: ${refusal ?? 'runs'}`);
}

function messageOf(error: unknown): string {
  assert.ok(error instanceof RunFailed, String(error));
  return error.message;
}
