import assert from 'node:assert/strict';
import { openWorkspace } from '../../../server/src/project/open-workspace.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { pythonParser } from '../../support/python.ts';
import { postgresqlParser } from '../../support/sql.ts';

const migration = '/srv/app/shop/migrations/0001_views.py';
const helper = '/srv/app/shop/migrations/_sql.py';
const drop = '/srv/app/shop/migrations/sql/drop.sql';
const other = '/srv/app/other/sql/drop.sql';

const text = `from django.conf import settings
from django.db import migrations
from pathlib import Path
from ._sql import read


def forwards(apps, schema_editor):
    schema_editor.execute(read("drop.sql"))


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL((Path(__file__).parent / "sql" / "drop.sql").read_text()),
        migrations.RunPython(forwards),
        migrations.RunSQL((settings.BASE_DIR / "sql" / "drop.sql").read_text()),
    ]
`;
const helperText = `import os


def read(name):
    with open(os.path.join(os.path.dirname(__file__), "sql", name)) as file:
        return file.read()
`;

async function open() {
  const parser = await postgresqlParser();
  const files = memoryFiles(
    new Map([
      [migration, text],
      [helper, helperText],
      [drop, 'DROP VIEW a;'],
      ['/srv/outside/sql/drop.sql', 'DROP VIEW outside;'],
    ]),
  );
  const workspace = openWorkspace({
    root: '/srv/app',
    files: {
      list: () => files.list().filter((file) => file.startsWith('/srv/app/')),
      read: (file) => files.read(file),
    },
    parser: await pythonParser(),
    sqlParser: () => parser,
    decisionsIn: () => undefined,
  });
  const views = () =>
    workspace
      .projectOf(migration)
      .migrationAt(migration)
      ?.migration.forward.flatMap((change) => (change.kind === 'DropView' ? [change.view.name] : []));
  return { files, workspace, views };
}

describe('a file of SQL that a migration reads', () => {
  it('makes it another migration when its text is another one, on the disk or in an editor', async () => {
    const { files, workspace, views } = await open();
    assert.deepEqual(views(), ['a', 'a', 'a']);
    assert.deepEqual(workspace.affectedBy(drop), [drop, migration]);
    files.write(drop, 'DROP VIEW b;');
    workspace.filesChanged([drop]);
    assert.deepEqual(views(), ['b', 'b', 'b']);
    workspace.openDocument(drop, 'DROP VIEW b;');
    workspace.editDocument(drop, [{ span: { start: 10, end: 11 }, newText: 'c' }]);
    assert.deepEqual(views(), ['c', 'c', 'c']);
    workspace.closeDocument(drop);
    assert.deepEqual(views(), ['b', 'b', 'b']);
  });

  it('is missed when it is gone, and found when it is there again', async () => {
    const { files, workspace, views } = await open();
    files.remove(drop);
    workspace.filesChanged([drop]);
    assert.deepEqual(views(), []);
    files.write(drop, 'DROP VIEW d;');
    workspace.filesChanged([drop]);
    assert.deepEqual(views(), ['d', 'd', 'd']);
  });

  it('is one of two that may be meant when another one appears', async () => {
    const { files, workspace, views } = await open();
    assert.deepEqual(views(), ['a', 'a', 'a']);
    files.write(other, 'DROP VIEW other;');
    workspace.filesChanged([other]);
    assert.deepEqual(views(), ['a', 'a']);
    files.remove(drop);
    workspace.filesChanged([drop]);
    assert.deepEqual(views(), ['other']);
  });

  it('is read nowhere else than in the workspace', async () => {
    const { files, workspace, views } = await open();
    files.write(migration, text.replaceAll('Path(__file__).parent', 'Path(__file__).parents[3] / "outside"'));
    workspace.filesChanged([migration]);
    assert.deepEqual(views(), ['a', 'a']);
    assert.ok(!files.reads.includes('/srv/outside/sql/drop.sql'));
  });
});
