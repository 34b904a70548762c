import assert from 'node:assert/strict';
import { changesOf } from '../../../server/src/schema/change.ts';
import { migrationText } from './check-changes.ts';
import { lowerFiles } from './lower-files.ts';

const initial = migrationText(
  "migrations.CreateModel('Order', [('id', models.BigAutoField(primary_key=True))]),",
  '',
  '',
);

/** Where the values come from that a data function puts into its SQL, in order. */
async function checkSources(body: string, expected: string, head = ''): Promise<void> {
  const lines = body.trim().replaceAll('\n', '\n    ');
  const code = `
import os
from os import environ
from django.conf import settings
from django.db import connection
from psycopg import sql
${head}

def forwards(apps, schema_editor):
    Order = apps.get_model('shop', 'Order')
    run = schema_editor.execute
    cursor = connection.cursor()
    ${lines}
`;
  const files = new Map([
    ['shop/migrations/0001_initial.py', initial],
    ['shop/migrations/0002_now.py', migrationText('migrations.RunPython(forwards),', code, '')],
  ]);
  const last = (await lowerFiles(files)).at(-1);
  const holes = [...changesOf(last?.migration.forward ?? [], 'RunCode')].flatMap((change) => change.holes ?? []);
  assert.equal(holes.map(({ source }) => source).join(' '), expected, body);
}

/** The source of `x` where it is put into SQL after the lines. */
function checkX(lines: string, expected: string, head = ''): Promise<void> {
  return checkSources(`${lines}\ncursor.execute(f"DELETE FROM t WHERE a = {x}")`, expected, head);
}

describe('what is filled into SQL', () => {
  it('comes from what makes it', async () => {
    for (const [expression, expected] of [
      ['fetch()', 'run-time'],
      ['Order.objects.first().name', 'run-time'],
      ['Order._meta.objects.first().name', 'run-time'],
      ['int(fetch())', 'number'],
      ['len(fetch())', 'number'],
      ['-fetch()', 'number'],
      ['fetch() + 1', 'run-time'],
      ['"%d" % fetch()', 'number'],
      ['"%s" % fetch()', 'run-time'],
      ['f"{fetch():05d}"', 'number'],
      ['"a" if fetch() else "b"', 'constant'],
      ['fetch() or "b"', 'run-time'],
      ['schema_editor.quote_value(fetch())', 'identifier'],
      ['str(fetch())', 'run-time'],
      ['"%s" * fetch()', 'run-time'],
      ['", ".join(["%s"] * len(fetch()))', 'number'],
      ['", ".join("%s" for _ in fetch())', 'constant'],
      ['", ".join(each for each in fetch())', 'run-time'],
      ['", ".join(str(int(each)) for each in fetch())', 'number'],
      ['", ".join(map(str, fetch()))', 'run-time'],
      ['", ".join(map(connection.ops.quote_name, fetch()))', 'identifier'],
      ['", ".join(field.column for field in Order._meta.get_fields())', 'identifier'],
      ['os.environ["X"]', 'operator'],
      ['environ.get("X", "y")', 'operator'],
      ['environ.get("X", fetch())', 'run-time'],
      ['getattr(settings, "X", None)', 'operator'],
      ['connection.settings_dict["NAME"]', 'operator'],
      ['int(settings.X)', 'number'],
    ] as const) {
      await checkX(`x = ${expression}`, expected);
    }
  });

  it('is no number because a name says so', async () => {
    await checkX('x = int(fetch())', 'run-time', 'def int(value):\n    return value');
    await checkX('x = settings.NAME', 'run-time', 'settings = load()');
  });

  it('is not what the next line says', async () => {
    await checkSources(`x = fetch()\ncursor.execute("DELETE FROM t WHERE a = '%s'" % x)`, 'run-time');
    await checkX('x = (\n    fetch()\n)\ny = len(x)', 'run-time');
  });

  it('is what a name holds by then', async () => {
    await checkX('x = fetch()\nx = int(x)', 'number');
    await checkX('x = 1\nx = fetch()', 'run-time');
    await checkX('x = int(fetch())\nif fetch():\n    x = fetch()', 'run-time');
    await checkX('x = fetch()\nif fetch():\n    x = int(x)', 'run-time');
    await checkX('x = fetch()\nx += ""', 'run-time');
    await checkX('x, y = int(fetch()), fetch()', 'number');
    await checkX('y, x = int(fetch()), fetch()', 'run-time');
    await checkX('x = int(fetch())\n(x := fetch())', 'run-time');
    await checkSources(
      'x = int(fetch())\ncursor.execute(f"DELETE FROM t WHERE a = {x}")\nx = fetch()\ncursor.execute(f"DELETE FROM t WHERE a = {x}")',
      'number run-time',
    );
    await checkSources(
      'x = int(fetch())\nfor _ in fetch():\n    cursor.execute(f"DELETE FROM t WHERE a = {x}")\n    x = fetch()',
      'run-time',
    );
    await checkSources(
      'x = fetch()\nfor x in range(fetch()):\n    cursor.execute(f"DELETE FROM t WHERE a = {x}")',
      'number',
    );
    await checkSources(
      'for i, x in enumerate(fetch()):\n    cursor.execute(f"DELETE FROM t WHERE a = {i} AND b = {x}")',
      'number run-time',
    );
  });

  it('is what a list was filled with', async () => {
    await checkX('y = []\nfor row in fetch():\n    y.append(row.name)\nx = ", ".join(y)', 'run-time');
    await checkX('y = []\nfor row in fetch():\n    y.append("%s")\nx = ", ".join(y)', 'constant');
    await checkX('y = {}\ny[1] = fetch()\nx = y.get(1)', 'run-time');
  });

  it('is not what another function or comprehension calls so', async () => {
    const other = 'def backwards(apps, schema_editor):\n    x = int(fetch())';
    await checkX('x = fetch()', 'run-time', other);
    await checkX('pass', 'run-time', other);
    await checkX('y = [x for x in range(fetch())]', 'run-time', 'x = fetch()');
    await checkX('x = fetch()\ndef inner():\n    x = 1\n    return x', 'run-time');
    await checkX('x = int(fetch())\ndef inner():\n    nonlocal x\n    x = fetch()\ninner()', 'run-time');
    await checkX('pass', 'number', 'x = int(fetch())\nclass Other:\n    x = fetch()');
  });

  it('is what a helper is called with', async () => {
    const helper = 'def send(cursor, x):\n    cursor.execute(f"DELETE FROM t WHERE a = {x}")';
    await checkSources('send(cursor, int(fetch()))', 'number', helper);
    await checkSources('send(cursor, fetch())', 'run-time', helper);
    await checkSources('send(cursor, x=connection.ops.quote_name(fetch()))', 'identifier', helper);
    await checkSources('send(cursor, *fetch())', 'run-time', helper);
    await checkSources('send(cursor, int(fetch()))\nfetch(send)', 'run-time', helper);
    await checkX('x = make(fetch())', 'number', 'def make(value):\n    return int(value)');
    await checkX(
      'x = make(fetch())',
      'run-time',
      'def make(value):\n    if value:\n        return value\n    return 1',
    );
  });

  it('is a number where nothing else can be printed so', async () => {
    await checkSources(
      'x = fetch()\ncursor.execute("DELETE FROM t WHERE a = %d AND b = %(c)s" % x)',
      'number run-time',
    );
    await checkSources(
      'x = fetch()\ncursor.execute("DELETE FROM t WHERE a = {:.2f} AND b = {}".format(x, x))',
      'number run-time',
    );
    await checkSources(
      'x = fetch()\ncursor.execute(f"DELETE FROM t WHERE a = {x:d} AND b = {x:>9}")',
      'number run-time',
    );
    await checkSources('x = fetch()\ncursor.execute("DELETE FROM t WHERE a = {}".format(*x))', 'run-time');
  });
});
