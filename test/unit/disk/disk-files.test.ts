import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { diskFiles, mayMatter, type UnreadableFolder } from '../../../server/src/disk/disk-files.ts';
import { toFilePath } from '../../../server/src/disk/native-path.ts';
import { projectRootOf } from '../../../server/src/disk/project-root.ts';
import { createTextFile, replaceTextFile } from '../../../server/src/disk/text-file.ts';
import { type DiskProject, writeDiskProject } from '../../support/disk-project.ts';

let project: DiskProject;

function write(files: string): void {
  project = writeDiskProject(files);
}

function listed(): readonly string[] {
  const root = toFilePath(project.folder);
  const unreadable: UnreadableFolder[] = [];
  const files = diskFiles(root, (folder) => unreadable.push(folder)).list();
  assert.deepEqual(unreadable, []);
  return files.map((file) => file.slice(root.length + 1)).sort();
}

describe('the files of a disk', () => {
  afterEach(() => project.dispose());

  it('are Python files and those that say what the project runs on', () => {
    write('# file: a.py\n# file: b.txt\n# file: pyproject.toml\n# file: requirements/base.txt\n# file: x/c.py\n');
    assert.deepEqual(listed(), ['a.py', 'pyproject.toml', 'requirements/base.txt', 'x/c.py']);
  });

  it('are not those of tools and environments', () => {
    write('# file: .git/a.py\n# file: node_modules/a.py\n# file: env/pyvenv.cfg\n# file: env/lib/a.py\n# file: b.py\n');
    assert.deepEqual(listed(), ['b.py']);
  });

  it('are found once, whatever links lead to them', () => {
    write('# file: a/b.py\n');
    symlinkSync('..', project.pathOf('a/up'));
    symlinkSync('b.py', project.pathOf('a/c.py'));
    assert.deepEqual(listed(), ['a/b.py', 'a/c.py']);
  });

  it('are the same that a watcher is listened to about', () => {
    write('# file: env/pyvenv.cfg\n# file: env/a.py\n# file: shop/a.py\n');
    const root = toFilePath(project.folder);
    const matters = (file: string) => mayMatter(`${root}/${file}`, root);
    assert.deepEqual(['shop/a.py', 'env/a.py', 'node_modules/x/a.py', 'shop/a.txt', 'pyproject.toml'].map(matters), [
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('say when a folder cannot be listed', () => {
    write('# file: a.py\n');
    const unreadable: UnreadableFolder[] = [];
    const gone = toFilePath(project.pathOf('gone'));
    assert.deepEqual(diskFiles(gone, (folder) => unreadable.push(folder)).list(), []);
    assert.equal(unreadable[0]?.folder, gone);
  });

  it('keep their byte order mark, and are not overwritten by new ones', () => {
    write('# file: a.py\n');
    project.write('a.py', '\uFEFFone');
    replaceTextFile(project.pathOf('a.py'), 'two');
    assert.equal(project.read('a.py'), '\uFEFFtwo');
    assert.throws(() => createTextFile(project.pathOf('a.py'), 'three'), { code: 'EEXIST' });
    assert.equal(project.read('a.py'), '\uFEFFtwo');
  });
});

describe('the root of a project', () => {
  afterEach(() => project.dispose());

  const rootFrom = (path: string) => {
    const root = projectRootOf(toFilePath(project.pathOf(path)));
    return root.slice(toFilePath(project.folder).length + 1) || '.';
  };

  it('is the repository', () => {
    write('# file: repo/.git/HEAD\n# file: repo/backend/manage.py\n# file: repo/backend/shop/migrations/0001.py\n');
    assert.equal(rootFrom('repo/backend/shop/migrations/0001.py'), 'repo');
  });

  it('is, outside of one, the outermost folder with the mark of a project', () => {
    write('# file: site/pyproject.toml\n# file: site/src/manage.py\n# file: site/src/shop/migrations/0001.py\n');
    assert.equal(rootFrom('site/src/shop/migrations/0001.py'), 'site');
    assert.equal(rootFrom('site/src'), 'site');
  });

  it('is, where nothing marks it, the outermost package', () => {
    write('# file: x/shop/__init__.py\n# file: x/shop/migrations/__init__.py\n# file: x/shop/migrations/0001.py\n');
    assert.equal(rootFrom('x/shop/migrations/0001.py'), 'x/shop');
    assert.equal(rootFrom('x'), 'x');
  });
});
