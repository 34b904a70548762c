import assert from 'node:assert/strict';
import { openTexts } from '../../support/rule-examples.ts';

const migration = `from django.db import migrations


class Migration(migrations.Migration):
    operations = []
`;

/** The files of a folder of migrations that are told to have no class. */
async function checkFolder(files: Readonly<Record<string, string>>, expected: readonly string[]): Promise<void> {
  const texts = Object.entries(files).map(([name, text]) => [`shop/migrations/${name}`, text] as const);
  const workspace = await openTexts(new Map([['manage.py', ''], ...texts]), []);
  const told = workspace.readProblems().filter(({ message }) => message.includes('has no class Migration'));
  assert.deepEqual(
    told.map(({ file }) => file.slice('shop/migrations/'.length)),
    expected,
  );
}

describe('files beside migrations', () => {
  it('are told where Django finds no class in them', async () => {
    await checkFolder(
      {
        '0001_initial.py': migration,
        '0002_empty.py': '',
        '0003_typo.py': migration.replace('class Migration', 'class Migraton'),
        'helpers.py': 'def fill(apps, schema_editor):\n    Migration = 1\n',
      },
      ['0003_typo.py', 'helpers.py'],
    );
  });

  it('are left alone where there is one, or may be, or Django does not look', async () => {
    await checkFolder(
      {
        '0001_initial.py': migration,
        '__init__.py': '',
        '_helpers.py': 'x = 1\n',
        '~0002_old.py': 'x = 1\n',
        'data/rows.py': 'x = 1\n',
        '0002_imported.py': 'from ._shared import Migration\n',
        '0003_all.py': 'from ._shared import *\n',
        '0004_made.py': 'Migration = make("x")\n',
        '0005_chosen.py': `try:\n    import x\nexcept ImportError:\n    ${migration.trim().replaceAll('\n', '\n    ')}\n`,
        '0006_by_name.py': 'globals()["Migration"] = make("x")\n',
        '0007_half_typed.py': 'class Migr(\n',
      },
      [],
    );
  });

  it('are left alone where the folder holds no migrations', async () => {
    await checkFolder({ 'env.py': 'x = 1\n', 'run.py': 'x = 1\n' }, []);
  });
});
