import assert from 'node:assert/strict';
import { pathMatcher } from '../../../server/src/base/path-pattern.ts';

function checkPattern(pattern: string, expected: { readonly yes: readonly string[]; readonly no: readonly string[] }) {
  const matches = pathMatcher([pattern], '/srv/shop');
  for (const file of expected.yes) assert.ok(matches(`/srv/shop/${file}`), `${pattern} should match ${file}`);
  for (const file of expected.no) assert.ok(!matches(`/srv/shop/${file}`), `${pattern} should not match ${file}`);
}

describe('path patterns', () => {
  it('match a name at any depth', () => {
    checkPattern('legacy', {
      yes: ['legacy/a.py', 'x/legacy/y/a.py', 'legacy'],
      no: ['legacy2/a.py', 'mylegacy/a.py'],
    });
    checkPattern('legacy/', { yes: ['x/legacy/a.py'], no: ['legacy2/a.py'] });
    checkPattern('0001_*.py', { yes: ['shop/migrations/0001_initial.py'], no: ['shop/migrations/0010_x.py'] });
  });

  it('match from the folder on where they have a slash', () => {
    checkPattern('shop/migrations', { yes: ['shop/migrations/0001.py'], no: ['x/shop/migrations/0001.py'] });
    checkPattern('/legacy', { yes: ['legacy/a.py'], no: ['x/legacy/a.py'] });
    checkPattern('./legacy', { yes: ['legacy/a.py'], no: ['x/legacy/a.py'] });
    checkPattern('*/migrations/0001_*.py', { yes: ['a/migrations/0001_x.py'], no: ['a/b/migrations/0001_x.py'] });
  });

  it('go over folders with two stars', () => {
    checkPattern('legacy/**', { yes: ['legacy/a.py', 'legacy/b/c.py'], no: ['x/legacy/a.py'] });
    checkPattern('**/migrations/0001_*', {
      yes: ['migrations/0001_x.py', 'a/b/migrations/0001_x.py'],
      no: ['a/0001_x.py'],
    });
    checkPattern('src/**/old.py', { yes: ['src/old.py', 'src/a/b/old.py'], no: ['src/older.py', 'old.py'] });
  });

  it('take letters for themselves', () => {
    checkPattern('a+b(1).py', { yes: ['a+b(1).py'], no: ['aab1.py'] });
    checkPattern('v?.py', { yes: ['v1.py'], no: ['v10.py', 'v/.py'] });
    checkPattern('v[12].py', { yes: ['v1.py'], no: ['v3.py'] });
    checkPattern('v[!12].py', { yes: ['v3.py'], no: ['v1.py'] });
    checkPattern('v[0-3x].py', { yes: ['v2.py', 'vx.py'], no: ['v4.py', 'v-.py'] });
    checkPattern('v[z-a].py', { yes: ['v[z-a].py'], no: ['vb.py'] });
    checkPattern('v[\\^].py', { yes: ['v^.py', 'v\\.py'], no: ['v1.py'] });
    checkPattern('odd[', { yes: ['odd['], no: ['odd'] });
  });

  it('say nothing of files outside the folder, and nothing without patterns', () => {
    assert.ok(!pathMatcher(['*'], '/srv/shop')('/srv/other/a.py'));
    assert.ok(pathMatcher(['*.py'], '')('a.py'));
    assert.ok(!pathMatcher([], '/srv/shop')('/srv/shop/a.py'));
  });
});
