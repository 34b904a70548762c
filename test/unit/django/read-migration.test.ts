import assert from 'node:assert/strict';
import type { Target } from '../../../server/src/base/target.ts';
import { readFiles } from '../../support/memory-files.ts';
import { lowerFiles } from './lower-files.ts';
import { printChange } from './print-change.ts';

const head = 'from django.db import migrations, models, connection\n';

/** The last migration of the files, read; `text` may be one file alone. */
async function read(text: string, target: Partial<Target> = {}) {
  const files = text.includes('# file:') ? readFiles(text) : new Map([['shop/migrations/0001_x.py', head + text]]);
  const lowered = (await lowerFiles(files, { target })).at(-1);
  return lowered;
}

/** The names of the operations, a `?` behind those that are not certain. */
async function operationsOf(text: string, target: Partial<Target> = {}): Promise<string> {
  const found = await read(text, target);
  return (found?.source.operations ?? [])
    .map(({ name, certainty }) => (certainty === 'certain' ? name : `${name}?`))
    .join(' ');
}

describe('a migration file', () => {
  const shapes: readonly (readonly [title: string, text: string, operations: string])[] = [
    ['a list', "class Migration(migrations.Migration):\n    operations = [migrations.DeleteModel('a')]", 'DeleteModel'],
    [
      'lists added up',
      "A = [migrations.DeleteModel('a')]\nclass Migration(migrations.Migration):\n    operations = A + [migrations.RunSQL('x')]",
      'DeleteModel RunSQL',
    ],
    [
      '+= and append',
      "class Migration(migrations.Migration):\n    operations = [migrations.DeleteModel('a')]\n    operations += [migrations.DeleteModel('b')]\n    operations.append(migrations.RunSQL('x'))",
      'DeleteModel DeleteModel RunSQL',
    ],
    [
      'a comprehension',
      "class Migration(migrations.Migration):\n    operations = [migrations.DeleteModel(n) for n in ('a', 'b')]",
      'DeleteModel DeleteModel',
    ],
    [
      'another name for the package',
      "from django.db import migrations as m\nclass Migration(m.Migration):\n    operations = [m.RunSQL('x')]",
      'RunSQL',
    ],
    [
      'names imported from where Django defines them',
      "from django.db.migrations.operations.models import DeleteModel\nclass Migration(migrations.Migration):\n    operations = [DeleteModel('a')]",
      'DeleteModel',
    ],
    [
      'something that cannot be followed',
      'from acme import operations as all_of_them\nclass Migration(migrations.Migration):\n    operations = all_of_them()',
      'all_of_them?',
    ],
    ['no operations at all', 'class Migration(migrations.Migration):\n    pass', ''],
  ];
  for (const [title, text, expected] of shapes) {
    it(title, async () => assert.equal(await operationsOf(text), expected));
  }

  const vendor =
    "class Migration(migrations.Migration):\n    if connection.vendor == 'postgresql':\n        operations = [migrations.RunSQL('x')]\n    else:\n        operations = [migrations.DeleteModel('a')]";

  it('follows the branch of the database that is migrated', async () => {
    assert.equal(await operationsOf(vendor, { database: 'postgresql' }), 'RunSQL');
    assert.equal(await operationsOf(vendor, { database: 'sqlite' }), 'DeleteModel');
  });

  it('counts a branch that cannot be decided as conditional', async () => {
    const text = vendor.replace("connection.vendor == 'postgresql'", 'settings.FAST');
    assert.equal(await operationsOf(`from django.conf import settings\n${text}`), 'RunSQL? DeleteModel?');
  });

  it('is none without a class that comes from Migration', async () => {
    assert.equal(await read('class Migration:\n    operations = []'), undefined);
    assert.equal(await read('class Helper(migrations.Migration):\n    operations = []'), undefined);
  });

  it('may come from Migration through a sibling module', async () => {
    const found = await read(`
      # file: shop/migrations/_base.py
      from django.db import migrations
      class Base(migrations.Migration):
          atomic = False
      # file: shop/migrations/0001_x.py
      from ._base import Base
      class Migration(Base):
          operations = []
      `);
    assert.equal(found?.source.name, '0001_x');
    assert.equal(found?.source.atomic, false);
  });

  it('tells what it depends on, replaces and runs before', async () => {
    const found = await read(`from django.conf import settings
class Migration(migrations.Migration):
    initial = True
    atomic = False
    replaces = [('shop', '0001_a'), ('shop', '0002_b')]
    run_before = [('blog', '0001_initial')]
    dependencies = [
        ('auth', '0001_initial'),
        ('sites', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        odd(),
    ]
    operations = []
`);
    const source = found?.source;
    assert.deepEqual(
      source?.dependencies.map(({ kind, app, name, setting }) => [kind, app ?? setting, name]),
      [
        ['plain', 'auth', '0001_initial'],
        ['plain', 'sites', '__first__'],
        ['swappable', 'AUTH_USER_MODEL', undefined],
        ['unknown', undefined, undefined],
      ],
    );
    assert.deepEqual(
      source?.replaces.map(({ name }) => name),
      ['0001_a', '0002_b'],
    );
    assert.deepEqual(
      source?.runBefore.map(({ app }) => app),
      ['blog'],
    );
    assert.equal(source?.initial, true);
    assert.equal(source?.atomic, false);
    assert.equal(source?.text.slice(source.atomicAt?.start, source.atomicAt?.end), 'atomic = False');
    assert.equal(source?.dependenciesList?.items.length, 4);
  });

  it('offers its list of operations for editing only where it is one literal', async () => {
    const literal = await read('class Migration(migrations.Migration):\n    operations = []');
    assert.equal(literal?.source.operationsList?.kind, 'list');
    const added = await read(
      "A = []\nclass Migration(migrations.Migration):\n    operations = A + [migrations.RunSQL('x')]",
    );
    assert.equal(added?.source.operationsList, undefined);
    const grown = await read(
      "class Migration(migrations.Migration):\n    operations = []\n    operations += [migrations.RunSQL('x')]",
    );
    assert.equal(grown?.source.operationsList, undefined);
  });

  it('keeps what is certain of a half-typed one', async () => {
    const found = await read(`class Migration(migrations.Migration):
    operations = [
        migrations.DeleteModel('a'),
        migrations.AddField('b', 'c', models.
        migrations.DeleteModel('d'),
    ]
`);
    assert.equal(found?.source.complete, false);
    const text = found?.source.text ?? '';
    const changes = found?.migration.forward.map((change) => printChange(change, text)) ?? [];
    assert.ok(changes.includes("DropTable shop_a cascade @ 'a'"), changes.join('\n'));
  });

  it('never throws, however much of it has been typed', async () => {
    const whole = `${head}class Migration(migrations.Migration):
    dependencies = [('shop', '0001')]
    operations = [
        migrations.CreateModel('A', [('f', models.CharField(max_length=3)), ('g', models.ManyToManyField('B'))], {'db_table': 't'}),
        migrations.AlterField('a', 'f', models.ForeignKey(to='shop.B', on_delete=models.CASCADE, default=1)),
        migrations.RenameModel('A', 'C'),
        migrations.AddIndex('c', models.Index(fields=['f'], name='n')),
    ]
`;
    for (let end = 0; end < whole.length; end++) {
      const found = await lowerFiles(new Map([['shop/migrations/0001_x.py', whole.slice(0, end)]]));
      for (const change of found[0]?.migration.forward ?? []) {
        assert.ok(change.at.start <= change.at.end && change.at.end <= end, `at ${end}`);
      }
    }
  });
});
