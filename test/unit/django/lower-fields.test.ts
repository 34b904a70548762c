import { checkChanges } from './check-changes.ts';

const order = `
migrations.CreateModel(
    name='Order',
    fields=[
        ('id', models.BigAutoField(primary_key=True)),
        ('number', models.CharField(max_length=20)),
        ('note', models.TextField(null=True)),
    ],
),
migrations.CreateModel(
    name='Customer',
    fields=[('id', models.UUIDField(primary_key=True, default=uuid.uuid4))],
),`;

describe('AddField', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a nullable column',
      "migrations.AddField('order', 'total', models.IntegerField(null=True)),",
      "AddColumn shop_order.total integer null @ 'total'",
    ],
    [
      'a Python default, which is dropped again',
      "migrations.AddField(model_name='order', name='total', field=models.IntegerField(default=0)),",
      "AddColumn shop_order.total integer not null filled with 0 @ 'total'",
    ],
    [
      'a database default, which stays',
      "migrations.AddField('order', 'paid', models.BooleanField(db_default=False)),",
      "AddColumn shop_order.paid boolean not null default false @ 'paid'",
    ],
    [
      'a database default that is a function',
      "migrations.AddField('order', 'at', models.DateTimeField(db_default=django.db.models.functions.Now())),",
      "AddColumn shop_order.at timestamp with time zone not null default stable STATEMENT_TIMESTAMP() @ 'at'",
    ],
    [
      'the empty string that blank=True means',
      "migrations.AddField('order', 'memo', models.CharField(max_length=50, blank=True)),",
      "AddColumn shop_order.memo varchar(50) not null filled with '' @ 'memo'",
    ],
    [
      'now, that auto_now_add means',
      "migrations.AddField('order', 'created', models.DateTimeField(auto_now_add=True)),",
      "AddColumn shop_order.created timestamp with time zone not null filled with ? @ 'created'",
    ],
    [
      'no default at all',
      "migrations.AddField('order', 'total', models.IntegerField()),",
      "AddColumn shop_order.total integer not null @ 'total'",
    ],
    [
      'a foreign key with its index',
      "migrations.AddField('order', 'customer', models.ForeignKey('shop.Customer', models.CASCADE, null=True)),",
      `AddColumn shop_order.customer_id uuid null references shop_customer.id @ 'customer'
       CreateIndex shop_order: index shop_order_customer_id_f638df20 (customer_id) @ models.ForeignKey`,
    ],
    [
      'an indexed text column with the index for LIKE',
      "migrations.AddField('order', 'code', models.CharField(max_length=9, null=True, db_index=True)),",
      `AddColumn shop_order.code varchar(9) null @ 'code'
       CreateIndex shop_order: index shop_order_code_15db80c4 (code) @ db_index=True
       CreateIndex shop_order: index shop_order_code_15db80c4_like (code) varchar_pattern_ops @ db_index=True`,
    ],
    [
      'a many-to-many field: a table of its own',
      "migrations.AddField('order', 'buyers', models.ManyToManyField(to='shop.Customer')),",
      `CreateTable shop_order_buyers
         id bigint not null primary key identity
         order_id bigint not null references shop_order.id
         customer_id uuid not null references shop_customer.id
         index shop_order_buyers_order_id_083dec17 (order_id)
         index shop_order_buyers_customer_id_c30f825b (customer_id)
         unique shop_order_buyers_order_id_customer_id_36bdd1bc_uniq (order_id, customer_id) @ 'buyers'`,
    ],
    [
      'a field of a class that nobody knows',
      "migrations.AddField('order', 'color', acme.fields.ColorField(default='red')),",
      "AddColumn shop_order.color unknown not null filled with 'red' @ 'color'",
    ],
    [
      'null written as a string',
      "migrations.AddField('order', 'total', models.IntegerField(null='True')),",
      "AddColumn shop_order.total integer null @ 'total'",
    ],
  ];
  for (const [title, now, expected] of cases) {
    it(title, () => checkChanges({ before: order, now, module: 'import acme.fields' }, expected));
  }
});

describe('AlterField', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'labels, choices and defaults change nothing',
      "migrations.AlterField('order', 'number', models.CharField(max_length=20, default='-', help_text='No.')),",
      '',
    ],
    [
      'a longer text',
      "migrations.AlterField('order', 'number', models.CharField(max_length=40)),",
      'AlterColumn shop_order.number to number varchar(40) not null @ max_length=40',
    ],
    [
      'a nullable column',
      "migrations.AlterField('order', 'number', models.CharField(max_length=20, null=True)),",
      'AlterColumn shop_order.number to number varchar(20) null @ null=True',
    ],
    [
      'NOT NULL with a default that fills',
      "migrations.AlterField('order', 'note', models.TextField(default='')),",
      "AlterColumn shop_order.note to note text not null filling nulls with '' @ models.TextField",
    ],
    [
      'NOT NULL without one',
      "migrations.AlterField('order', 'note', models.TextField(null=False)),",
      'AlterColumn shop_order.note to note text not null @ null=False',
    ],
    [
      'an index',
      "migrations.AlterField('order', 'number', models.CharField(max_length=20, db_index=True)),",
      `CreateIndex shop_order: index shop_order_number_d6408b6d (number) @ db_index=True
       CreateIndex shop_order: index shop_order_number_d6408b6d_like (number) varchar_pattern_ops @ db_index=True`,
    ],
    [
      'unique',
      "migrations.AlterField('order', 'number', models.CharField(max_length=20, unique=True)),",
      `AddConstraint shop_order: unique shop_order_number_d6408b6d_uniq (number) @ unique=True
       CreateIndex shop_order: index shop_order_number_d6408b6d_like (number) varchar_pattern_ops @ unique=True`,
    ],
    [
      'another column name',
      "migrations.AlterField('order', 'number', models.CharField(max_length=20, db_column='no')),",
      "RenameColumn shop_order.number to no @ db_column='no'",
    ],
  ];
  for (const [title, now, expected] of cases) {
    it(title, () => checkChanges({ before: order, now }, expected));
  }
});

describe('RemoveField and RenameField', () => {
  it('drops the column', () =>
    checkChanges(
      { before: order, now: "migrations.RemoveField('order', 'note')," },
      "DropColumn shop_order.note @ 'note'",
    ));

  it('drops it with CASCADE up to Django 5.2', () =>
    checkChanges(
      { before: order, now: "migrations.RemoveField('order', 'note'),", target: { django: [5, 2] } },
      "DropColumn shop_order.note cascade @ 'note'",
    ));

  it('renames the column', () =>
    checkChanges(
      { before: order, now: "migrations.RenameField('order', 'note', 'memo')," },
      "RenameColumn shop_order.note to memo @ 'note'",
    ));

  it('renames nothing where db_column pins the name', () =>
    checkChanges(
      {
        before: `${order} migrations.AddField('order', 'ref', models.IntegerField(null=True, db_column='reference')),`,
        now: "migrations.RenameField('order', 'ref', 'reference_number'),",
      },
      '',
    ));
});
