import assert from 'node:assert/strict';
import { Parser, Tree } from 'web-tree-sitter';
import type { AssignStatement, Module, SequenceExpression } from '../../../server/src/syntax/module.ts';
import type { OpenDocument, PythonParser } from '../../../server/src/syntax/parser.ts';
import { pythonParser } from '../../support/python.ts';
import { seededRandom } from '../../support/random.ts';
import { assertSpansNest } from '../../support/spans.ts';
import { samples } from './samples.ts';

/** What people type, paste and leave behind while they edit. */
const snippets = [
  ...'()[]{}"\' ,.=:#a@*;\\',
  '"""',
  "'''",
  '\n',
  '\n    ',
  '\n        ',
  '\r\n',
  '\t',
  'x = ',
  'migrations.',
  'migrations.AddField(',
  'def f(',
  'class A:\n',
  'if x:\n',
  'elif y:\n',
  'else:\n',
  'try:\n',
  'for ',
  'not ',
  'yield ',
  'lambda ',
  'f"{',
  'r"',
  ':=',
  'from x import ',
  '<<<<<<< a\n',
  '=======\n',
  '>>>>>>> b\n',
  'é',
  '😀',
  '\\\n',
];

describe('an open document', () => {
  let python: PythonParser;

  before(async () => {
    python = await pythonParser();
  });

  /** Reading after edits gives what reading the text anew gives, with every span where it belongs. */
  function checkEdits(text: string, seed: number, edits: number): void {
    const random = seededRandom(seed);
    const document = python.open(text);
    assert.deepEqual(document.module, python.read(text));
    for (let count = 0; count < edits; count++) {
      const start = random(document.text.length + 1);
      const end = Math.min(document.text.length, start + (random(3) === 0 ? random(30) : 0));
      const newText = random(4) === 0 ? '' : (snippets[random(snippets.length)] ?? '');
      document.edit({ span: { start, end }, newText });
      if (random(4) === 0) continue;
      assert.deepEqual(document.module, python.read(document.text), `seed ${seed}, edit ${count}`);
      assertSpansNest(document.module, { start: 0, end: document.text.length });
      if (random(10) === 0) document.replaceText(text);
    }
  }

  it('reads the same after edits as anew', function () {
    this.timeout(60_000);
    for (const [index, text] of samples.entries())
      for (let seed = 1; seed <= 4; seed++) checkEdits(text, seed * 7 + index, 20);
  });

  it('reads every prefix of a file', function () {
    this.timeout(60_000);
    for (const text of samples) {
      const document = python.open('');
      for (let end = 0; end <= text.length; end += 3) {
        document.replaceText(text.slice(0, end));
        assertSpansNest(document.module, { start: 0, end });
      }
    }
  });

  it('takes several edits one after the other, each from what the ones before it left', () => {
    const document = python.open('a = 1\nb = 2\n');
    assert.equal(document.module.body.length, 2);
    document.edit({ span: { start: 0, end: 0 }, newText: 'z = 0\n' });
    document.edit({ span: { start: 10, end: 11 }, newText: '100' });
    document.edit({ span: { start: 14, end: 20 }, newText: '' });
    assert.equal(document.text, 'z = 0\na = 100\n');
    assert.deepEqual(document.module, python.read(document.text));
    document.replaceText('x = 5\n');
    assert.deepEqual(document.module, python.read('x = 5\n'));
  });

  function lastList(module: Module): SequenceExpression {
    const definition = module.body.at(-1);
    assert.ok(definition?.kind === 'class');
    const { value } = definition.body.at(-1) as AssignStatement;
    assert.ok(value.kind === 'list');
    return value;
  }

  const longMigration = (operations: number): string => {
    const lines = Array.from({ length: operations }, (_, index) =>
      [
        '        migrations.AddField(',
        `            model_name="order",`,
        `            name="field_${index}",`,
        '            field=models.CharField(max_length=10, null=True),',
        '        ),',
      ].join('\n'),
    );
    return `from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    operations = [\n${lines.join('\n')}\n    ]\n`;
  };

  it('keeps what an edit does not touch', () => {
    const document = python.open(longMigration(20));
    const before = document.module;
    const at = document.text.indexOf('field_10');
    document.edit({ span: { start: at, end: at }, newText: 'x' });
    const [old, now] = [lastList(before).items, lastList(document.module).items];
    assert.equal(document.module.body[0], before.body[0]);
    assert.ok(now.slice(0, 10).every((item, index) => item === old[index]));
    assert.ok(now.slice(10).every((item, index) => item !== old[index + 10]));
    assert.equal(now[11]?.span.start, (old[11]?.span.start ?? 0) + 1);
    assert.equal(document.module, document.module);
  });

  it('keeps it too while something is half-typed', () => {
    const document = python.open(longMigration(20));
    const old = lastList(document.module).items;
    const at = document.text.indexOf('name="field_10"');
    document.edit({ span: { start: at, end: at + 6 }, newText: 'na' });
    const now = lastList(document.module).items;
    assert.equal(now.length, 20);
    assert.ok(now.slice(0, 10).every((item, index) => item === old[index]));
  });

  it('reads CRLF as LF, apart from offsets', () => {
    for (const text of samples) {
      const withoutSpans = (module: Module): unknown =>
        JSON.parse(
          JSON.stringify(module, (key, value) => (/span$/i.test(key) || key === 'docstringEnd' ? undefined : value)),
        );
      const crlf = text.replaceAll('\n', '\r\n');
      assert.deepEqual(withoutSpans(python.read(crlf)), withoutSpans(python.read(text)));
      assertSpansNest(python.read(crlf), { start: 0, end: crlf.length });
    }
  });

  it('deletes every tree that it makes', function () {
    this.timeout(60_000);
    const { parse } = Parser.prototype;
    const { delete: free } = Tree.prototype;
    let alive = 0;
    let made = 0;
    Parser.prototype.parse = function (this: Parser, ...rest: Parameters<typeof parse>) {
      alive++;
      made++;
      return parse.apply(this, rest);
    };
    Tree.prototype.delete = function (this: Tree) {
      alive--;
      free.call(this);
    };
    try {
      typeAndUndo(python.open(longMigration(1)), 5_000);
    } finally {
      Parser.prototype.parse = parse;
      Tree.prototype.delete = free;
    }
    assert.ok(made > 5_000);
    assert.equal(alive, 0);
  });

  function typeAndUndo(document: OpenDocument, times: number): void {
    const random = seededRandom(1);
    for (let count = 0; count < times; count++) {
      const start = random(document.text.length);
      document.edit({ span: { start, end: start }, newText: '(' });
      assert.ok(document.module.body.length >= 0);
      document.edit({ span: { start, end: start + 1 }, newText: '' });
      assert.ok(document.module.body.length >= 0);
    }
  }
});
