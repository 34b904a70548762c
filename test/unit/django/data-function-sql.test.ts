import assert from 'node:assert/strict';
import { changesOf, type RunCode } from '../../../server/src/schema/change.ts';
import { migrationText } from './check-changes.ts';
import { lowerFiles } from './lower-files.ts';
import { printChange } from './print-change.ts';

const initial = migrationText(
  `migrations.CreateModel('Order', [
    ('id', models.BigAutoField(primary_key=True)),
    ('buyer', models.ForeignKey('Order', models.CASCADE)),
    ('total', models.IntegerField()),
  ]),`,
  '',
  '',
);

const module = `
import os
import textwrap
from django.db import connection, connections, transaction
from psycopg2 import sql
from psycopg2.extras import execute_batch, execute_values
from .statements import DROP_VIEWS, drop_view

SCRIPT = """
DROP VIEW one;
DROP VIEW two;
"""
NAMES = ["v", "w"]
KINDS = {"a": "b"}

def run(editor, statement):
    editor.execute(statement)

def make(name):
    return f"DROP VIEW {name}"
`;

const statements = `DROP_VIEWS = ["DROP VIEW x", "DROP VIEW y"]

def drop_view(schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP VIEW z")
`;

async function lowered(body: string, operation = 'migrations.RunPython(forwards)', atomic = true) {
  const lines = body.trim().replaceAll('\n', '\n    ');
  const code = `${module}\ndef forwards(apps, schema_editor):\n    Order = apps.get_model('shop', 'Order')\n    cursor = connection.cursor()\n    ${lines}\n`;
  const files = new Map([
    ['shop/migrations/0001_initial.py', initial],
    ['shop/migrations/statements.py', statements],
    ['shop/migrations/0002_now.py', migrationText(`${operation},`, code, atomic ? '' : '    atomic = False')],
  ]);
  const last = (await lowerFiles(files)).at(-1);
  assert.ok(last?.source.file === 'shop/migrations/0002_now.py');
  return last;
}

/** What the body of a function sends, one change a line, and what of it is underlined. */
async function checkSent(body: string, expected: string): Promise<void> {
  const { migration, source } = await lowered(body);
  const [first, ...rest] = migration.forward;
  assert.equal(first?.kind, 'RunCode');
  const printed = rest.map((change) =>
    printChange(change, source.text).replace('[database] ', '').replace('[reverse missing] ', ''),
  );
  assert.equal(printed.join('\n'), expected.trim().replaceAll(/^\s+/gm, ''));
}

async function codeOf(body: string): Promise<RunCode> {
  const [code] = changesOf((await lowered(body)).migration.forward, 'RunCode');
  assert.ok(code);
  return code;
}

describe('SQL that a data function sends', () => {
  it('is found wherever a cursor comes from', async () => {
    await checkSent('schema_editor.execute("DROP VIEW v")', 'DropView v @ DROP VIEW v');
    await checkSent('cursor.execute("DROP VIEW v")', 'DropView v @ DROP VIEW v');
    await checkSent('connection.cursor().execute("DROP VIEW v")', 'DropView v @ DROP VIEW v');
    await checkSent('connections["other"].cursor().execute(sql="DROP VIEW v")', 'DropView v @ DROP VIEW v');
    await checkSent(
      'with schema_editor.connection.cursor() as c:\n    c.execute("DROP VIEW v")',
      'DropView v @ DROP VIEW v',
    );
    await checkSent(
      'with transaction.atomic(), connection.cursor() as c:\n    c.execute("DROP VIEW v")',
      'DropView v @ DROP VIEW v',
    );
    await checkSent(
      'with connection.schema_editor() as editor:\n    editor.execute("DROP VIEW v")',
      'DropView v @ DROP VIEW v',
    );
    await checkSent(
      'transaction.get_connection().connection.cursor().execute("DROP VIEW v")',
      'DropView v @ DROP VIEW v',
    );
    await checkSent(
      'execute_values(cursor, "INSERT INTO shop_order (total) VALUES %s", [(1,)])',
      'WriteRows insert shop_order all @ INSERT INTO shop_order',
    );
    await checkSent(
      'execute_batch(cursor, "UPDATE shop_order SET total = %s WHERE id = %s", [(1, 2)])',
      'WriteRows update shop_order filtered total=constant @ UPDATE shop_order SET total = %s WHERE id = %s',
    );
    await checkSent(
      'cursor.executemany("DELETE FROM shop_order WHERE id = %s", [[1]])',
      'WriteRows delete shop_order filtered @ DELETE FROM shop_order WHERE id = %s',
    );
    await checkSent(
      'cursor.copy_expert("COPY shop_order FROM STDIN", file)',
      'WriteRows insert shop_order all @ COPY shop_order',
    );
    await checkSent('for row in Order.objects.raw("SELECT 1"):\n    pass', 'OtherStatement SELECT @ SELECT 1');
  });

  it('is formatted where the framework does', async () => {
    const percent = 'WriteRows delete shop_order filtered';
    await checkSent(
      `cursor.execute("DELETE FROM shop_order WHERE 'a' LIKE '%'")`,
      `${percent} @ DELETE FROM shop_order WHERE 'a' LIKE '%'`,
    );
    await checkSent(
      'cursor.execute("DELETE FROM shop_order WHERE id %% 2 = 0", [1])',
      `${percent} @ DELETE FROM shop_order WHERE id %% 2 = 0`,
    );
    await checkSent(
      'cursor.execute("DELETE FROM shop_order WHERE id = %s", None)',
      'InvalidSql syntax error at or near "%" @ %',
    );
    await checkSent(
      'schema_editor.execute("DELETE FROM shop_order WHERE id %% 2 = 0")',
      `${percent} @ DELETE FROM shop_order WHERE id %% 2 = 0`,
    );
    await checkSent(
      'schema_editor.execute("DELETE FROM shop_order WHERE id % 2 = 0", params=None)',
      `${percent} @ DELETE FROM shop_order WHERE id % 2 = 0`,
    );
  });

  it('is put together from what is known', async () => {
    await checkSent(
      `table, column = Order._meta.db_table, Order._meta.get_field("buyer").column
quote = connection.ops.quote_name
schema_editor.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO x")
schema_editor.execute("DELETE FROM %s WHERE x > 1" % schema_editor.quote_name(table))
cursor.execute("UPDATE {} SET {c} = 2".format(table, c="total"))
cursor.execute("DELETE FROM {}".format(quote(table)))`,
      `RenameColumn shop_order.buyer_id to x @ ALTER TABLE {table} RENAME COLUMN {column} TO x
WriteRows delete shop_order filtered @ DELETE FROM %s WHERE x > 1
WriteRows update shop_order all total=constant @ UPDATE {} SET {c} = 2
WriteRows delete shop_order all @ DELETE FROM {}`,
    );
    await checkSent(
      `cursor.execute(sql.SQL("DELETE FROM {} WHERE {} = {}").format(
    sql.Identifier("public", "shop_order"), sql.Identifier("total"), sql.Literal("it's")))
cursor.execute(sql.SQL("DROP VIEW {}").format(sql.Identifier("v")).as_string(cursor))`,
      `WriteRows delete shop_order filtered @ DELETE FROM {} WHERE {} = {}
DropView v @ DROP VIEW {}`,
    );
    await checkSent(
      `statement = "DROP VIEW "
statement += "v"
cursor.execute(statement)
cursor.execute(textwrap.dedent("""
    DROP VIEW
      w
"""))
cursor.execute("DROP VIEW " + ", ".join(f"{name}_old" for name in NAMES))`,
      `DropView v @ statement += "v
DropView w @ DROP VIEW
DropView v_old @ (f"{name}_old" for name in NAMES)
DropView w_old @ (f"{name}_old" for name in NAMES)`,
    );
  });

  it('is unfolded from loops over what is known', async () => {
    await checkSent(
      `for name in ("a", "b"):
    cursor.execute(f"DROP VIEW {name}")
for statement in [make(name) for name in NAMES]:
    cursor.execute(statement)
for statement in SCRIPT.split(";"):
    if statement.strip():
        cursor.execute(statement)
for old, new in KINDS.items():
    run(schema_editor, f"ALTER TABLE {old} RENAME TO {new}")
for statement in DROP_VIEWS:
    cursor.execute(statement)`,
      `DropView a @ DROP VIEW {name}
DropView b @ DROP VIEW {name}
DropView v @ DROP VIEW {name}
DropView w @ DROP VIEW {name}
DropView one @ DROP VIEW one
DropView two @ DROP VIEW two
RenameTable a to b @ ALTER TABLE {old} RENAME TO {new}
DropView x @ statement
DropView y @ statement`,
    );
  });

  it('is placed at the function where it is written in another module', () =>
    checkSent('drop_view(schema_editor)', 'DropView z @ forwards'));

  it('is one of several where that cannot be decided', async () => {
    await checkSent(
      `if chosen():
    statement = "DROP VIEW a"
else:
    statement = "DROP VIEW b"
cursor.execute(statement)
cursor.execute("DROP VIEW c" if chosen() else "DROP VIEW d")
if connection.vendor == "postgresql":
    cursor.execute("DROP VIEW e")
else:
    cursor.execute("DROP VIEW f")
if chosen():
    cursor.execute("DROP VIEW g")
cursor.execute("SELECT 1 FROM pg_views WHERE viewname = 'h'")
if cursor.fetchone():
    cursor.execute("DROP VIEW h")`,
      `DropView a [conditional] @ DROP VIEW a
DropView b [conditional] @ DROP VIEW b
DropView c [conditional] @ DROP VIEW c
DropView d [conditional] @ DROP VIEW d
DropView e @ DROP VIEW e
DropView g [conditional] @ DROP VIEW g
OtherStatement SELECT @ SELECT 1 FROM pg_views WHERE viewname = 'h'
DropView h @ DROP VIEW h`,
    );
  });

  it('stands behind a guard', () =>
    checkSent(
      `if not os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS"):
    raise RuntimeError("No.")
cursor.execute("DROP TABLE shop_order")
cursor.execute("DELETE FROM other")`,
      `DropTable shop_order [guarded] @ DROP TABLE shop_order
WriteRows delete other all guarded @ DELETE FROM other`,
    ));

  it('works in slices', () =>
    checkSent(
      `while True:
    cursor.execute("DELETE FROM a WHERE id IN (SELECT id FROM a WHERE b LIMIT 1000)")
    if cursor.rowcount == 0:
        break
last = 0
while last < 1000:
    cursor.execute("UPDATE a SET b = 1 WHERE id BETWEEN %s AND %s", [last, last + 100])
    cursor.execute(f"DELETE FROM a WHERE id > {last}")
    last += 100
cursor.execute("WITH few AS (SELECT id FROM a WHERE b LIMIT %s) UPDATE a SET b = 1 FROM few WHERE a.id = few.id", [9])
cursor.execute("DELETE FROM a WHERE id > %s", [1])`,
      `WriteRows delete a filtered batched @ DELETE FROM a WHERE id IN (SELECT id FROM a WHERE b LIMIT 1000)
WriteRows update a filtered b=constant batched @ UPDATE a SET b = 1 WHERE id BETWEEN %s AND %s
WriteRows delete a filtered batched @ DELETE FROM a WHERE id > {last}
WriteRows update a filtered b=constant batched @ UPDATE a SET b = 1 FROM few WHERE a.id = few.id
WriteRows delete a filtered @ DELETE FROM a WHERE id > %s`,
    ));

  it('meets the schema as what comes before leaves it', () =>
    checkSent(
      `Order.objects.all().delete()
cursor.execute("ALTER TABLE shop_order RENAME COLUMN total TO amount")
Order.objects.create()
cursor.execute("ALTER TABLE shop_order ALTER COLUMN amount TYPE bigint")`,
      `WriteRows delete Order @ Order.objects.all().delete()
RenameColumn shop_order.total to amount @ ALTER TABLE shop_order RENAME COLUMN total TO amount
WriteRows insert Order @ Order.objects.create()
AlterColumn shop_order.amount to amount bigint not null @ ALTER COLUMN amount TYPE bigint`,
    ));

  it('is no invalid SQL because some of it is not known', () =>
    checkSent(
      `statement = "INSERT INTO a VALUES "
for row in rows():
    statement += f"({row.id}),"
cursor.execute(statement)
parts = []
for row in rows():
    parts.append("(1)")
cursor.execute("INSERT INTO a VALUES " + ", ".join(parts))
cursor.execute("UPDATE a SET b = '%s' WHERE c" % row.name)`,
      `Opaque some of it is only known when it runs @ statement
Opaque some of it is only known when it runs @ INSERT INTO a VALUES
WriteRows update a filtered b=unknown @ UPDATE a SET b = '%s' WHERE c`,
    ));

  it('belongs to the transaction around it', async () => {
    const body = 'cursor.execute("DROP VIEW v")\nwith transaction.atomic():\n    cursor.execute("DROP VIEW w")';
    const transactions = async (operation: string, atomic: boolean) =>
      (await lowered(body, operation, atomic)).migration.forward.map(({ transaction }) => typeof transaction);
    assert.deepEqual(await transactions('migrations.RunPython(forwards)', true), ['string', 'string', 'string']);
    assert.deepEqual(await transactions('migrations.RunPython(forwards)', false), ['undefined', 'undefined', 'string']);
  });

  it('tells who sends it', async () => {
    const { migration, source } = await lowered('run(schema_editor, "DROP VIEW v")');
    const [, change] = migration.forward;
    const textOf = (each: { readonly span: { readonly start: number; readonly end: number } } | undefined) =>
      source.text.slice(each?.span.start, each?.span.end);
    assert.equal(textOf(change?.origin.call), 'editor.execute(statement)');
    assert.deepEqual(change?.origin.within.map(textOf), ['migrations.RunPython(forwards)']);
    assert.deepEqual(
      change?.origin.code?.functions.map((each) => each.kind === 'function' && each.name),
      ['forwards', 'run'],
    );
  });
});

describe('a data function that sends SQL', () => {
  it('writes rows that were there before, or does not', async () => {
    const cases: readonly (readonly [string, RunCode['writesExistingRows']])[] = [
      ['cursor.execute("SELECT 1")', false],
      ['cursor.execute("INSERT INTO a VALUES (1)")', false],
      ['cursor.execute("CREATE INDEX i ON a (b)")', false],
      ['cursor.execute("UPDATE a SET b = 1")', true],
      ['cursor.execute("TRUNCATE a")', true],
      ['cursor.execute(build())', 'unknown'],
      ['cursor.execute(f"{build()} a")', 'unknown'],
      ['schema_editor.alter_field(Order, one, other)', 'unknown'],
    ];
    for (const [body, expected] of cases) {
      assert.equal((await codeOf(body)).writesExistingRows, expected, body);
    }
  });

  it('is a guard where it only looks and raises', async () => {
    const look = 'cursor.execute("SELECT 1")\nif cursor.fetchone():\n    raise RuntimeError("No.")';
    assert.equal((await codeOf(look)).isGuard, true);
    assert.equal((await codeOf(`${look}\ncursor.execute("DROP VIEW v")`)).isGuard, false);
  });

  it('tells what it fills into the text', async () => {
    const { holes } = await codeOf(`cursor.execute(f"DELETE FROM a WHERE b = '{name()}'")`);
    assert.deepEqual(
      holes?.map(({ by }) => by),
      ['field'],
    );
  });
});
