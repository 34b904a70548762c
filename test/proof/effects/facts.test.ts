import { strict as assert } from 'node:assert/strict';
import { facts, type StatementFact, type Work } from '../../../server/src/database/postgresql/facts.ts';
import type { Measurement } from '../driver.ts';
import { useLaboratory } from '../laboratory.ts';
import { factStatements, TABLES } from './fact-statements.ts';
import { modeOf } from './lock-mode.ts';

describe('proof: the lock table against PostgreSQL 18', () => {
  for (const name of Object.keys(facts) as readonly (keyof typeof facts)[]) {
    it(facts[name].statement, async () => {
      const { given = [], sql } = factStatements[name];
      const { driver } = await useLaboratory();
      const [, measurement] = await driver.run({ database: 'postgres' }, [
        { do: 'execute', sql: [...TABLES, ...given] },
        { do: 'measure', sql },
      ]);
      assert.deepEqual(seen(measurement), told(facts[name]));
    });
  }
});

/** The row, in the words of the measurement. */
function told({ lock, lockOnReferenced, work }: StatementFact) {
  return { lock, lockOnReferenced, work: work === 'rows' ? 'catalog' : work };
}

function seen(measurement: Measurement) {
  const { t, p } = measurement.locks;
  return { lock: modeOf(t), lockOnReferenced: modeOf(p), work: workOf(measurement) };
}

/** The dearest thing that the statement did to the whole table. Writing a few rows is none. */
function workOf({ rewrites, builds, scans }: Measurement): Work {
  if (rewrites.length > 0) return 'rewrite';
  if (builds.length > 0) return 'index';
  return scans.length > 0 ? 'scan' : 'catalog';
}
