import { checkChanges } from './check-changes.ts';

const shop = `
migrations.CreateModel(
    name='Customer',
    fields=[('id', models.AutoField(primary_key=True)), ('name', models.CharField(max_length=30))],
),
migrations.CreateModel(
    name='Order',
    fields=[
        ('id', models.BigAutoField(primary_key=True)),
        ('customer', models.ForeignKey(to='shop.customer', on_delete=django.db.models.deletion.CASCADE)),
        ('watchers', models.ManyToManyField(to='shop.customer')),
        ('number', models.IntegerField()),
        ('year', models.IntegerField()),
    ],
),`;

describe('CreateModel', () => {
  it('builds the table with its keys, indexes and constraints', () =>
    checkChanges(
      {
        now: `migrations.CreateModel(
            name='Line',
            fields=[
                ('sku', models.SlugField(unique=True)),
                ('count', models.PositiveIntegerField(default=1)),
                ('price', models.DecimalField(max_digits=8, decimal_places=2)),
                ('tags', django.contrib.postgres.fields.ArrayField(models.CharField(max_length=5))),
                ('user', models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True)),
            ],
            options={
                'unique_together': {('sku', 'count')},
                'indexes': [models.Index(fields=['-price'], name='line_price')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(price__gte=0), name='line_price_check'),
                    models.UniqueConstraint(fields=['price'], condition=models.Q(count__gt=1), name='line_some'),
                ],
            },
        ),`,
      },
      `CreateTable shop_line
         id bigint not null primary key identity
         sku varchar(50) not null unique
         count integer not null check ("count" >= 0)
         price numeric(8, 2) not null
         tags varchar(5)[] not null
         user_id integer null unique references auth_user.id
         index shop_line_sku_e1b92242_like (sku) varchar_pattern_ops
         index line_price (price)
         unique index line_some (price) partial
         unique shop_line_sku_count_0c60a342_uniq (sku, count)
         check line_price_check (price) "price" >= 0 @ 'Line'`,
    ));

  it('builds nothing for a proxy', () =>
    checkChanges(
      { before: shop, now: "migrations.CreateModel('Guest', [], {'proxy': True}, bases=('shop.customer',))," },
      '',
    ));

  it('leaves the table of an unmanaged model to others', () =>
    checkChanges(
      {
        now: "migrations.CreateModel('View', [('id', models.IntegerField(primary_key=True))], {'managed': False}),",
      },
      "CreateTable shop_view\nid integer not null primary key [state] @ 'View'",
    ));

  it('leaves the table of a swapped model out', () =>
    checkChanges(
      {
        now: `migrations.CreateModel(
            'User', [('id', models.AutoField(primary_key=True))], {'swappable': 'AUTH_USER_MODEL'},
        ),`,
        userModel: 'people.Person',
      },
      "CreateTable shop_user\nid integer not null primary key identity [state] @ 'User'",
    ));

  it('links a child model to its parent', () =>
    checkChanges(
      { before: shop, now: "migrations.CreateModel('Gift', [('wrap', models.TextField())], bases=('shop.order',))," },
      `CreateTable shop_gift
         order_ptr_id bigint not null primary key references shop_order.id
         wrap text not null @ 'Gift'`,
    ));

  it('admits that fields it cannot read may be there', () =>
    checkChanges(
      { now: "migrations.CreateModel('Odd', fields=[('a', models.TextField())] + extra_fields()),", module: 'x = 1' },
      "CreateTable shop_odd\na text not null\n… [conditional] @ 'Odd'".replace(' [conditional]', ''),
    ));
});

describe('DeleteModel', () => {
  it('drops the table and the join tables of its fields', () =>
    checkChanges(
      { before: shop, now: "migrations.DeleteModel(name='Order')," },
      "DropTable shop_order_watchers cascade @ 'Order'\nDropTable shop_order cascade @ 'Order'",
    ));

  it('drops a table that no migration in sight created', () =>
    checkChanges({ now: "migrations.DeleteModel('Legacy')," }, "DropTable shop_legacy cascade @ 'Legacy'"));
});

describe('RenameModel', () => {
  it('renames the table, the join tables and their columns, and rebuilds the foreign keys', () =>
    checkChanges(
      { before: shop, now: "migrations.RenameModel('Customer', 'Client')," },
      `RenameTable shop_customer to shop_client @ 'Client'
       DropConstraint shop_order.shop_order_customer_id_f638df20_fk_shop_customer_id foreign-key @ 'Client'
       AddConstraint shop_order: foreign-key shop_order_customer_id_f638df20_fk_shop_client_id (customer_id) references shop_client @ 'Client'
       DropConstraint shop_order_watchers.shop_order_watchers_customer_id_6efb26b8_fk_shop_customer_id foreign-key @ 'Client'
       RenameColumn shop_order_watchers.customer_id to client_id @ 'Client'
       AddConstraint shop_order_watchers: foreign-key shop_order_watchers_client_id_d7fb6297_fk_shop_client_id (client_id) references shop_client @ 'Client'`,
    ));

  it('renames no table where db_table pins it', () =>
    checkChanges(
      {
        before: "migrations.CreateModel('A', [('id', models.AutoField(primary_key=True))], {'db_table': 'pinned'}),",
        now: "migrations.RenameModel('A', 'B'),",
      },
      '',
    ));
});

describe('table options', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'another table name',
      "migrations.AlterModelTable('order', 'orders'),",
      "RenameTable shop_order to orders @ 'orders'\nRenameTable shop_order_watchers to orders_watchers @ 'orders'",
    ],
    [
      'unique_together',
      "migrations.AlterUniqueTogether('order', {('number', 'year')}),",
      `AddConstraint shop_order: unique shop_order_number_year_6c7c9f6d_uniq (number, year) @ migrations.AlterUniqueTogether`,
    ],
    [
      'an order',
      "migrations.AlterOrderWithRespectTo('order', 'customer'),",
      "AddColumn shop_order._order integer not null filled with 0 @ 'customer'",
    ],
    ['options that the database never sees', "migrations.AlterModelOptions('order', {'ordering': ['year']}),", ''],
  ];
  for (const [title, now, expected] of cases) it(title, () => checkChanges({ before: shop, now }, expected));

  it('finds what is gone from unique_together', () =>
    checkChanges(
      {
        before: `${shop} migrations.AlterUniqueTogether('order', unique_together=set([('number', 'year')])),`,
        now: "migrations.AlterUniqueTogether(name='order', unique_together=set()),",
      },
      'DropConstraint shop_order.shop_order_number_year_6c7c9f6d_uniq unique @ set()',
    ));
});
