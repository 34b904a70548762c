import assert from 'node:assert/strict';
import type { Change } from '../../../server/src/schema/change.ts';
import { applyChange } from '../../../server/src/schema/replay.ts';
import { emptySchema, findTable, type Schema } from '../../../server/src/schema/schema.ts';
import { tableName } from '../../../server/src/schema/table-name.ts';
import { migrationText } from '../django/check-changes.ts';
import { lowerFiles } from '../django/lower-files.ts';
import { printColumn, printConstraint, printIndex } from '../django/print-change.ts';

const shop = `
migrations.CreateModel('Customer', [('id', models.AutoField(primary_key=True))]),
migrations.CreateModel('Order', [
    ('id', models.BigAutoField(primary_key=True)),
    ('code', models.CharField(max_length=9, unique=True)),
    ('count', models.PositiveIntegerField(db_index=True)),
    ('customer', models.ForeignKey('Customer', models.CASCADE)),
], {'constraints': [models.UniqueConstraint(fields=['code'], name='by_hand')]}),`;

async function replayed(...migrations: readonly string[]): Promise<Schema> {
  const files = migrations.map((text, index): [string, string] => [
    `shop/migrations/000${index + 1}_x.py`,
    migrationText(text, '', ''),
  ]);
  let schema = emptySchema;
  for (const { migration } of await lowerFiles(new Map(files))) {
    for (const change of migration.forward) schema = applyChange(schema, change, migration.id);
  }
  return schema;
}

function printTable(schema: Schema, name: string): string {
  const table = findTable(schema, tableName(name));
  if (!table) return 'no such table';
  return [
    ...[...table.columns.values()].map(printColumn),
    ...[...table.indexes.values()].map(printIndex),
    ...[...table.constraints.values()].map(printConstraint),
    ...(table.complete ? [] : ['…']),
  ].join('\n');
}

async function checkTable(name: string, migrations: readonly string[], expected: string): Promise<void> {
  const printed = printTable(await replayed(...migrations), name);
  assert.equal(printed, expected.replaceAll(/^\s+/gm, '').trim());
}

describe('replay', () => {
  it('knows a table as it was created, with what stands beside its columns', () =>
    checkTable(
      'shop_order',
      [shop],
      `id bigint not null primary key identity
       code varchar(9) not null unique
       count integer not null check ("count" >= 0)
       customer_id integer not null references shop_customer.id
       index shop_order_code_15db80c4_like (code) varchar_pattern_ops
       index shop_order_count_13a0bebb (count)
       index shop_order_customer_id_f638df20 (customer_id)
       unique ~shop_order_code_key (code)
       check ~shop_order_count_check (count) "count" >= 0
       unique by_hand (code)`,
    ));

  it('takes indexes and constraints away with a column', () =>
    checkTable(
      'shop_order',
      [shop, "migrations.RemoveField('order', 'code'), migrations.RemoveField('order', 'count'),"],
      `id bigint not null primary key identity
       customer_id integer not null references shop_customer.id
       index shop_order_customer_id_f638df20 (customer_id)`,
    ));

  it('carries them along with a renamed column, under their old names', () =>
    checkTable(
      'shop_order',
      [shop, "migrations.RemoveField('order', 'code'), migrations.RenameField('order', 'count', 'pieces'),"],
      `id bigint not null primary key identity
       pieces integer not null check ("pieces" >= 0)
       customer_id integer not null references shop_customer.id
       index shop_order_count_13a0bebb (pieces)
       index shop_order_customer_id_f638df20 (customer_id)
       check ~shop_order_count_check (pieces) "pieces" >= 0`,
    ));

  it('finds by its columns what has another name by now', () =>
    checkTable(
      'shop_order',
      [
        shop,
        `migrations.RemoveField('order', 'code'), migrations.RemoveField('order', 'customer'),
         migrations.RenameField('order', 'count', 'pieces'),`,
        "migrations.AlterField('order', 'pieces', models.IntegerField()),",
      ],
      `id bigint not null primary key identity
       pieces integer not null`,
    ));

  it('keeps a constraint that was named by hand when another on the same column goes', async () => {
    const schema = await replayed(shop, "migrations.AlterField('order', 'code', models.CharField(max_length=9)),");
    const table = findTable(schema, tableName('shop_order'));
    assert.deepEqual([...(table?.constraints.keys() ?? [])], ['shop_order_count_check', 'by_hand']);
    assert.equal(table?.columns.get('code')?.unique, true);
  });

  it('points foreign keys to a renamed table, and to nothing once it is dropped', async () => {
    const renamed = await replayed(shop, "migrations.AlterModelTable('customer', 'people'),");
    const before = findTable(renamed, tableName('shop_order'))?.columns.get('customer_id');
    assert.equal(before?.references?.table.name, 'people');
    const dropped = await replayed(shop, "migrations.DeleteModel('Customer'),");
    const after = findTable(dropped, tableName('shop_order'))?.columns.get('customer_id');
    assert.equal(after?.references, undefined);
  });

  it('validates a constraint', async () => {
    const notValid =
      "AddConstraintNotValid('order', models.CheckConstraint(condition=models.Q(count__lt=9), name='few')),";
    const few = (schema: Schema) => findTable(schema, tableName('shop_order'))?.constraints.get('few')?.validated;
    assert.equal(few(await replayed(shop, notValid)), false);
    assert.equal(few(await replayed(shop, notValid, "ValidateConstraint('order', 'few'),")), true);
  });

  it('remembers what left the state and stayed in the database', async () => {
    const removed = `migrations.SeparateDatabaseAndState(state_operations=[
      migrations.RemoveField('order', 'count'), migrations.DeleteModel('Customer'),
    ]),`;
    const schema = await replayed(shop, removed);
    assert.equal(findTable(schema, tableName('shop_order'))?.columns.get('count')?.leftStateIn, 'shop.0002_x');
    assert.equal(findTable(schema, tableName('shop_customer'))?.leftStateIn, 'shop.0002_x');
    const gone = await replayed(
      shop,
      removed,
      "migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL('…'), migrations.RemoveField('order', 'count')]),",
    );
    assert.equal(findTable(gone, tableName('shop_order'))?.columns.has('count'), false);
  });

  it('takes what enters the state alone to be there already, from out of sight', async () => {
    const schema = await replayed(
      shop,
      `migrations.SeparateDatabaseAndState(state_operations=[
        migrations.AddField('order', 'note', models.TextField(null=True)),
        migrations.CreateModel('Old', [('id', models.AutoField(primary_key=True))]),
      ]),`,
    );
    assert.equal(findTable(schema, tableName('shop_order'))?.columns.get('note')?.bornIn, undefined);
    assert.equal(findTable(schema, tableName('shop_order'))?.columns.get('count')?.bornIn, 'shop.0001_x');
    const old = findTable(schema, tableName('shop_old'));
    assert.deepEqual([old?.bornIn, old?.complete], [undefined, false]);
  });

  it('knows where a table was born of which no column can be read', async () => {
    const schema = await replayed("migrations.CreateModel('Odd', fields=made_up()),");
    assert.equal(findTable(schema, tableName('shop_odd'))?.bornIn, 'shop.0001_x');
  });

  it('knows no more of a table than was done to it, where it was created out of sight', () =>
    checkTable('shop_legacy', ["migrations.AddField('legacy', 'a', models.TextField(null=True)),"], 'a text null\n…'));

  it('leaves the schemas before as they were', async () => {
    const files = new Map([
      ['shop/migrations/0001_x.py', migrationText(`${shop} migrations.DeleteModel('Customer'),`, '', '')],
    ]);
    const [file] = await lowerFiles(files);
    const changes: readonly Change[] = file?.migration.forward ?? [];
    const steps: Schema[] = [];
    let schema = emptySchema;
    for (const change of changes) {
      steps.push(schema);
      schema = applyChange(schema, change, 'shop.0001_x');
    }
    assert.deepEqual(
      [...steps, schema].map(({ tables }) => [...tables.keys()].sort()),
      [[], ['shop_customer'], ['shop_customer', 'shop_order'], ['shop_order']],
    );
  });

  it('counts the rows that the migration of a table writes into it', async () => {
    const schema = await replayed(shop);
    const insert = {
      kind: 'WriteRows',
      operation: 'insert',
      table: tableName('shop_order'),
      applies: { state: true, database: true },
      certainty: 'certain',
    } as Change;
    assert.equal(findTable(schema, tableName('shop_order'))?.hasRows, false);
    assert.equal(findTable(applyChange(schema, insert, 'x'), tableName('shop_order'))?.hasRows, true);
  });
});
