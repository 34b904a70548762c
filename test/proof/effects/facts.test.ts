import { strict as assert } from 'node:assert/strict';
import { facts } from '../../../server/src/database/postgresql/facts.ts';
import { statementsOf } from '../../../server/src/database/postgresql/statements.ts';
import { stopOlderPostgres } from '../older-postgres.ts';
import { NEWEST, VERSIONS } from '../postgres-versions.ts';
import { checkStatement } from './check-statement.ts';
import { factStatements } from './fact-statements.ts';

const older = VERSIONS.filter((major) => major !== NEWEST);

describe(`proof: the lock table against PostgreSQL ${VERSIONS.join(', ')}, from SQL text`, () => {
  after('stop the older ones', () => Promise.all(older.map(stopOlderPostgres)));

  for (const name of Object.keys(facts) as readonly (keyof typeof facts)[]) {
    const statement = factStatements[name];
    // The row of a release that cannot be had here is told of none.
    const told = VERSIONS.findLastIndex((major) => major <= (statement.until ?? NEWEST));

    it(facts[name].statement, async () => {
      const steps = await Promise.all(VERSIONS.map((major) => checkStatement(statement, major)));
      if (told < 0) return;
      const reached = steps[told]?.flatMap(({ change, setting }) => statementsOf(change, setting));
      const rows = reached?.map(({ fact }) => fact.statement) ?? [];
      assert.ok(rows.includes(facts[name].statement), `it is told by ${rows.join(' and ')}`);
    });
  }
});
