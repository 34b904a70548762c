import { strict as assert } from 'node:assert/strict';
import { facts } from '../../../server/src/database/postgresql/facts.ts';
import { statementsOf } from '../../../server/src/database/postgresql/statements.ts';
import { checkStatement } from './check-statement.ts';
import { factStatements } from './fact-statements.ts';

describe('proof: the lock table against PostgreSQL 18, from SQL text', () => {
  for (const name of Object.keys(facts) as readonly (keyof typeof facts)[]) {
    it(facts[name].statement, async () => {
      const steps = await checkStatement(factStatements[name]);
      const reached = steps.flatMap(({ change, setting }) => statementsOf(change, setting));
      const rows = reached.map(({ fact }) => fact.statement);
      assert.ok(rows.includes(facts[name].statement), `it is told by ${rows.join(' and ')}`);
    });
  }
});
