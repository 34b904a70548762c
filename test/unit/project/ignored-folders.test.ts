import assert from 'node:assert/strict';
import { withoutIgnored } from '../../../server/src/project/ignored-folders.ts';

function checkKept(root: string, files: readonly string[], expected: readonly string[]): void {
  assert.deepEqual(withoutIgnored(files, root), expected);
}

describe('folders without source of the project', () => {
  it('are those of tools', () => {
    const tools = [
      '.git/a.py',
      '.tox/x/a.py',
      'web/node_modules/gyp/a.py',
      'lib/site-packages/a.py',
      'x.egg-info/a.py',
    ];
    checkKept('', [...tools, 'shop/models.py'], ['shop/models.py']);
  });

  it('are virtual environments of any name', () => {
    checkKept('', ['py3/pyvenv.cfg', 'py3/lib/a.py', 'venv/lib/a.py', 'shop/a.py'], ['shop/a.py']);
  });

  it('are build folders, but not packages that are called so', () => {
    checkKept('', ['build/lib/shop/a.py', 'dist/a.py'], []);
    checkKept('', ['build/__init__.py', 'build/migrations/0001.py'], ['build/__init__.py', 'build/migrations/0001.py']);
  });

  it('are looked for below the root only', () => {
    checkKept('/home/me/.work/build', ['/home/me/.work/build/shop/a.py'], ['/home/me/.work/build/shop/a.py']);
  });
});
