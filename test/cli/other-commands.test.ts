import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { rules } from '../../server/src/rules/registry.ts';
import { rulePage } from '../../server/src/rules/rule-page.ts';
import { stepwise } from './stepwise.ts';

const folder = import.meta.dirname;

describe('stepwise', () => {
  it('tells its version', async () => {
    assert.deepEqual(await stepwise(folder, '--version'), { code: 0, output: `${manifest.version}\n`, errors: '' });
  });

  it('tells what it can do, with and without being asked', async () => {
    const { code, output } = await stepwise(folder, '--help');
    assert.match(output, /check \[paths…\]/);
    assert.equal(code, 0);
    assert.deepEqual(await stepwise(folder), { code: 0, output, errors: '' });
  });

  it('tells what each command can do', async () => {
    for (const command of ['check', 'fix', 'sql', 'owed', 'explain', 'rules', 'lsp']) {
      const { code, output } = await stepwise(folder, command, '--help');
      assert.match(output, new RegExp(`^Usage: stepwise ${command}\\b`));
      assert.equal(code, 0);
    }
  });

  it('explains a rule with its page', async () => {
    for (const rule of rules.slice(0, 2)) {
      assert.deepEqual(await stepwise(folder, 'explain', rule.name), { code: 0, output: rulePage(rule), errors: '' });
    }
  });

  it('lists the rules', async () => {
    const { code, output } = await stepwise(folder, 'rules');
    const lines = output.trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => line.split(/\s+/).slice(0, 2)),
      rules.map(({ name, level }) => [name, level]),
    );
    assert.equal(code, 0);
  });

  it('does not complain when nobody reads on', async () => {
    const cli = join(folder, '..', '..', 'dist', 'cli.mjs');
    const child = spawn(process.execPath, [cli, 'explain', 'drop-table'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    assert.deepEqual([code, errors], [0, '']);
  });
});
