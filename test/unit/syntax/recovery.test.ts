import assert from 'node:assert/strict';
import type { PythonParser } from '../../../server/src/syntax/parser.ts';
import { outlineOf } from '../../support/outline.ts';
import { pythonParser } from '../../support/python.ts';

const dependencies = '[("shop", "0001_initial"), ("auth", "0012_x")]';
const addField = 'AddField(model_name="order", name="note", field=CharField(max_length=10))';
const removeField = 'RemoveField("order", "old")';
const runSql = 'RunSQL("UPDATE shop_order SET a = 1")';
const runPython = 'RunPython(forwards, noop)';
const allOperations = [addField, removeField, runSql, runPython];

const migration = `from django.db import migrations, models


def forwards(apps, schema_editor):
    order = apps.get_model("shop", "Order")
    order.save()


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
        ("auth", "0012_x"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="note",
            field=models.CharField(max_length=10),
        ),
        migrations.RemoveField("order", "old"),
        migrations.RunSQL("""UPDATE shop_order SET a = 1"""),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]


def later():
    """Doc."""
`;

describe('recovery', () => {
  let python: PythonParser;

  before(async () => {
    python = await pythonParser();
  });

  /** Replaces the first occurrence of `old` and expects the outline of the whole file, and broken text somewhere. */
  function checkEdit(old: string, edited: string, expected: string): void {
    assert.ok(migration.includes(old), old);
    const text = migration.replace(old, () => edited);
    const module = python.read(text);
    assert.equal(outlineOf(module), expected);
    assert.notDeepEqual(module.broken, []);
  }

  const imports = 'import migrations models';
  const forwards = 'def forwards {order = get_model("shop", "Order"); save()}';
  const later = 'def later {"Doc."}';

  /** An edit among the operations, after which these can still be read. */
  function checkOperations(old: string, edited: string, ...operations: readonly string[]): void {
    const last = operations.at(-1) === '!' ? operations.slice(0, -1) : operations;
    const list = `[${last.join(', ')}]${last === operations ? '' : '!'}`;
    const body = `dependencies = ${dependencies}; operations! = ${list}`;
    checkEdit(old, edited, `${imports}; ${forwards}; class Migration(Migration)! {${body}}; ${later}`);
  }

  function checkDependencies(old: string, edited: string, list: string): void {
    const body = `dependencies! = ${list}; operations = [${allOperations.join(', ')}]`;
    checkEdit(old, edited, `${imports}; ${forwards}; class Migration(Migration)! {${body}}; ${later}`);
  }

  const remove = '        migrations.RemoveField("order", "old"),\n';

  it('keeps a file without errors as it is', () => {
    const body = `dependencies = ${dependencies}; operations = [${allOperations.join(', ')}]`;
    const module = python.read(migration);
    assert.equal(outlineOf(module), `${imports}; ${forwards}; class Migration(Migration) {${body}}; ${later}`);
    assert.deepEqual(module.broken, []);
  });

  describe('a half-typed operation does not swallow the next one', () => {
    it('migrations.', () => checkOperations(remove, `        migrations.\n${remove}`, ...allOperations, '!'));
    it('migrations. before the closing bracket', () =>
      checkOperations('    ]\n\n\ndef later', '        migrations.\n    ]\n\n\ndef later', ...allOperations, '!'));
    it('migrations.AddFi', () =>
      checkOperations(
        remove,
        `        migrations.AddFi\n${remove}`,
        addField,
        'AddFi',
        removeField,
        runSql,
        runPython,
        '!',
      ));
    it('migrations.AddField(', () =>
      checkOperations(
        remove,
        `        migrations.AddField(\n${remove}`,
        addField,
        'AddField()!',
        removeField,
        runSql,
        runPython,
        '!',
      ));
    it('migrations.AddField()', () =>
      checkOperations(
        remove,
        `        migrations.AddField()\n${remove}`,
        addField,
        'AddField()',
        removeField,
        runSql,
        runPython,
        '!',
      ));
    it('migrations.AddField(model_name=)', () =>
      checkOperations(
        remove,
        `        migrations.AddField(model_name=)\n${remove}`,
        addField,
        'AddField()!',
        removeField,
        runSql,
        runPython,
        '!',
      ));
    it('migrations.AddField("order",', () =>
      checkOperations(
        remove,
        `        migrations.AddField("order",\n${remove}`,
        addField,
        'AddField("order")!',
        removeField,
        runSql,
        runPython,
        '!',
      ));
    it('migrations.RunSQL("', () =>
      checkOperations(
        remove,
        `        migrations.RunSQL("\n${remove}`,
        addField,
        'RunSQL()!',
        removeField,
        runSql,
        runPython,
        '!',
      ));
    it('migrations.RunSQL(""" with the rest behind it', () =>
      checkOperations(
        remove,
        `        migrations.RunSQL("""\n${remove}`,
        addField,
        'RunSQL()!',
        removeField,
        runSql,
        runPython,
        '!',
      ));
    it('migrations.RunSQL(""")', () =>
      checkOperations(
        remove,
        `        migrations.RunSQL(""")\n${remove}`,
        addField,
        'RunSQL()!',
        removeField,
        runSql,
        runPython,
        '!',
      ));
    it('migrations.RunSQL(f"DROP {', () =>
      checkOperations(
        remove,
        `        migrations.RunSQL(f"DROP {),\n${remove}`,
        addField,
        'RunSQL()!',
        removeField,
        runSql,
        runPython,
        '!',
      ));
    it('migrations.RunPython(lambda apps,', () =>
      checkOperations(
        remove,
        `        migrations.RunPython(lambda apps,\n${remove}`,
        addField,
        'RunPython()!',
        removeField,
        runSql,
        runPython,
        '!',
      ));
    it('a call over several lines', () =>
      checkOperations(
        remove,
        `        migrations.AddField(\n            model_name="order",\n            field=models.\n${remove}`,
        addField,
        'AddField(model_name="order")!',
        removeField,
        runSql,
        runPython,
        '!',
      ));
  });

  describe('what is missing in one operation leaves the others', () => {
    it('a comma', () => checkOperations(remove, remove.replace('),', ')'), ...allOperations, '!'));
    it('a comma twice', () => checkOperations(remove, remove.replace('),', '),,'), ...allOperations, '!'));
    it('the closing parenthesis', () =>
      checkOperations(remove, remove.replace('),', ','), addField, `${removeField}!`, runSql, runPython, '!'));
    it('a quote', () =>
      checkOperations(
        remove,
        remove.replace('old"', 'old'),
        addField,
        'RemoveField("order")!',
        runSql,
        runPython,
        '!',
      ));
    it('three quotes', () => checkOperations('a = 1"""', 'a = 1', addField, removeField, 'RunSQL()!', runPython, '!'));
    it('the closing parenthesis of a field', () =>
      checkOperations(
        'CharField(max_length=10)',
        'CharField(max_length=10',
        'AddField(model_name="order", name="note", field=CharField(max_length=10)!)',
        removeField,
        runSql,
        runPython,
      ));
    it('everything in a field', () =>
      checkOperations(
        'CharField(max_length=10),',
        'CharField(',
        'AddField(model_name="order", name="note", field=CharField()!)',
        removeField,
        runSql,
        runPython,
      ));
    it('the value of an argument', () =>
      checkOperations(
        'name="note"',
        'name=',
        'AddField(model_name="order", field=CharField(max_length=10))!',
        removeField,
        runSql,
        runPython,
      ));
    it('the value of an argument and its comma', () =>
      checkOperations(
        'name="note",',
        'name=',
        'AddField(model_name="order", field=CharField(max_length=10))!',
        removeField,
        runSql,
        runPython,
      ));
    it('the end of an argument', () =>
      checkOperations(
        'name="note",',
        'name="note',
        'AddField(model_name="order", field=CharField(max_length=10))!',
        removeField,
        runSql,
        runPython,
      ));
    it('nothing: a parenthesis too many', () => checkOperations(remove, remove.replace('),', ')),'), ...allOperations));
    it('nothing: a bracket too many', () => checkOperations(remove, remove.replace('),', ']),'), ...allOperations));
  });

  describe('what is missing around the operations leaves them', () => {
    it('the closing bracket', () => checkOperations('    ]\n\n\ndef later', '\n\ndef later', ...allOperations, '!'));
    it('what follows a plus', () =>
      checkOperations('    ]\n\n\ndef later', '    ] +\n\n\ndef later', ...allOperations));
    it('the closing bracket of the dependencies', () =>
      checkDependencies('    ]\n\n    operations', '\n    operations', `${dependencies}!`));
    it('half a dependency', () =>
      checkDependencies('("auth", "0012_x")', '("auth", ', '[("shop", "0001_initial"), ("auth")!]'));
    it('half of its text', () =>
      checkDependencies('("auth", "0012_x")', '("auth", "', '[("shop", "0001_initial"), ("auth")!]'));
    it('a comma between dependencies', () =>
      checkDependencies('"0001_initial"),', '"0001_initial")', `${dependencies}!`));
    it('the end of the class header', () => {
      const body = `dependencies = ${dependencies}; operations = [${allOperations.join(', ')}]`;
      const rest = `class Migration(Migration)! {${body}}; ${later}`;
      checkEdit('(migrations.Migration):', '(migrations.Migration', `${imports}; ${forwards}; ${rest}`);
      checkEdit('(migrations.Migration):', '(migrations.Migration)', `${imports}; ${forwards}; ${rest}`);
    });
    it('a value before them', () => {
      const body = `dependencies = ${dependencies}; operations = [${allOperations.join(', ')}]`;
      const rest = `class Migration(Migration)! {${body}}; ${later}`;
      checkEdit('    operations', '    atomic =\n\n    operations', `${imports}; ${forwards}; ${rest}`);
      checkEdit('    operations', '    if connection\n    operations', `${imports}; ${forwards}; ${rest}`);
    });
  });

  describe('half-typed code elsewhere leaves the class', () => {
    const whole = `class Migration(Migration) {dependencies = ${dependencies}; operations = [${allOperations.join(', ')}]}`;

    it('a function', () => {
      checkEdit('def later():\n    """Doc."""', 'def later(', `${imports}; ${forwards}; ${whole}; def later! {}`);
      checkEdit('def later():\n    """Doc."""', 'def later():', `${imports}; ${forwards}; ${whole}; def later! {}`);
      checkEdit('class', 'def half(apps, sche\n\n\nclass', `${imports}; ${forwards}; def half! {}; ${whole}; ${later}`);
      const body = 'order = get_model("shop", "Order"); save()';
      checkEdit('schema_editor):', 'schema_editor', `${imports}; def forwards! {${body}}; ${whole}; ${later}`);
    });
    it('a statement in a function', () => {
      const start = 'order = get_model("shop", "Order")';
      checkEdit('order.save()', 'order.save(', `${imports}; def forwards! {${start}; save()!!}; ${whole}; ${later}`);
      checkEdit('order.save()', 'order.', `${imports}; def forwards! {${start}}; ${whole}; ${later}`);
      checkEdit(
        'order.save()',
        'for o in order\n        o.save()',
        `${imports}; def forwards! {${start}; for! {save()}}; ${whole}; ${later}`,
      );
      checkEdit(
        'order.save()',
        'if order.\n        o.save()',
        `${imports}; def forwards! {${start}; if! {save()}}; ${whole}; ${later}`,
      );
    });
    it('an import', () => {
      checkEdit('\n\n\ndef', '\nfrom shop import\n\n\ndef', `${imports}; ${forwards}; ${whole}; ${later}`);
      checkEdit(
        '\n\n\ndef',
        '\nfrom shop import (a, b\n\n\ndef',
        `${imports}; import! a b; ${forwards}; ${whole}; ${later}`,
      );
      checkEdit(' models', ' models as', `import! migrations; ${forwards}; ${whole}; ${later}`);
    });
    it('text that is no Python', () => {
      checkEdit('class', '$ python manage.py\n\n\nclass', `${imports}; ${forwards}; ${whole}; ${later}`);
    });
  });

  describe('merge conflicts', () => {
    const conflict = (one: string, other: string): string => `<<<<<<< HEAD\n${one}=======\n${other}>>>>>>> branch\n`;

    it('neither side of a conflict is certain', () => {
      checkOperations(remove, conflict(remove, ''), addField, runSql, runPython, '!');
      checkDependencies(
        '        ("auth", "0012_x"),\n',
        conflict('        ("auth", "0012_x"),\n', '        ("auth", "0013_x"),\n'),
        '[("shop", "0001_initial")]!',
      );
    });
    it('one side is needed where a bracket opens in it', () => {
      checkOperations(
        '    operations = [\n',
        conflict('    operations = [\n', '    atomic = False\n    operations = [\n'),
        ...allOperations,
      );
    });
    it('a marker alone spoils nothing else', () => {
      checkOperations(remove, `<<<<<<< HEAD\n${remove}`, ...allOperations, '!');
    });
  });

  it('takes what stands below an item for its continuation where Python must', () => {
    const module = python.read(
      'x = [\n    a\n    if b\n    else c,\n    d\n    and e,\n    "f"\n    "g",\n    h\n    .i(),\n]\n',
    );
    assert.equal(outlineOf(module), 'x = [conditional, binary, "fg", i()]');
    assert.deepEqual(module.broken, []);
  });

  it('ends on deep and on long nonsense', () => {
    for (const text of [
      '['.repeat(20_000),
      '(\n'.repeat(5_000),
      '"""'.repeat(3_333),
      ')'.repeat(10_000),
      'a.'.repeat(20_000),
    ]) {
      assert.ok(python.read(text).broken.length > 0, text.slice(0, 10));
    }
    assert.deepEqual(python.read(`x = ${'f('.repeat(2_000)}${')'.repeat(2_000)}`).broken, []);
    assert.deepEqual(python.read(`x = ${'a + '.repeat(5_000)}a`).broken, []);
  });
});
