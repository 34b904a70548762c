import assert from 'node:assert/strict';
import { migrationText } from './check-changes.ts';
import { lowerFiles } from './lower-files.ts';

const files: Readonly<Record<string, string>> = {
  'shop/migrations/sql/drop.sql': '-- Not used.\nDROP VIEW v;\n\nDROP VIEW w;\n',
  'shop/migrations/0002_now.sql': 'DROP VIEW now;',
  'shop/sql/one.sql': 'DROP VIEW one;',
  'shop/sql/two.sql': 'DROP VIEW shop_two;',
  'blog/sql/two.sql': 'DROP VIEW blog_two;',
  'shop/migrations/_sql.py':
    'from pathlib import Path\n\nHERE = Path(__file__).parent\n\ndef read(name):\n    return (HERE / "sql" / name).read_text()\n',
};

const imports = `
import codecs
import importlib.resources
import os
import pkgutil
from importlib import resources
from os import path
from os.path import dirname, join
from pathlib import Path
from ._sql import HERE, read
`;

async function lowered(operation: string, module: string) {
  const file = 'shop/migrations/0002_now.py';
  const text = migrationText(`${operation},`, imports + module, '');
  const last = (await lowerFiles(new Map([...Object.entries(files), [file, text]]))).at(-1);
  assert.ok(last?.source.file === file);
  return last;
}

/** What `RunSQL(expression)` drops, what is underlined, and where that is written. */
async function dropped(expression: string, module = '', operation = `migrations.RunSQL(${expression})`) {
  const { migration, source } = await lowered(operation, module);
  return migration.forward.flatMap((change) => {
    if (change.kind !== 'DropView') return [];
    const { file, span } = change.origin.writtenIn ?? { file: '', span: { start: 0, end: 0 } };
    const written = file.endsWith('.sql') ? (files[file] ?? '').slice(span.start, span.end) : '';
    return [`${change.view.name} @ ${source.text.slice(change.at.start, change.at.end)} < ${file}: ${written}`];
  });
}

const drop = 'shop/migrations/sql/drop.sql';

describe('SQL in a file that the migration reads', () => {
  const ways: readonly string[] = [
    'open(os.path.join(os.path.dirname(__file__), "sql", "drop.sql")).read()',
    'open(join(dirname(path.abspath(__file__)), "sql/drop.sql"), encoding="utf-8").read()',
    'open(os.path.dirname(os.path.realpath(__file__)) + "/sql/drop.sql").read()',
    'open(f"{os.path.dirname(__file__)}/sql/drop.sql").read()',
    'open(os.path.join(dirname(__file__), "sql", "drop" + os.path.splitext("a.sql")[1])).read()',
    'codecs.open(Path(__file__).parent / "sql" / "drop.sql").read()',
    'Path(__file__).resolve().parent.joinpath("sql", "drop.sql").read_text()',
    'Path(__file__).parents[1].joinpath("migrations/sql/drop.sql").open().read()',
    '(Path(__file__).parent / ".." / "migrations" / "sql" / "drop.sql").read_text(encoding="utf-8")',
    'Path(__file__).with_name("sql").joinpath("drop.sql").read_bytes().decode()',
    '(HERE / "sql/drop.sql").read_text()',
    'open("shop/migrations/sql/drop.sql").read()',
    'open(settings.BASE_DIR + "/shop/migrations/sql/drop.sql").read()',
    '(settings.BASE_DIR / "shop" / "migrations" / "sql" / "drop.sql").read_text()',
    'open(os.path.join(settings.BASE_DIR, "shop/migrations/sql", "drop.sql")).read()',
    'importlib.resources.files("shop.migrations").joinpath("sql/drop.sql").read_text()',
    '(resources.files("shop.migrations") / "sql" / "drop.sql").read_text()',
    'resources.read_text("shop.migrations.sql", "drop.sql")',
    'pkgutil.get_data("shop.migrations", "sql/drop.sql").decode("utf-8")',
  ];
  for (const way of ways) {
    it(way, async () => {
      const read = way.replace(/\.decode\(.*$/, '');
      const places = ['v', 'w'].map((view) => `${view} @ ${read} < ${drop}: DROP VIEW ${view}`);
      assert.deepEqual(await dropped(way), places);
    });
  }

  it('may be a constant', async () => {
    const expected = (at: string) => [`v @ ${at} < ${drop}: DROP VIEW v`, `w @ ${at} < ${drop}: DROP VIEW w`];
    assert.deepEqual(
      await dropped('SQL', 'with open(Path(__file__).parent / "sql" / "drop.sql") as file:\n    SQL = file.read()\n'),
      expected('file.read()'),
    );
    assert.deepEqual(
      await dropped('SQL', 'SQL = (HERE / "sql/drop.sql").read_text().strip()\n'),
      expected('(HERE / "sql/drop.sql").read_text()'),
    );
    assert.deepEqual(
      await dropped(
        'SQL',
        `with open(
    os.path.join(os.path.dirname(__file__), os.path.splitext(os.path.basename(__file__))[0] + ".sql")
) as file:
    SQL = file.read()
`,
      ),
      ['now @ file.read() < shop/migrations/0002_now.sql: DROP VIEW now'],
    );
    assert.deepEqual(
      await dropped(
        'load()',
        `def load():
    name = "drop.sql"
    folder = os.path.abspath(os.path.join(os.path.dirname(__file__), "../migrations/sql"))
    text = open(os.path.join(folder, name), "r").read()

    return text
`,
      ),
      expected('open(os.path.join(folder, name), "r").read()'),
    );
    assert.deepEqual(await dropped('read("drop.sql")'), expected('read("drop.sql")'));
    assert.deepEqual(await dropped('sql=read("drop.sql")'), expected('read("drop.sql")'));
  });

  it('may be sent by a data function', async () => {
    const sent = (body: string) =>
      dropped(
        '',
        `def forwards(apps, schema_editor):\n    ${body.replaceAll('\n', '\n    ')}\n`,
        'migrations.RunPython(forwards)',
      );
    assert.deepEqual(
      await sent(
        'with open(os.path.join(os.path.dirname(__file__), "sql", "drop.sql")) as file:\n    schema_editor.execute(file.read())',
      ),
      [`v @ file.read() < ${drop}: DROP VIEW v`, `w @ file.read() < ${drop}: DROP VIEW w`],
    );
    assert.deepEqual(
      await sent(
        'here = Path(__file__).parent\nfor name in ("drop",):\n    schema_editor.execute((here / "sql" / f"{name}.sql").read_text())',
      ),
      ['v', 'w'].map((view) => `${view} @ (here / "sql" / f"{name}.sql").read_text() < ${drop}: DROP VIEW ${view}`),
    );
    assert.deepEqual(
      await sent(
        'sql = Path(__file__).with_suffix(".sql").read_text()\nfor each in sql.split(";"):\n    schema_editor.execute(each)',
      ),
      ['now @ sql < shop/migrations/0002_now.sql: DROP VIEW now'],
    );
    assert.deepEqual(
      await sent(
        'import os\nname = os.path.splitext(__file__)[0] + ".sql"\ntext = open(name).read()\nwith schema_editor.connection.cursor() as c:\n    c.execute(text)',
      ),
      ['now @ open(name).read() < shop/migrations/0002_now.sql: DROP VIEW now'],
    );
    assert.deepEqual(await sent('schema_editor.execute(read("drop.sql"))'), [
      `v @ read("drop.sql") < ${drop}: DROP VIEW v`,
      `w @ read("drop.sql") < ${drop}: DROP VIEW w`,
    ]);
  });

  it('is looked for where the folder is not known, as long as one file can be meant', async () => {
    const one = 'shop/sql/one.sql';
    assert.deepEqual(await dropped('open("sql/one.sql").read()'), [
      `one @ open("sql/one.sql").read() < ${one}: DROP VIEW one`,
    ]);
    assert.deepEqual(await dropped('open("sql/two.sql").read()'), []);
    assert.deepEqual(await dropped('open("sql/none.sql").read()'), []);
    assert.deepEqual(await dropped('(settings.BASE_DIR / name / "two.sql").read_text()'), []);
    assert.deepEqual(await dropped('open(Path(__file__).parent / "two.sql").read()'), []);
    assert.deepEqual(await dropped('open("/etc/sql/one.sql").read()'), []);
  });
});
