import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unifiedDiff } from '../../../server/src/cli/unified-diff.ts';

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\n`);
}

/** Applies the patch with git and compares: whatever the diff looks like, it has to be right. */
function checkApplies(before: string | undefined, after: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'stepwise-diff-'));
  try {
    if (before !== undefined) writeFileSync(join(folder, 'file.py'), before);
    const patch = unifiedDiff(before, after, 'file.py');
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch });
    assert.equal(readFileSync(join(folder, 'file.py'), 'utf8'), after, patch);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A reproducible sequence of numbers below `limit`. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % limit;
  };
}

describe('unifiedDiff', () => {
  it('shows a change with three lines around it', () => {
    const before = numbered(10);
    const after = before.with(4, 'changed\n');
    assert.equal(
      unifiedDiff(before.join(''), after.join(''), 'shop/a.py'),
      [
        '--- a/shop/a.py',
        '+++ b/shop/a.py',
        '@@ -2,7 +2,7 @@',
        ' line 2',
        ' line 3',
        ' line 4',
        '-line 5',
        '+changed',
        ' line 6',
        ' line 7',
        ' line 8',
        '',
      ].join('\n'),
    );
  });

  it('makes distant changes hunks of their own', () => {
    const before = numbered(40);
    const after = before.with(2, 'a\n').with(35, 'b\n');
    assert.equal(unifiedDiff(before.join(''), after.join(''), 'a.py').match(/^@@/gm)?.length, 2);
  });

  it('creates a file', () => {
    assert.equal(unifiedDiff(undefined, 'x\ny\n', 'a.py'), '--- /dev/null\n+++ b/a.py\n@@ -0,0 +1,2 @@\n+x\n+y\n');
    checkApplies(undefined, 'x\ny\n');
  });

  it('says when the last line has no line break', () => {
    assert.match(unifiedDiff('x', 'x\n', 'a.py'), /-x\n\\ No newline at end of file\n\+x\n$/);
    checkApplies('a\nb', 'a\nc');
  });

  it('keeps carriage returns', () => checkApplies('a\r\nb\r\nc\r\n', 'a\r\nx\r\nc\r\n'));

  it('applies, whatever changed', () => {
    const random = randomNumbers(7);
    for (let round = 0; round < 30; round++) {
      const before = Array.from({ length: 1 + random(60) }, () => `${random(8)}\n`);
      const after = before.flatMap((line) => [[line], [line], [line], [], [line, `${random(8)}\n`]][random(5)] ?? []);
      if (before.join('') !== after.join('') && after.length > 0) checkApplies(before.join(''), after.join(''));
    }
  });

  it('is quick on long files that change at both ends', () => {
    const before = numbered(50_000);
    const started = performance.now();
    const diff = unifiedDiff(before.join(''), ['first\n', ...before, 'last\n'].join(''), 'a.py');
    assert.equal(diff.match(/^\+(?!\+)/gm)?.length, 2);
    assert.ok(performance.now() - started < 2000);
  });
});
