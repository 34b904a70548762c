import assert from 'node:assert/strict';
import type { TextEdit } from '../../../server/src/base/text-edit.ts';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { openWorkspace } from '../../../server/src/project/open-workspace.ts';
import type { Workspace } from '../../../server/src/project/workspace.ts';
import { LayeredMap } from '../../../server/src/schema/layered-map.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { pythonParser } from '../../support/python.ts';
import { postgresqlParser } from '../../support/sql.ts';

const file = 'shop/migrations/0002_edited.py';
const start = `from django.db import migrations, models

LENGTH = 40
NAMES = ["first", "second"]
COUNT = "ALTER TABLE shop_order ADD COLUMN count integer"


def fill(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.all().update(note="")
    schema_editor.execute("ALTER TABLE shop_order ADD COLUMN weight integer; UPDATE shop_order SET weight = 1")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.CreateModel(name="Tag", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("order", "note", models.CharField(max_length=LENGTH, null=True)),
        migrations.RunPython(fill),
        migrations.RunPython(lambda apps, schema_editor: clear(apps)),
        migrations.RunSQL(COUNT),
        migrations.RunSQL(["ALTER TABLE shop_order ALTER COLUMN count SET NOT NULL", "DROP TABLE IF EXISTS shop_old"]),
        migrations.RunPython(lambda apps, schema_editor: apps.get_model("shop", "Order").objects.all().delete()),
        migrations.AlterField("order", "note", models.CharField(max_length=LENGTH, default="")),
        migrations.RunSQL("""
            DROP TABLE IF EXISTS shop_older;
            ALTER TABLE shop_order ALTER COLUMN note TYPE text, ADD COLUMN "size" text DEFAULT 'x\\n';
        """, reverse_sql="SELECT 1"),
        migrations.AddIndex("order", models.Index(fields=["note"], name="order_note")),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("order", "number")],
        ),
        *[migrations.AddField("tag", name, models.TextField(null=True)) for name in NAMES],
        migrations.RenameField("order", "note", "remark"),
        migrations.RunSQL("ALTER TABLE shop_order RENAME COLUMN count TO amount"),
        migrations.RunPython(clear),
        migrations.DeleteModel("Tag"),
    ]


def clear(apps):
    apps.get_model("shop", "Order").objects.filter(remark="").delete()
`;

const related = `from django.contrib.postgres.operations import CreateCollation
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        CreateCollation("loose", provider="icu", locale="und", deterministic=False),
        migrations.CreateModel("Tag", [("id", models.BigAutoField(primary_key=True))], options={"db_table": "tags"}),
        migrations.AddField("order", "note", models.TextField(null=True)),
        migrations.CreateModel("Special", [], options={"proxy": True}, bases=["shop.order"]),
        migrations.AddField("order", "tag", models.ForeignKey("shop.Tag", models.CASCADE, null=True)),
        migrations.AddField("order", "tags", models.ManyToManyField("shop.Tag")),
        migrations.CreateModel("Line", [("order", models.ForeignKey("shop.Special", models.CASCADE))]),
        migrations.AddField("line", "code", models.CharField(max_length=9, db_collation="loose", db_index=True)),
        migrations.AlterField("order", "number", models.BigIntegerField(null=True)),
        migrations.AlterField("tag", "id", models.UUIDField(primary_key=True)),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AddField("line", "only", models.TextField())],
            state_operations=[migrations.AddField("line", "other", models.TextField())],
        ),
        migrations.AddIndex("line", models.Index(fields=["code", "order"], name="line_code")),
        migrations.RenameModel("Line", "Row"),
        migrations.RunPython(lambda apps, schema_editor: apps.get_model("shop", "Row").objects.all().delete()),
        migrations.AddField("row", "next", models.OneToOneField("shop.Row", models.CASCADE, null=True)),
        migrations.DeleteModel("Special"),
    ]
`;

const initial = `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField(null=True))],
        ),
    ]
`;

async function open(text: string): Promise<Workspace> {
  const parser = await postgresqlParser();
  const files = memoryFiles(
    new Map([
      ['shop/migrations/0001_initial.py', initial],
      [file, text],
    ]),
  );
  const workspace = openWorkspace({
    root: '',
    files,
    parser: await pythonParser(),
    sqlParser: () => parser,
    decisionsIn: () => undefined,
  });
  workspace.openDocument(file, text);
  return workspace;
}

/** Everything that was read from the migration, with every place. */
function said(workspace: Workspace): unknown {
  const judged = workspace.projectOf(file).migrationAt(file);
  const text = JSON.stringify([judged?.migration.forward, judged?.steps, judged?.after], (key, value) => {
    if (key === 'module') return value === judged?.migration.module ? 'the text as it is' : 'another text';
    if (key === 'moved') return undefined;
    if (value?.placeOf) return { ...value, at: value.placeOf({ start: 0, end: value.text.length }) };
    if (value instanceof LayeredMap || value instanceof Map)
      return [...value].sort(([one], [other]) => (one < other ? -1 : 1));
    return value;
  });
  return JSON.parse(text);
}

/** The operations that the changes come from, as a fix looks for them: by the calls in the file as it is. */
function callsOf(workspace: Workspace): readonly unknown[] {
  const project = workspace.projectOf(file);
  const judged = project.migrationAt(file);
  const operations = project.source(judged?.migration.id ?? '')?.operations ?? [];
  const known = new Set(
    operations.flatMap(({ call, stateOperations }) => [call, ...stateOperations.map((each) => each.call)]),
  );
  return judged?.migration.forward.map(({ origin }) => known.has(origin.call)) ?? [];
}

/** After every one of the edits, what a workspace knows is what one that is opened anew finds. */
async function checkEdits(edits: readonly (readonly [old: string, text: string])[], first = start): Promise<void> {
  const warm = await open(first);
  assert.deepEqual(said(warm), said(await open(first)));
  let text = first;
  for (const [old, replacement] of edits) {
    const at = text.indexOf(old);
    assert.ok(at >= 0, `There is no ${old} in:\n${text}`);
    const edit: TextEdit = { span: { start: at, end: at + old.length }, newText: replacement };
    text = applyEdits(text, [edit]);
    warm.editDocument(file, [edit]);
    const fresh = await open(text);
    assert.deepEqual(said(warm), said(fresh), text);
    assert.deepEqual(callsOf(warm), callsOf(fresh), text);
  }
}

describe('a migration that is being edited', () => {
  it('keeps its operations in place, whatever moves before them', () =>
    checkEdits([
      ['    operations = [', '    operations = [  # one'],
      ['# one', '# one and two'],
      ['        migrations.AddIndex', '\n        migrations.AddIndex'],
      ['# one and two', ''],
    ]));

  it('follows an operation that changes, comes or goes', () =>
    checkEdits([
      ['null=True)),\n        migrations.RunPython', 'null=True, db_index=True)),\n        migrations.RunPython'],
      ['        migrations.RenameField', '        migrations.DeleteModel("Order"),\n        migrations.RenameField'],
      ['        migrations.DeleteModel("Order"),\n', ''],
      ['        migrations.CreateModel', '        migrations.RunSQL("SELECT 1"),\n        migrations.CreateModel'],
      ['"remark"', '"comment"'],
      [
        '        migrations.AddField("order", "note", models.CharField(max_length=LENGTH, null=True, db_index=True)),\n',
        '',
      ],
    ]));

  it('follows what the names in its operations mean', () =>
    checkEdits([
      ['operations = [', 'operations = [ '],
      ['LENGTH = 40', 'LENGTH = 50'],
      ['"second"]', '"other"]'],
      ['update(note="")', 'update(note="none")'],
      ['ADD COLUMN count', 'ADD COLUMN quantity'],
      ['filter(remark="")', 'all()'],
      ['.all()', '.filter(note="")'],
    ]));

  it('follows what is around its operations', () =>
    checkEdits([
      ['operations = [', 'operations = [ '],
      ['    dependencies', '    atomic = False\n    dependencies'],
      ['atomic = False', 'atomic = True'],
    ]));

  it('follows what its operations ask about other models', () =>
    checkEdits(
      [
        ['operations = [', 'operations = [ '],
        ['"Tag", [("id", models.BigAutoField', '"Tag", [("id", models.AutoField'],
        ['db_table": "tags"', 'db_table": "labels"'],
        ['AddField("order", "note", models.TextField(null=True))', 'AddField("order", "note", models.TextField())'],
        [
          '        migrations.AddField("order", "tag"',
          '        migrations.DeleteModel("Tag"),\n        migrations.AddField("order", "tag"',
        ],
        ['        migrations.DeleteModel("Tag"),\n', ''],
        ['RenameModel("Line", "Row")', 'RenameModel("Line", "Rows")'],
        ['"Rows"', '"Row"'],
        ['deterministic=False', 'deterministic=True'],
        ['"code", models.CharField(max_length=9', '"code", models.CharField(max_length=10'],
        ['"proxy": True', '"proxy": False'],
        [
          'AlterField("tag", "id", models.UUIDField(primary_key=True))',
          'AlterField("tag", "id", models.BigAutoField(primary_key=True))',
        ],
        ['operations = [ ', 'operations = ['],
      ],
      related,
    ));

  it('follows what SQL does to the tables that later SQL meets', () =>
    checkEdits([
      ['migrations.RunSQL(COUNT)', 'migrations.RunSQL(COUNT )'],
      ['migrations.RunSQL(COUNT )', 'migrations.RunSQL("SELECT 1")'],
      ['"SELECT 1"', '"ALTER TABLE shop_order ADD COLUMN count text NOT NULL DEFAULT \'\'"'],
      ['SET NOT NULL"', 'DROP NOT NULL"'],
      ['    operations = [', '    operations = [  # moved'],
    ]));

  it('follows every letter that is typed', async () => {
    const typed = '        migrations.AddField("order", "typed", models.TextField(null=True)),\n';
    const place = '        migrations.AddIndex';
    const edits: (readonly [string, string])[] = [];
    for (let length = 1; length <= typed.length; length++) {
      edits.push([typed.slice(0, length - 1) + place, typed.slice(0, length) + place]);
    }
    await checkEdits(edits);
  });
});
