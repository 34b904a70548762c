import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSmallProject, type Gate, type Verdict } from './small-project.ts';

interface Violation {
  /** The folder below planted/. */
  readonly name: string;
  readonly gate: Gate;
  /** What the gate says about it: where, and which check. */
  readonly says: readonly RegExp[];
}

const gates: readonly Gate[] = ['types', 'lint', 'dead-code', 'generated'];

const violations: readonly Violation[] = [
  { name: 'upward-import', gate: 'lint', says: [/base\/span\.ts:1:/, /noRestrictedImports/] },
  { name: 'engine-in-client', gate: 'lint', says: [/client\/src\/node\.ts:2:/, /noRestrictedImports/] },
  { name: 'import-cycle', gate: 'lint', says: [/base\/span\.ts:1:/, /base\/line\.ts:1:/, /noImportCycles/] },
  { name: 'node-module-in-engine', gate: 'lint', says: [/engine\/check\.ts:1:/, /noNodejsModules/] },
  {
    name: 'node-module-in-engine',
    gate: 'types',
    says: [/engine\/check\.ts/, /node:fs/, /tsconfig\.engine\.json has/],
  },
  {
    name: 'node-global-in-engine',
    gate: 'types',
    says: [/engine\/check\.ts/, /'Buffer'/, /tsconfig\.engine\.json has/],
  },
  { name: 'dom-type-in-engine', gate: 'types', says: [/engine\/check\.ts/, /'HTMLElement'/] },
  { name: 'timer-in-engine', gate: 'types', says: [/engine\/check\.ts/, /'setTimeout'/] },
  { name: 'node-module-in-web-server', gate: 'types', says: [/lsp\/web\.ts/, /node:fs/] },
  { name: 'unchecked-index', gate: 'types', says: [/cli\/main\.ts/, /'string \| undefined'/] },
  { name: 'type-only-syntax', gate: 'types', says: [/cli\/main\.ts/, /erasableSyntaxOnly/] },
  { name: 'type-only-syntax', gate: 'lint', says: [/cli\/main\.ts/, /noEnum/] },
  { name: 'console-in-server', gate: 'lint', says: [/lsp\/node\.ts:4:/, /noConsole/] },
  { name: 'floating-promise', gate: 'lint', says: [/lsp\/node\.ts:8:/, /noFloatingPromises/] },
  { name: 'empty-catch', gate: 'lint', says: [/lsp\/node\.ts:6:/, /noEmptyBlockStatements/] },
  { name: 'explicit-any', gate: 'lint', says: [/cli\/main\.ts:3:/, /noExplicitAny/] },
  { name: 'focused-test', gate: 'lint', says: [/test\/unit\/span\.test\.ts:5:/, /noFocusedTests/] },
  { name: 'unformatted', gate: 'lint', says: [/cli\/main\.ts format/] },
  { name: 'dead-file', gate: 'dead-code', says: [/Unused files/, /engine\/forgotten\.ts/] },
  { name: 'dead-export', gate: 'dead-code', says: [/Unused exports/, /isEmpty/] },
  { name: 'edited-registry', gate: 'generated', says: [/rules\/registry\.ts is out of date/] },
  { name: 'page-of-a-removed-rule', gate: 'generated', says: [/docs\/rules\/no-such-rule\.md is out of date/] },
  { name: 'rule-left-out-of-registry', gate: 'generated', says: [/rules\/registry\.ts is out of date/] },
];

describe('the gates', () => {
  for (const gate of gates) {
    it(`${gate} lets a clean project through`, () =>
      judge(gate, undefined, ({ passed, output }) => assert.ok(passed, output)));
  }

  for (const { name, gate, says } of violations) {
    it(`${gate} rejects ${name}`, () =>
      judge(gate, name, ({ passed, output }) => {
        assert.ok(!passed, `${gate} let it through`);
        for (const expected of says) assert.match(output, expected);
      }));
  }

  it('reject every violation that is planted', () => {
    const planted = readdirSync(join(import.meta.dirname, 'planted')).filter((name) => name !== 'clean');
    assert.deepEqual([...new Set(violations.map(({ name }) => name))].sort(), planted.sort());
  });
});

async function judge(gate: Gate, violation: string | undefined, expect: (verdict: Verdict) => void): Promise<void> {
  const project = await createSmallProject();
  try {
    await project.plant('clean');
    // Everything is up to date before the violation is planted: it alone is to blame for what the gate says.
    if (gate === 'generated') await project.generate();
    if (violation !== undefined) await project.plant(violation);
    expect(await project.run(gate));
  } finally {
    await project.remove();
  }
}
