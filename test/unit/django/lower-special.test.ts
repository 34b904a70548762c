import assert from 'node:assert/strict';
import { changesOf, checkChanges, migrationText } from './check-changes.ts';
import { lowerFiles } from './lower-files.ts';

const order = `
migrations.CreateModel('Order', [('id', models.BigAutoField(primary_key=True)), ('note', models.TextField())]),`;

describe('SeparateDatabaseAndState', () => {
  it('tells what is done from what is declared', () =>
    checkChanges(
      {
        before: order,
        now: `migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL('SELECT 1', migrations.RunSQL.noop)],
            state_operations=[migrations.RemoveField('order', 'note')],
        ),`,
      },
      `RunSql «SELECT 1» [database] [reverse noop] @ 'SELECT 1'
OtherStatement SELECT [database] [reverse noop] @ SELECT 1
       DropColumn shop_order.note [state] @ 'note'`,
    ));

  it('lets the database operations see the state as they leave it', () =>
    checkChanges(
      {
        before: order,
        now: `migrations.SeparateDatabaseAndState(database_operations=[
            migrations.AlterModelTable('order', 'orders'),
            migrations.RemoveField('order', 'note'),
        ]),
        migrations.AddField('order', 'total', models.IntegerField(null=True)),`,
      },
      `RenameTable shop_order to orders [database] @ 'orders'
       DropColumn orders.note [database] @ 'note'
       AddColumn shop_order.total integer null @ 'total'`,
    ));

  it('does nothing to the table of an unmanaged model', () =>
    checkChanges(
      {
        before: "migrations.CreateModel('View', [('id', models.IntegerField(primary_key=True))], {'managed': False}),",
        now: `migrations.SeparateDatabaseAndState(database_operations=[
            migrations.AddField('view', 'a', models.IntegerField(null=True)),
        ]),`,
      },
      '',
    ));

  it('remembers what it stands in', async () => {
    const text = `migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel('Order')]),`;
    const [file] = await lowerFiles(new Map([['shop/migrations/0001_x.py', migrationText(text, '', '')]]));
    const [change] = file?.migration.forward ?? [];
    assert.equal(change?.origin.name, 'DeleteModel');
    assert.deepEqual(
      change?.origin.within.map((call) => file?.source.text.slice(call.span.start, call.span.start + 35)),
      ['migrations.SeparateDatabaseAndState'],
    );
  });
});

describe('RunSQL', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a string',
      "migrations.RunSQL('DROP VIEW v'),",
      `RunSql «DROP VIEW v» [reverse missing] @ 'DROP VIEW v'
DropView v [database] [reverse missing] @ DROP VIEW v`,
    ],
    [
      'statements that meet the schema as the operations and statements before them leave it',
      `migrations.AddField('order', 'a', models.IntegerField(null=True)),
      migrations.RunSQL(['CREATE INDEX i ON shop_order (a)', 'ALTER INDEX i RENAME TO j; DROP INDEX j'], ''),`,
      `AddColumn shop_order.a integer null @ 'a'
RunSql «CREATE INDEX i ON shop_order (a)» «ALTER INDEX i RENAME TO j; DROP INDEX j» [reverse noop] @ ['CREATE INDEX i ON shop_order (a)', 'ALTER INDEX i RENAME TO j; DROP INDEX j']
CreateIndex shop_order: index i (a) [database] [reverse noop] @ CREATE INDEX i ON shop_order (a)
RenameIndex shop_order.i to j [database] [reverse noop] @ ALTER INDEX i RENAME TO j
DropIndex shop_order.j [database] [reverse noop] @ DROP INDEX j`,
    ],
    [
      'a list with parameters',
      "migrations.RunSQL(['VACUUM', ('DELETE FROM t WHERE a = %s', [1])], reverse_sql='C'),",
      `RunSql «VACUUM» «DELETE FROM t WHERE a = %s» [reverse written] @ ['VACUUM', ('DELETE FROM t WHERE a = %s', [1])]
Maintenance vacuum * [database] [reverse written] @ VACUUM
WriteRows delete t filtered [database] [reverse written] @ DELETE FROM t WHERE a = %s`,
    ],
    [
      'a module constant',
      'migrations.RunSQL(SQL),',
      `RunSql «DROP TABLE x» [reverse missing] @ SQL
DropTable x [database] [reverse missing] @ DROP TABLE x`,
    ],
    ['something put together', 'migrations.RunSQL(build()),', 'RunSql ? [reverse missing] @ build()'],
    ['nothing', 'migrations.RunSQL(migrations.RunSQL.noop),', ''],
    [
      'a declared state',
      `migrations.RunSQL('ALTER TABLE shop_order DROP note',
        state_operations=[migrations.RemoveField('order', 'note')]),`,
      `RunSql «ALTER TABLE shop_order DROP note» [reverse missing] @ 'ALTER TABLE shop_order DROP note'
DropColumn shop_order.note [database] [reverse missing] @ DROP note
DropColumn shop_order.note [state] @ 'note'`,
    ],
  ];
  for (const [title, now, expected] of cases) {
    it(title, () =>
      checkChanges({ before: order, now, module: "SQL = 'DROP TABLE x'\nfrom acme import build" }, expected),
    );
  }
});

describe('SQL for another database', () => {
  it('is told by its words', () =>
    checkChanges(
      { before: order, now: "migrations.RunSQL('TRUNCATE TABLE shop_order'),", target: { database: 'mysql' } },
      `RunSql «TRUNCATE TABLE shop_order» [reverse missing] @ 'TRUNCATE TABLE shop_order'
Truncate shop_order restart identity [database] [reverse missing] @ TRUNCATE TABLE shop_order`,
    ));
});

describe('operations that nobody knows', () => {
  it('are said to be unknown', () =>
    checkChanges(
      { now: "acme.Reindex('order'),", module: 'import acme' },
      'Opaque what acme.Reindex does is not known @ acme.Reindex',
    ));

  it('are followed where they only give another name to one of Django', () =>
    checkChanges(
      { now: "Drop('order'),", module: 'class Drop(migrations.DeleteModel):\n    reversible = False' },
      "DropTable shop_order cascade @ 'order'",
    ));

  it('are not where they change what it does', async () => {
    const module = 'class Drop(migrations.DeleteModel):\n    def database_forwards(self, *args):\n        pass';
    const now = "Drop('order'), migrations.CreateModel('Order', [('a', models.TextField(primary_key=True))]),";
    assert.match((await changesOf({ before: order, now, module })).join('\n'), /^Opaque what Drop does is not known/);
  });
});

describe('an operation derived from one of Django', () => {
  it('changes the state like it', async () => {
    const module = 'class Drop(migrations.DeleteModel):\n    def database_forwards(self, *args):\n        pass';
    const operations = `${order} Drop('order'),`;
    const [file] = await lowerFiles(new Map([['shop/migrations/0001_x.py', migrationText(operations, module, '')]]));
    assert.equal(file?.state.apps.get('shop')?.has('order'), false);
  });
});

describe('transactions', () => {
  const now = `migrations.AddField('order', 'a', models.IntegerField(null=True)),
    migrations.RunPython(migrations.RunPython.noop),
    migrations.RunPython(migrations.RunPython.noop, atomic=True),`;
  const idsOf = async (body: string, database: 'postgresql' | 'mysql'): Promise<readonly (string | undefined)[]> => {
    const files = new Map([['shop/migrations/0001_x.py', migrationText(now, '', body)]]);
    const [file] = await lowerFiles(files, { target: { database } });
    return file?.migration.forward.map((change) => change.transaction?.replace(/:\d+$/, ':own')) ?? [];
  };

  it('are one for an atomic migration', async () => {
    assert.deepEqual(await idsOf('', 'postgresql'), ['shop.0001_x', 'shop.0001_x', 'shop.0001_x']);
  });

  it('are none without it, but for data functions that ask for one', async () => {
    assert.deepEqual(await idsOf('    atomic = False', 'postgresql'), [undefined, undefined, 'shop.0001_x:own']);
  });

  it('are none for schema operations on MySQL', async () => {
    assert.deepEqual(await idsOf('', 'mysql'), [undefined, 'shop.0001_x:own', 'shop.0001_x:own']);
  });
});
