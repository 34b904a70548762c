import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Suite } from '../../scripts/suites.mjs';

const RUNNER = pathToFileURL(join(import.meta.dirname, '..', '..', 'scripts', 'run-suites.mjs')).href;

const files = {
  'good.test.mjs': `it('a', () => {}); it('b', () => {});`,
  'bad.test.mjs': `it('a', () => {}); it('b', () => { throw new Error('no'); });`,
  'pending.test.mjs': `it('a', () => {}); it('b');`,
  'only.test.mjs': `it('a', () => {}); it.only('b', () => {});`,
  'broken.test.mjs': `import './missing.mjs';`,
  'dying.test.mjs': `it('a', () => { setTimeout(() => process.exit(0)); }); it('b', (done) => setTimeout(done, 500));`,
  'leaving.test.mjs': `it('a', () => {}); process.on('exit', () => process.exit(3));`,
  'counting.mjs': `import { writeFileSync } from 'node:fs';
    writeFileSync(process.env.STEPWISE_SUITE_COUNTS, JSON.stringify({ passed: 5, failed: 0 }));
    process.exitCode = Number(process.argv[2]);`,
};

describe('the runner of the suites', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stepwise-suites-'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const run = (lanes: readonly (readonly Suite[])[]): readonly string[] => {
    const script = `import { runSuites } from '${RUNNER}';
      const { passed, failed } = await runSuites(${JSON.stringify(lanes)}, process.cwd());
      console.log('\\n' + JSON.stringify({ passed, failed }));`;
    const args = ['--input-type=module', '--eval', script];
    const output = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return output.split('\n').filter((line) => line !== '');
  };

  const check = (suite: Omit<Suite, 'name'>, expected: { readonly passed: number; readonly failed: number }) => {
    const output = run([[{ name: 'it', ...suite }]]);
    assert.deepEqual(JSON.parse(output.at(-1) ?? ''), expected, output.join('\n'));
  };

  it('counts what passed and failed', () => {
    check({ tests: ['good.test.mjs'] }, { passed: 2, failed: 0 });
    check({ tests: ['bad.test.mjs', 'good.test.mjs'] }, { passed: 3, failed: 1 });
    check({ tests: ['*.test.mjs'], except: ['[!g]*.test.mjs'] }, { passed: 2, failed: 0 });
  });

  it('takes a test that did not run for a failed one', () => {
    check({ tests: ['pending.test.mjs'] }, { passed: 1, failed: 1 });
    check({ tests: ['only.test.mjs'] }, { passed: 0, failed: 1 });
  });

  it('takes a suite that could not run for a failed one', () => {
    check({ tests: ['broken.test.mjs'] }, { passed: 0, failed: 1 });
    check({ tests: ['none.test.mjs'] }, { passed: 0, failed: 1 });
    check({ tests: ['dying.test.mjs'] }, { passed: 0, failed: 1 });
    check({ tests: ['leaving.test.mjs'] }, { passed: 1, failed: 1 });
  });

  it('takes the exit code of a command, or what it counted itself', () => {
    check({ command: ['--eval', '0'] }, { passed: 1, failed: 0 });
    check({ command: ['--eval', 'process.exit(1)'] }, { passed: 0, failed: 1 });
    check({ command: ['counting.mjs', '0'] }, { passed: 5, failed: 0 });
    check({ command: ['counting.mjs', '1'] }, { passed: 5, failed: 1 });
  });

  it('runs lanes beside each other, and keeps their outputs apart', () => {
    // Each waits for the other one to begin.
    const meet = (own: string, other: string) => `
      import { existsSync, writeFileSync } from 'node:fs';
      console.log('${own} begins');
      writeFileSync('${own}', '');
      while (!existsSync('${other}')) await new Promise((done) => setTimeout(done, 10));
      console.log('${own} ends');`;
    const suite = (name: string, other: string): Suite => ({
      name,
      command: ['--input-type=module', '--eval', meet(name, other)],
    });
    const output = run([[suite('one', 'two')], [suite('two', 'one'), { name: 'three', command: ['--eval', '0'] }]]);
    assert.deepEqual(output, [
      ...['── one', 'one begins', 'one ends', '── two', 'two begins', 'two ends', '── three'],
      JSON.stringify({ passed: 3, failed: 0 }),
    ]);
  });
});
