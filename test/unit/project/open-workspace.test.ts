import assert from 'node:assert/strict';
import type { FilePath } from '../../../server/src/base/file-path.ts';
import { openWorkspace } from '../../../server/src/project/open-workspace.ts';
import type { Workspace } from '../../../server/src/project/workspace.ts';
import { findTable } from '../../../server/src/schema/schema.ts';
import { tableName } from '../../../server/src/schema/table-name.ts';
import type { MemoryFiles } from '../../support/memory-files.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { pythonParser } from '../../support/python.ts';

interface Opened {
  readonly workspace: Workspace;
  readonly files: MemoryFiles;
}

async function open(text: string, mostRemembered = 1000): Promise<Opened> {
  const files = memoryFiles(text);
  const workspace = openWorkspace({
    root: '',
    files,
    mostRemembered,
    parser: await pythonParser(),
    // The settings themselves are read elsewhere; here a line `database` is enough of them.
    sqlParser: () => undefined,
    decisionsIn: (_, content) => {
      if (!content?.includes('stepwise')) return undefined;
      const database = content.includes('mysql') ? 'mysql' : undefined;
      return { database, databaseVersion: undefined, django: undefined, deploys: 'rolling' };
    },
  });
  return { workspace, files };
}

/** A migration with one operation a line, under its header. */
function migration(file: FilePath, dependencies: string, ...operations: readonly string[]): string {
  return [
    `# file: ${file}`,
    'from django.db import migrations, models',
    'class Migration(migrations.Migration):',
    `    dependencies = [${dependencies}]`,
    '    operations = [',
    ...operations.map((operation) => `        migrations.${operation},`),
    '    ]',
    '',
  ].join('\n');
}

const createOrder = 'CreateModel("Order", [("id", models.BigAutoField(primary_key=True))])';
const addField = (name: string): string => `AddField("order", "${name}", models.IntegerField(null=True))`;

const shop = [
  migration('shop/migrations/0001_initial.py', '', createOrder),
  migration('shop/migrations/0002_total.py', '("shop", "0001_initial")', addField('total')),
  migration('shop/migrations/0003_weight.py', '("shop", "0002_total")', addField('weight')),
].join('');

const file = (name: string): FilePath => `shop/migrations/${name}.py`;

function columnsAfter({ workspace }: Opened, name: string): string {
  const judged = workspace.projectOf(file(name)).migrationAt(file(name));
  const table = judged && findTable(judged.after, tableName('shop_order'));
  return table ? [...table.columns.keys()].join(' ') : '–';
}

/** Replaces the one place where `from` stands in a document that is open. */
function type({ workspace, files }: Opened, path: FilePath, from: string, to: string): void {
  const read = files.read(path);
  assert(read.kind === 'text');
  const start = read.text.indexOf(from);
  assert(start >= 0, `«${from}» is in ${path}`);
  files.write(path, read.text.slice(0, start) + to + read.text.slice(start + from.length));
  workspace.editDocument(path, [{ span: { start, end: start + from.length }, newText: to }]);
}

function openDocument({ workspace, files }: Opened, path: FilePath): void {
  const read = files.read(path);
  assert(read.kind === 'text');
  workspace.openDocument(path, read.text);
}

describe('a workspace', () => {
  it('knows its migrations in order, and the schema at each', async () => {
    const opened = await open(shop);
    const [project] = opened.workspace.projects;
    assert.deepEqual(project?.order, ['shop.0001_initial', 'shop.0002_total', 'shop.0003_weight']);
    assert.deepEqual([...(project?.files ?? [])][1], [file('0002_total'), 'shop.0002_total']);
    assert.equal(columnsAfter(opened, '0001_initial'), 'id');
    assert.equal(columnsAfter(opened, '0003_weight'), 'id total weight');
    const judged = project?.migration('shop.0003_weight');
    assert.deepEqual(
      judged?.migration.parents.map(({ id, written }) => [id, written]),
      [['shop.0002_total', 'shop.0002_total']],
    );
    assert.equal(judged?.steps.length, judged?.migration.forward.length);
    assert.equal(judged?.steps[0], judged?.before);
  });

  it('passes over modules in migrations folders that hold no migration', async () => {
    const { workspace } = await open(
      `${shop}# file: shop/migrations/utils.py\nclass Migration:\n    pass\n# file: x/migrations/y.py\n`,
    );
    assert.equal(workspace.projectOf('').order.length, 3);
    assert.equal(workspace.projectOf('').migrationAt('shop/migrations/utils.py'), undefined);
    assert.equal(workspace.projectOf('').migration('shop.utils'), undefined);
  });

  it('is empty without files', async () => {
    const { workspace } = await open('');
    assert.equal(workspace.projects.length, 1);
    assert.deepEqual(workspace.projectOf('anything.py').order, []);
  });

  it('says what cannot be read, and reads the rest', async () => {
    const opened = await open(shop);
    opened.files.spoil(file('0003_weight'), 'it is not UTF-8');
    const [project] = opened.workspace.projects;
    assert.deepEqual(project?.problems, [
      { file: file('0003_weight'), message: 'This file cannot be read: it is not UTF-8.' },
    ]);
    assert.deepEqual(project?.order, ['shop.0001_initial', 'shop.0002_total']);
  });

  it('replays what a squash stands for beside it, not before it', async () => {
    const squash = migration('shop/migrations/0001_squashed.py', '', createOrder, addField('total'));
    const replaces = '    replaces = [("shop", "0001_initial"), ("shop", "0002_total")]\n    dependencies';
    const opened = await open(shop + squash.replace('    dependencies', replaces));
    const { order } = opened.workspace.projectOf('');
    assert.deepEqual(order, ['shop.0001_initial', 'shop.0002_total', 'shop.0001_squashed', 'shop.0003_weight']);
    assert.equal(columnsAfter(opened, '0002_total'), 'id total');
    assert.equal(columnsAfter(opened, '0001_squashed'), 'id total');
    assert.equal(columnsAfter(opened, '0003_weight'), 'id total weight');
    const squashed = opened.workspace.projectOf('').migration('shop.0001_squashed');
    assert.equal(squashed?.before.tables.size, 0);
  });
});

describe('the projects of a workspace', () => {
  it('are told apart by the pyproject.toml files that configure Stepwise', async () => {
    const { workspace } = await open(`
      # file: pyproject.toml
      stepwise
      # file: a/pyproject.toml
      stepwise mysql
      # file: a/lib/pyproject.toml
      nothing
      # file: a/lib/shop/migrations/0001_initial.py
      # file: b/shop/migrations/0001_initial.py
      `);
    assert.deepEqual(
      workspace.projects.map(({ root }) => root),
      ['', 'a'],
    );
    assert.equal(workspace.projectOf('a/lib/shop/migrations/0001_initial.py').target.database, 'mysql');
    assert.equal(workspace.projectOf('a/lib/x.py').pyproject, 'a/pyproject.toml');
    assert.equal(workspace.projectOf('b/x.py').target.database, 'postgresql');
  });

  it('are told apart by manage.py only where there are several', async () => {
    const one = await open('# file: web/manage.py\n# file: lib/x.py\n');
    assert.deepEqual(
      one.workspace.projects.map(({ root }) => root),
      [''],
    );
    const two = await open('# file: web/manage.py\n# file: api/manage.py\n# file: lib/x.py\n');
    assert.deepEqual(
      two.workspace.projects.map(({ root }) => root),
      ['', 'api', 'web'],
    );
    assert.equal(two.workspace.projectOf('web/shop/models.py').root, 'web');
    assert.equal(two.workspace.projectOf('lib/x.py').root, '');
  });

  it('hold no label twice: test projects repeat the labels of others', async () => {
    const opened = await open(
      shop +
        migration('tests/one/shop/migrations/0001_initial.py', '', createOrder) +
        migration('tests/one/blog/migrations/0001_initial.py', '("shop", "0001_initial")') +
        migration('tests/two/shop/migrations/0001_initial.py', '("shop", "0000_nowhere")', createOrder),
    );
    const orders = opened.workspace.projects.map(({ order }) => order.join(' '));
    assert.deepEqual(orders, [
      'shop.0001_initial blog.0001_initial shop.0002_total shop.0003_weight',
      'shop.0001_initial',
      'shop.0001_initial',
    ]);
    const two = opened.workspace.projectOf('tests/two/shop/migrations/0001_initial.py');
    assert.equal(two.graph.unknownParentsOf('shop.0001_initial').length, 1);
  });

  it('know their target from decisions first, then from their files', async () => {
    const files = `
      # file: requirements.txt
      Django==5.1
      # file: shop/settings.py
      DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
      # file: docs/requirements.txt
      Django==3.2
      `;
    const found = (await open(files)).workspace.projectOf('').target;
    assert.deepEqual(found, { database: 'sqlite', databaseVersion: [3, 50], django: [5, 1], deploys: 'rolling' });
    const decided = (await open(`${files}# file: pyproject.toml\n      stepwise mysql\n`)).workspace.projectOf(
      '',
    ).target;
    assert.equal(decided.database, 'mysql');
    const unknown = (await open('')).workspace.projectOf('').target;
    assert.deepEqual(unknown, { database: 'postgresql', databaseVersion: [18, 0], django: [6, 1], deploys: 'rolling' });
  });

  it('take the version of Django from above where they have no requirements of their own', async () => {
    const { workspace } = await open(`
      # file: requirements/base.txt
      Django==4.2
      # file: api/manage.py
      # file: api/requirements.txt
      Django==5.0
      # file: web/manage.py
      `);
    assert.deepEqual(workspace.projectOf('api/x.py').target.django, [5, 0]);
    assert.deepEqual(workspace.projectOf('web/x.py').target.django, [4, 2]);
  });

  it('know which model the user is, and what an id is', async () => {
    const opened = await open(
      `${shop}# file: settings.py\nAUTH_USER_MODEL = "shop.User"\n# file: requirements.txt\nDjango==4.2\n${migration(
        'blog/migrations/0001_initial.py',
        'migrations.swappable_dependency(settings.AUTH_USER_MODEL)',
        'CreateModel("Post", [("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE))])',
      ).replace('from django.db', 'from django.conf import settings\nfrom django.db')}`,
    );
    const blog = opened.workspace.projectOf('').migration('blog.0001_initial');
    assert.deepEqual(
      blog?.migration.parents.map(({ id }) => id),
      ['shop.0001_initial'],
    );
    const post = blog && findTable(blog.after, tableName('blog_post'));
    assert.equal(post?.columns.get('author_id')?.references?.table.name, 'shop_user');
    assert.equal(post?.columns.get('id')?.type.name, 'integer');
  });
});

describe('an edit', () => {
  it('that builds something else changes what comes behind', async () => {
    const opened = await open(shop);
    assert.equal(columnsAfter(opened, '0003_weight'), 'id total weight');
    openDocument(opened, file('0002_total'));
    type(opened, file('0002_total'), '"total"', '"sum"');
    assert.equal(columnsAfter(opened, '0002_total'), 'id sum');
    assert.equal(columnsAfter(opened, '0003_weight'), 'id sum weight');
    assert.equal(columnsAfter(opened, '0001_initial'), 'id');
  });

  it('that builds the same leaves what comes behind as it was', async () => {
    const code = 'def fill(apps, schema_editor):\n    pass\n\nclass Migration';
    const data = migration(file('0004_fill'), '("shop", "0003_weight")', 'RunPython(fill, migrations.RunPython.noop)');
    const opened = await open(shop + data.replace('class Migration', code));
    const project = () => opened.workspace.projectOf('');
    const before = project().migration('shop.0004_fill');
    openDocument(opened, file('0002_total'));
    openDocument(opened, file('0004_fill'));
    assert.equal(project().migration('shop.0004_fill'), before, 'opened with the text that the disk has');
    type(opened, file('0002_total'), 'models.IntegerField(null=True)', 'models.IntegerField(  null=True)');
    assert.notEqual(project().migration('shop.0002_total')?.migration.text, before?.migration.text);
    assert.equal(project().migration('shop.0004_fill'), before);
    const { after } = project().migration('shop.0003_weight') ?? {};
    type(opened, file('0004_fill'), '    pass', '    print("filled")');
    assert.notEqual(project().migration('shop.0004_fill'), before);
    assert.equal(project().migration('shop.0004_fill')?.before, after);
  });

  it('of a default, a constant or a lambda is another state', async () => {
    for (const [from, to] of [
      ['default=1', 'default=2'],
      ['LIMIT = 5', 'LIMIT = 6'],
      ['lambda: 1', 'lambda: 2'],
      ['compute(1)', 'compute(2)'],
    ] as const) {
      const written = [
        'AddField("order", "a", models.IntegerField(default=1))',
        'AddField("order", "b", models.CharField(max_length=LIMIT, null=True))',
        'AddField("order", "c", models.IntegerField(default=lambda: 1))',
        'AddField("order", "d", models.IntegerField(default=compute(1)))',
      ];
      const fields = migration(file('0002_total'), '("shop", "0001_initial")', ...written);
      const opened = await open(
        shop.replace(/# file: \S+0002[\s\S]*(?=# file: \S+0003)/, fields.replace('class', 'LIMIT = 5\nclass')),
      );
      const state = () => opened.workspace.projectOf('').migration('shop.0003_weight')?.stateBefore;
      const before = state();
      openDocument(opened, file('0002_total'));
      type(opened, file('0002_total'), from, to);
      assert.notEqual(state(), before, from);
    }
  });

  it('reads one file again, and no other', async () => {
    const opened = await open(shop);
    for (const id of opened.workspace.projectOf('').order) opened.workspace.projectOf('').migration(id);
    const reads = opened.files.reads.length;
    openDocument(opened, file('0002_total'));
    type(opened, file('0002_total'), '"total"', '"sum"');
    assert.equal(columnsAfter(opened, '0003_weight'), 'id sum weight');
    assert.deepEqual(opened.files.reads.slice(reads), [file('0002_total'), file('0002_total')], 'only by this test');
  });

  it('makes a new project object, and no edit makes none', async () => {
    const opened = await open(shop);
    const [before] = opened.workspace.projects;
    assert.equal(before?.order.length, 3);
    openDocument(opened, file('0002_total'));
    assert.equal(opened.workspace.projects[0], before);
    type(opened, file('0002_total'), '"total"', '"sum"');
    assert.notEqual(opened.workspace.projects[0], before);
  });

  it('of a dependency changes the history', async () => {
    const opened = await open(shop);
    assert.deepEqual(opened.workspace.projectOf('').graph.groups.get('shop')?.leaves, ['shop.0003_weight']);
    openDocument(opened, file('0003_weight'));
    type(opened, file('0003_weight'), '0002_total', '0001_initial');
    const { graph } = opened.workspace.projectOf('');
    assert.deepEqual(graph.groups.get('shop')?.leaves, ['shop.0002_total', 'shop.0003_weight']);
    const judged = opened.workspace.projectOf('').migration('shop.0003_weight');
    assert.deepEqual(
      judged?.migration.parents.map(({ id }) => id),
      ['shop.0001_initial'],
    );
  });

  it('that breaks a file leaves it where it is in the history', async () => {
    const opened = await open(shop);
    opened.workspace.projectOf('').migration('shop.0003_weight');
    openDocument(opened, file('0002_total'));
    for (const [from, to] of [
      ['("shop", "0001_initial")', '("shop", '],
      ['class Migration', 'clas Migration'],
    ] as const) {
      type(opened, file('0002_total'), from, to);
      const { graph } = opened.workspace.projectOf('');
      assert.deepEqual(graph.unknownParentsOf('shop.0003_weight'), [], to);
      assert.deepEqual(graph.groups.get('shop')?.leaves, ['shop.0003_weight'], to);
      assert.match(columnsAfter(opened, '0003_weight'), /^id (total )?weight$/);
      type(opened, file('0002_total'), to, from);
    }
    assert.equal(columnsAfter(opened, '0003_weight'), 'id total weight');
  });

  it('that is not saved is gone when the document is closed', async () => {
    const opened = await open(shop);
    opened.workspace.openDocument(
      file('0003_weight'),
      shop.slice(shop.lastIndexOf('from')).replace('"weight"', '"mass"'),
    );
    assert.equal(columnsAfter(opened, '0003_weight'), 'id total mass');
    opened.workspace.closeDocument(file('0003_weight'));
    assert.equal(columnsAfter(opened, '0003_weight'), 'id total weight');
  });

  it('of a module changes the migrations that import it', async () => {
    const using = migration(
      file('0004_note'),
      '("shop", "0003_weight")',
      'AddField("order", NAME, models.IntegerField(null=True))',
    );
    const opened = await open(
      `${shop}${using.replace('from django', 'from ..names import NAME\nfrom django')}# file: shop/names.py\nfrom shop.more import NAME\n# file: shop/more.py\nNAME = "note"\n`,
    );
    assert.equal(columnsAfter(opened, '0004_note'), 'id total weight note');
    assert.deepEqual(opened.workspace.affectedBy('shop/more.py').includes(file('0004_note')), true);
    openDocument(opened, 'shop/more.py');
    type(opened, 'shop/more.py', '"note"', '"remark"');
    assert.equal(columnsAfter(opened, '0004_note'), 'id total weight remark');
  });
});

describe('files on the disk', () => {
  it('that appear and go change the history', async () => {
    const opened = await open(shop);
    assert.equal(opened.workspace.projectOf('').order.length, 3);
    const added = migration(file('0004_note'), '("shop", "0003_weight")', addField('note'));
    opened.files.write(file('0004_note'), added.slice(added.indexOf('\n') + 1));
    opened.workspace.filesChanged([file('0004_note')]);
    assert.equal(columnsAfter(opened, '0004_note'), 'id total weight note');
    opened.files.remove(file('0002_total'));
    opened.workspace.filesChanged([file('0002_total')]);
    const { order, graph } = opened.workspace.projectOf('');
    assert.deepEqual(order, ['shop.0001_initial', 'shop.0003_weight', 'shop.0004_note']);
    assert.equal(graph.unknownParentsOf('shop.0003_weight').length, 1);
    assert.equal(columnsAfter(opened, '0004_note'), 'id weight note');
  });

  it('that change are read again', async () => {
    const opened = await open(shop);
    assert.equal(columnsAfter(opened, '0003_weight'), 'id total weight');
    const read = opened.files.read(file('0002_total'));
    opened.files.write(file('0002_total'), read.kind === 'text' ? read.text.replace('"total"', '"sum"') : '');
    opened.workspace.filesChanged([file('0002_total')]);
    assert.equal(columnsAfter(opened, '0003_weight'), 'id sum weight');
  });

  it('that can be read again are no problem any more', async () => {
    const opened = await open(shop);
    const read = opened.files.read(file('0003_weight'));
    opened.files.spoil(file('0003_weight'), 'permission denied');
    assert.equal(opened.workspace.projectOf('').problems.length, 1);
    opened.files.write(file('0003_weight'), read.kind === 'text' ? read.text : '');
    opened.workspace.filesChanged([file('0003_weight')]);
    assert.deepEqual(opened.workspace.projectOf('').problems, []);
    assert.equal(columnsAfter(opened, '0003_weight'), 'id total weight');
  });

  it('that decide about the project change what it is judged for', async () => {
    const opened = await open(
      `${shop}# file: settings.py\nDATABASES = {"default": {"ENGINE": "django.db.backends.mysql"}}\n`,
    );
    assert.equal(opened.workspace.projectOf('').target.database, 'mysql');
    assert.equal(columnsAfter(opened, '0003_weight'), 'id total weight');
    opened.files.write('settings.py', 'DATABASES = {"default": {"ENGINE": "django.db.backends.oracle"}}\n');
    opened.workspace.filesChanged(['settings.py']);
    assert.equal(opened.workspace.projectOf('').target.database, 'oracle');
    opened.files.write('pyproject.toml', 'stepwise mysql');
    opened.workspace.filesChanged(['pyproject.toml']);
    assert.equal(opened.workspace.projectOf('').target.database, 'mysql');
    opened.files.remove('pyproject.toml');
    opened.workspace.filesChanged(['pyproject.toml']);
    assert.equal(opened.workspace.projectOf('').target.database, 'oracle');
    assert.equal(columnsAfter(opened, '0003_weight'), 'id total weight');
  });

  it('that get a module they lacked are read through it', async () => {
    const using = migration(
      file('0004_note'),
      '("shop", "0003_weight")',
      'AddField("order", NAME, models.IntegerField(null=True))',
    );
    const opened = await open(shop + using.replace('from django', 'from ..names import NAME\nfrom django'));
    assert.equal(columnsAfter(opened, '0004_note').includes('note'), false);
    opened.files.write('shop/names.py', 'NAME = "note"\n');
    opened.workspace.filesChanged(['shop/names.py']);
    assert.equal(columnsAfter(opened, '0004_note'), 'id total weight note');
  });

  it('that make a package appear are read through it', async () => {
    const using = migration(
      file('0004_note'),
      '("shop", "0003_weight")',
      'AddField("order", NAME, models.IntegerField(null=True))',
    );
    const opened = await open(shop + using.replace('from django', 'from naming.names import NAME\nfrom django'));
    assert.equal(columnsAfter(opened, '0004_note').includes('note'), false);
    opened.files.write('naming/names.py', 'NAME = "note"\n');
    opened.workspace.filesChanged(['naming/names.py']);
    assert.equal(columnsAfter(opened, '0004_note'), 'id total weight note');
  });

  it('that appeared before anybody says so are seen with the next change', async () => {
    const opened = await open(shop);
    openDocument(opened, file('0003_weight'));
    assert.equal(opened.workspace.projectOf('').order.length, 3);
    // The listing is read again because of a file that stays as the editor has it; the new one is in it already.
    opened.files.write(file('0004_note'), '');
    opened.files.remove(file('0003_weight'));
    opened.workspace.filesChanged([file('0003_weight')]);
    const added = migration(file('0004_note'), '("shop", "0003_weight")', addField('note'));
    opened.workspace.openDocument(file('0004_note'), '');
    const text = added.slice(added.indexOf('\n') + 1);
    opened.workspace.editDocument(file('0004_note'), [{ span: { start: 0, end: 0 }, newText: text }]);
    assert.equal(columnsAfter(opened, '0004_note'), 'id total weight note');
  });

  it('can be unsaved: a new document takes part', async () => {
    const opened = await open(shop);
    const added = migration(file('0004_note'), '("shop", "0003_weight")', addField('note'));
    opened.workspace.openDocument(file('0004_note'), added.slice(added.indexOf('\n') + 1));
    assert.equal(columnsAfter(opened, '0004_note'), 'id total weight note');
    assert.equal(opened.workspace.projectOf('').exists(file('0004_note')), true);
    opened.workspace.closeDocument(file('0004_note'));
    assert.equal(opened.workspace.projectOf('').order.length, 3);
  });
});

describe('what a file affects', () => {
  const blog = migration('blog/migrations/0001_initial.py', '("shop", "0002_total")');
  const other = migration('zoo/migrations/0001_initial.py', '');

  it('are its app and the migrations behind it', async () => {
    const { workspace } = await open(shop + blog + other);
    assert.deepEqual([...workspace.affectedBy(file('0002_total'))].sort(), [
      'blog/migrations/0001_initial.py',
      file('0001_initial'),
      file('0002_total'),
      file('0003_weight'),
    ]);
    assert.deepEqual(workspace.affectedBy('zoo/migrations/0001_initial.py'), ['zoo/migrations/0001_initial.py']);
  });

  it('is told after it is gone, too', async () => {
    const opened = await open(shop + blog + other);
    assert.equal(opened.workspace.projectOf('').order.length, 5);
    opened.files.remove(file('0003_weight'));
    opened.workspace.filesChanged([file('0003_weight')]);
    const affected = opened.workspace.affectedBy(file('0003_weight'));
    assert(affected.includes(file('0002_total')), 'it is a last migration now');
  });

  it('are all migrations from when on it is a revision of Alembic', async () => {
    const { workspace } = await open(shop + blog + other);
    const zoo = 'zoo/migrations/0001_initial.py';
    workspace.openDocument(zoo, 'x = 1\n');
    assert.deepEqual(workspace.affectedBy(zoo), [zoo]);
    const start = { start: 0, end: 0 };
    workspace.editDocument(zoo, [{ span: start, newText: 'revision = "a1"\ndown_revision = None\n' }]);
    assert.equal(workspace.projects.length, 2);
    assert(workspace.affectedBy(zoo).includes(file('0002_total')));
    workspace.editDocument(zoo, [{ span: start, newText: 'y = 1\n#' }]);
    assert.equal(workspace.projects.length, 2);
    workspace.editDocument(zoo, [{ span: { start: 0, end: 40 }, newText: '' }]);
    assert.equal(workspace.projects.length, 1);
  });

  it('are all migrations where it decides about the project, and none where it has no part', async () => {
    const { workspace } = await open(`${shop}# file: settings.py\nINSTALLED_APPS = []\n# file: shop/views.py\n`);
    assert.equal(workspace.affectedBy('settings.py').filter((each) => each.includes('migrations')).length, 3);
    assert.deepEqual(workspace.affectedBy('shop/views.py'), ['shop/views.py']);
  });
});

describe('a long history', () => {
  const length = 30;
  const name = (index: number): string => String(index).padStart(4, '0');
  const history = Array.from({ length }, (_, index) =>
    index === 0
      ? migration(file(name(0)), '', createOrder)
      : migration(file(name(index)), `("shop", "${name(index - 1)}")`, addField(`f${index}`)),
  ).join('');

  it('is remembered by what it built, and judged again alike', async () => {
    const opened = await open(history, 10);
    const project = opened.workspace.projectOf('');
    const first = project.migration('shop.0001');
    for (const id of project.order) project.migration(id);
    const again = project.migration('shop.0001');
    assert.notEqual(again, first, 'it was forgotten');
    assert.equal(again?.after, first?.after);
    assert.equal(again?.stateAfter, first?.stateAfter);
    assert.equal(again?.migration.forward.length, 1);
    assert.equal(opened.files.reads.filter((each) => each === file('0001')).length, 2);
    assert.equal(opened.files.reads.filter((each) => each === file('0025')).length, 1);
  });

  it('is not read before somebody asks, and not judged further than asked', async () => {
    const opened = await open(history);
    assert.equal(opened.workspace.projects.length, 1);
    assert.deepEqual(opened.files.reads, []);
    assert.equal(opened.workspace.projectOf('').order.length, length);
    assert.equal(opened.files.reads.length, length);
  });
});
