import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGrammarTestCase, runGrammarTestCase, type TestFailure } from 'vscode-tmgrammar-test/dist/unit/index.js';
import { pythonWithSql } from './python-grammar.ts';

const folder = join(import.meta.dirname, 'cases');

/** What `vscode-tmgrammar-test` runs: each file says below a line what stands in it. */
describe('SQL in Python is highlighted', () => {
  const registry = pythonWithSql();
  for (const name of readdirSync(folder).sort()) {
    const testCase = parseGrammarTestCase(readFileSync(join(folder, name), 'utf8'));
    it(`${testCase.metadata.description} (${name})`, async () => {
      const failures = await runGrammarTestCase(registry, testCase);
      assert(testCase.assertions.length > 0);
      assert.equal(failures.map((failure) => written(failure, testCase.source)).join('\n'), '');
    });
  }
});

function written({ srcLine, start, end, missing, unexpected, actual }: TestFailure, source: readonly string[]): string {
  const text = source[srcLine]?.slice(start, end);
  const wrong = [...missing.map((scope) => `no ${scope}`), ...unexpected.map((scope) => `unwanted ${scope}`)];
  return `${source[srcLine]}\n  "${text}": ${wrong.join(', ')} in ${actual.join(' ')}`;
}
