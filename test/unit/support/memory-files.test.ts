import assert from 'node:assert/strict';
import { filesText, memoryFiles, readFiles } from '../../support/memory-files.ts';

describe('several files in one text', () => {
  it('takes each file from its header to the next', () => {
    const files = readFiles(`
      # file: shop/models.py
      class Order:
          pass

      # file: shop/__init__.py
      # file: manage.py
      main()
      `);
    assert.deepEqual(
      [...files],
      [
        ['shop/models.py', 'class Order:\n    pass\n\n'],
        ['shop/__init__.py', ''],
        ['manage.py', 'main()\n'],
      ],
    );
  });

  it('rejects text that belongs to no file and files given twice', () => {
    assert.throws(() => readFiles('import os\n# file: a.py\n'), /before the first/);
    assert.throws(() => readFiles('# file: a.py\n# file: a.py\n'), /given twice/);
  });

  it('writes the same text again, in name order', () => {
    assert.equal(filesText(readFiles('# file: b.py\nb\n# file: a.py\na\n')), '# file: a.py\na\n# file: b.py\nb\n');
  });

  it('changes, loses and spoils files, and remembers what was read', () => {
    const files = memoryFiles('# file: a.py\nx = 1\n');
    files.write('b.py', 'y = 2\n');
    assert.deepEqual(files.list(), ['a.py', 'b.py']);
    files.remove('a.py');
    files.spoil('b.py', 'no permission');
    assert.deepEqual(files.read('a.py'), { kind: 'missing' });
    assert.deepEqual(files.read('b.py'), { kind: 'unreadable', reason: 'no permission' });
    assert.deepEqual(files.reads, ['a.py', 'b.py']);
  });
});
