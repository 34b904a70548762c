import assert from 'node:assert/strict';
import type { TextEdit } from '../../../server/src/base/text-edit.ts';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { setKeyword } from '../../../server/src/fixes/edits/arguments.ts';
import { importLines, importModule, importName } from '../../../server/src/fixes/edits/imports.ts';
import type { ListSite } from '../../../server/src/fixes/edits/list-items.ts';
import {
  insertItems,
  removeItem,
  removeItemKeepingComments,
  replaceItem,
} from '../../../server/src/fixes/edits/list-items.ts';
import type { CallExpression, Module, SequenceExpression } from '../../../server/src/syntax/module.ts';
import type { PythonParser } from '../../../server/src/syntax/parser.ts';
import { pythonParser } from '../../support/python.ts';

let parser: PythonParser;

before(async () => {
  parser = await pythonParser();
});

/** Applies the edits that `edit` makes of the first assigned list, for LF and for CRLF files. */
function checkList(text: string, edit: (site: ListSite) => TextEdit, expected: string): void {
  check(text, (module, source) => [edit(listOf(module, source))], expected);
}

function checkCall(
  text: string,
  edit: (call: CallExpression, module: Module, text: string) => TextEdit,
  expected: string,
) {
  check(
    text,
    (module, source) => {
      const [statement] = module.body;
      assert(statement?.kind === 'expression' && statement.value.kind === 'call');
      return [edit(statement.value, module, source)];
    },
    expected,
  );
}

function check(text: string, edits: (module: Module, text: string) => readonly TextEdit[], expected: string): void {
  const after = applyEdits(text, edits(parser.read(text), text));
  assert.equal(after, expected);
  assert.deepEqual(parser.read(after).broken, []);
  const windows = text.replaceAll('\n', '\r\n');
  const windowsAfter = applyEdits(windows, edits(parser.read(windows), windows));
  assert.equal(windowsAfter, expected.replaceAll('\n', '\r\n'));
}

function listOf(module: Module, text: string): ListSite {
  const statement = module.body.find((each) => each.kind === 'assign');
  assert(statement?.kind === 'assign' && statement.value.kind === 'list');
  const list: SequenceExpression = statement.value;
  return { text, module, span: list.span, items: list.items };
}

describe('editing the items of a list', () => {
  it('takes the lines of an item away, with the comments that belong to it', () => {
    checkList(
      'x = [\n    a(),\n    # about b\n    b(),  # really\n    c(),\n]\n',
      (site) => removeItem(site, 1),
      'x = [\n    a(),\n    c(),\n]\n',
    );
  });

  it('takes an item away and keeps what is said about it', () => {
    checkList(
      'x = [\n    # about a\n    a(),\n    # about b\n    b(),  # really\n    c(),\n]\n',
      (site) => removeItemKeepingComments(site, 1),
      'x = [\n    # about a\n    a(),\n    # about b\n    # really\n    c(),\n]\n',
    );
    checkList(
      'x = [\n    # about a\n    a(),\n    b(),\n]\n',
      (site) => removeItemKeepingComments(site, 0),
      'x = [\n    # about a\n    b(),\n]\n',
    );
    checkList('x = [a(), b()]\n', (site) => removeItemKeepingComments(site, 1), 'x = [a()]\n');
  });

  it('takes the last of several items away', () => {
    checkList('x = [\n    a(),\n    b()\n]\n', (site) => removeItem(site, 1), 'x = [\n    a(),\n]\n');
    checkList('x = [a(), b()]\n', (site) => removeItem(site, 1), 'x = [a()]\n');
    checkList('x = [a(), b(),]\n', (site) => removeItem(site, 0), 'x = [b(),]\n');
  });

  it('takes the only item away', () => {
    checkList('x = [a()]\n', (site) => removeItem(site, 0), 'x = []\n');
    checkList('x = [\n    a(),\n]\n', (site) => removeItem(site, 0), 'x = [\n]\n');
  });

  it('appends with and without a trailing comma', () => {
    checkList('x = [\n    a(),\n]\n', (site) => insertItems(site, 1, ['b()']), 'x = [\n    a(),\n    b(),\n]\n');
    checkList('x = [\n    a()\n]\n', (site) => insertItems(site, 1, ['b()']), 'x = [\n    a(),\n    b(),\n]\n');
    checkList('x = [a()]\n', (site) => insertItems(site, 1, ['b()']), 'x = [a(), b()]\n');
    checkList(
      'x = [\n    a(),  # first\n]\n',
      (site) => insertItems(site, 1, ['b()']),
      'x = [\n    a(),  # first\n    b(),\n]\n',
    );
    checkList(
      'x = [\n    a()  # first\n]\n',
      (site) => insertItems(site, 1, ['b()']),
      'x = [\n    a(),  # first\n    b(),\n]\n',
    );
  });

  it('fills an empty list', () => {
    checkList('x = []\n', (site) => insertItems(site, 0, ['a()']), 'x = [\n    a(),\n]\n');
  });

  it('inserts before an item and its comments', () => {
    checkList(
      'x = [\n    # about b\n    b(),\n]\n',
      (site) => insertItems(site, 0, ['a()']),
      'x = [\n    a(),\n    # about b\n    b(),\n]\n',
    );
    checkList('x = [b()]\n', (site) => insertItems(site, 0, ['a()']), 'x = [a(), b()]\n');
  });

  it('replaces an item and keeps what is around it', () => {
    checkList(
      'x = [\n    # about a\n    a(),  # really\n]\n',
      (site) => replaceItem(site, 0, 'b()'),
      'x = [\n    # about a\n    b(),  # really\n]\n',
    );
  });
});

describe('editing the arguments of a call', () => {
  const set = (name: string, value: string) => (call: CallExpression, module: Module, text: string) =>
    setKeyword({ text, module, call }, name, value);

  it('adds a keyword on the line of the others', () => {
    checkCall('f(a, b=1)\n', set('c', '2'), 'f(a, b=1, c=2)\n');
    checkCall('f()\n', set('c', '2'), 'f(c=2)\n');
  });

  it('adds a keyword on a line of its own', () => {
    checkCall('f(\n    a,\n    b=1,  # one\n)\n', set('c', '2'), 'f(\n    a,\n    b=1,  # one\n    c=2,\n)\n');
    checkCall('f(\n    a,\n    b=1\n)\n', set('c', '2'), 'f(\n    a,\n    b=1,\n    c=2,\n)\n');
  });

  it('changes the value that is there', () => {
    checkCall('f(a, c=1)\n', set('c', '2'), 'f(a, c=2)\n');
  });
});

describe('adding imports', () => {
  const name = (from: string, imported: string) => (module: Module, text: string) =>
    importName(text, module, from, imported).edits;

  it('uses what the file has', () => {
    const text = 'from django.db import migrations as m\n';
    assert.deepEqual(importName(text, parser.read(text), 'django.db', 'migrations'), { name: 'm', edits: [] });
  });

  it('extends the line of the same module, in order', () => {
    check(
      'from django.db import models\n',
      name('django.db', 'migrations'),
      'from django.db import migrations, models\n',
    );
    check(
      'from django.db import migrations\n',
      name('django.db', 'models'),
      'from django.db import migrations, models\n',
    );
  });

  it('puts a new line where isort would', () => {
    check(
      'from django.db import migrations\n\n\nclass A:\n    pass\n',
      name('django.contrib.postgres.operations', 'AddIndexConcurrently'),
      'from django.contrib.postgres.operations import AddIndexConcurrently\nfrom django.db import migrations\n\n\nclass A:\n    pass\n',
    );
    check(
      'from django.db import migrations\n',
      (module, text) => importModule(text, module, 'os').edits,
      'import os\n\nfrom django.db import migrations\n',
    );
    check(
      'import re\n\nfrom django.db import migrations\n',
      (module, text) => importModule(text, module, 'os').edits,
      'import os\nimport re\n\nfrom django.db import migrations\n',
    );
    check(
      'import os\n\nfrom django.db import migrations\n',
      (module, text) => importModule(text, module, 'uuid').edits,
      'import os\nimport uuid\n\nfrom django.db import migrations\n',
    );
  });

  it('stands behind the docstring of a file without imports', () => {
    check(
      '"""What it does."""\nx = 1\n',
      name('django.db', 'models'),
      '"""What it does."""\n\nfrom django.db import models\nx = 1\n',
    );
  });

  it('does not add what is there', () => {
    const text = 'import uuid\nfrom django.db import migrations, models\n';
    const lines = ['import uuid', 'from django.db import models'];
    assert.deepEqual(importLines(text, parser.read(text), lines), []);
  });
});
