import assert from 'node:assert/strict';
import type { TextEdit } from '../../../server/src/base/text-edit.ts';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { openWorkspace } from '../../../server/src/project/open-workspace.ts';
import type { Workspace } from '../../../server/src/project/workspace.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { pythonParser } from '../../support/python.ts';

const file = 'shop/migrations/0002_edited.py';
const start = `from django.db import migrations, models

LENGTH = 40
NAMES = ["first", "second"]


def fill(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.all().update(note="")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.CreateModel(name="Tag", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("order", "note", models.CharField(max_length=LENGTH, null=True)),
        migrations.RunPython(fill),
        migrations.RunPython(lambda apps, schema_editor: apps.get_model("shop", "Order").objects.all().delete()),
        migrations.AlterField("order", "note", models.CharField(max_length=LENGTH, default="")),
        migrations.AddIndex("order", models.Index(fields=["note"], name="order_note")),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("order", "number")],
        ),
        *[migrations.AddField("tag", name, models.TextField(null=True)) for name in NAMES],
        migrations.RenameField("order", "note", "remark"),
        migrations.DeleteModel("Tag"),
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
    sqlParser: () => undefined,
    decisionsIn: () => undefined,
  });
  workspace.openDocument(file, text);
  return workspace;
}

/** Everything that was read from the migration, with every place; modules are the same by their text. */
function said(workspace: Workspace): unknown {
  const judged = workspace.projectOf(file).migrationAt(file);
  const text = JSON.stringify([judged?.migration.forward, [...(judged?.after.tables ?? [])]], (key, value) => {
    if (key === 'module') return undefined;
    return value instanceof Map ? [...value] : value;
  });
  return JSON.parse(text);
}

/** After every one of the edits, what a workspace knows is what one that is opened anew finds. */
async function checkEdits(edits: readonly (readonly [old: string, text: string])[]): Promise<void> {
  const warm = await open(start);
  assert.deepEqual(said(warm), said(await open(start)));
  let text = start;
  for (const [old, replacement] of edits) {
    const at = text.indexOf(old);
    assert.ok(at >= 0, `There is no ${old} in:\n${text}`);
    const edit: TextEdit = { span: { start: at, end: at + old.length }, newText: replacement };
    text = applyEdits(text, [edit]);
    warm.editDocument(file, [edit]);
    assert.deepEqual(said(warm), said(await open(text)), text);
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
      ['.all()', '.filter(note="")'],
    ]));

  it('follows what is around its operations', () =>
    checkEdits([
      ['operations = [', 'operations = [ '],
      ['    dependencies', '    atomic = False\n    dependencies'],
      ['atomic = False', 'atomic = True'],
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
