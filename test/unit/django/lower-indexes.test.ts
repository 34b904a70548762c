import { checkChanges } from './check-changes.ts';

const order = `
migrations.CreateModel(
    name='Order',
    fields=[
        ('id', models.BigAutoField(primary_key=True)),
        ('number', models.IntegerField(null=True, db_column='no')),
        ('data', models.JSONField(null=True)),
    ],
    options={'constraints': [
        models.UniqueConstraint(fields=['number'], name='order_unique'),
        models.UniqueConstraint(fields=['number'], condition=models.Q(data=None), name='order_unique_some'),
        models.CheckConstraint(condition=models.Q(number__gt=0), name='order_positive'),
    ]},
),`;

describe('indexes and constraints', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a plain index',
      "migrations.AddIndex('order', models.Index(fields=['number'], name='by_number')),",
      'CreateIndex shop_order: index by_number (no) @ migrations.AddIndex',
    ],
    [
      'an index of another kind',
      "migrations.AddIndex('order', django.contrib.postgres.indexes.GinIndex(fields=['data'], name='by_data')),",
      'CreateIndex shop_order: index by_data (data) gin @ migrations.AddIndex',
    ],
    [
      'an index on an expression',
      "migrations.AddIndex('order', models.Index(django.db.models.functions.Abs('number'), name='by_size')),",
      'CreateIndex shop_order: index by_size () expressions @ migrations.AddIndex',
    ],
    [
      'an index built concurrently',
      "AddIndexConcurrently('order', models.Index(fields=['number'], name='by_number')),",
      'CreateIndex shop_order: index by_number (no) concurrently @ AddIndexConcurrently',
    ],
    [
      'an index dropped concurrently',
      "RemoveIndexConcurrently('order', 'by_number'),",
      'DropIndex shop_order.by_number concurrently @ RemoveIndexConcurrently',
    ],
    [
      'an index renamed',
      "migrations.RenameIndex('order', new_name='b', old_name='a'),",
      "RenameIndex shop_order.a to b @ 'b'",
    ],
    [
      'a unique constraint',
      "migrations.AddConstraint('order', models.UniqueConstraint(fields=['number'], name='u')),",
      'AddConstraint shop_order: unique u (no) @ migrations.AddConstraint',
    ],
    [
      'a unique constraint with a condition: an index',
      "migrations.AddConstraint('order', models.UniqueConstraint(fields=['number'], condition=models.Q(data=None), name='u')),",
      'CreateIndex shop_order: unique index u (no) partial @ migrations.AddConstraint',
    ],
    [
      'a check that proves NOT NULL',
      "AddConstraintNotValid('order', models.CheckConstraint(check=models.Q(number__isnull=False), name='c')),",
      'AddConstraint shop_order: check c (no) "no" IS NOT NULL proves no not valid @ AddConstraintNotValid',
    ],
    [
      'the same, said the other way round',
      "migrations.AddConstraint('order', models.CheckConstraint(condition=~models.Q(number__isnull=True), name='c')),",
      'AddConstraint shop_order: check c (no) "no" IS NOT NULL proves no @ migrations.AddConstraint',
    ],
    [
      'a validation',
      "ValidateConstraint(model_name='order', name='c'),",
      'ValidateConstraint shop_order.c @ ValidateConstraint',
    ],
    [
      'a constraint removed',
      "migrations.RemoveConstraint('order', 'order_positive'),",
      "DropConstraint shop_order.order_positive check @ 'order_positive'",
    ],
    [
      'a constraint removed that is an index',
      "migrations.RemoveConstraint('order', 'order_unique_some'),",
      "DropIndex shop_order.order_unique_some @ 'order_unique_some'",
    ],
    [
      'a constraint whose message alone is altered',
      "migrations.AlterConstraint('order', 'order_positive', models.CheckConstraint(condition=models.Q(number__gt=0), name='order_positive', violation_error_message='!')),",
      '',
    ],
    ['an extension', 'TrigramExtension(),', 'OtherStatement CREATE EXTENSION @ TrigramExtension'],
  ];
  for (const [title, now, expected] of cases) it(title, () => checkChanges({ before: order, now }, expected));

  it('leaves out what MySQL cannot build', () =>
    checkChanges(
      {
        before: order,
        now: "migrations.AddConstraint('order', models.UniqueConstraint(fields=['number'], condition=models.Q(data=None), name='u')),",
        target: { database: 'mysql' },
      },
      '',
    ));

  it('drops and builds where SQLite cannot rename', () =>
    checkChanges(
      {
        before: `${order} migrations.AddIndex('order', models.Index(fields=['number'], name='a')),`,
        now: "migrations.RenameIndex('order', new_name='b', old_name='a'),",
        target: { database: 'sqlite' },
      },
      "DropIndex shop_order.a @ 'b'\nCreateIndex shop_order: index b (no) @ 'b'",
    ));
});

describe('operations of other packages', () => {
  const module = 'from django_pg_migration_tools import operations as safer';
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'an index',
      "safer.SaferAddIndexConcurrently('order', models.Index(fields=['number'], name='i')),",
      'CreateIndex shop_order: index i (no) concurrently @ safer.SaferAddIndexConcurrently',
    ],
    [
      'a unique constraint',
      "safer.SaferAddUniqueConstraint('order', models.UniqueConstraint(fields=['number'], name='u')),",
      `CreateIndex shop_order: unique index u (no) concurrently @ safer.SaferAddUniqueConstraint
       AddConstraint shop_order: unique u (no) using u @ safer.SaferAddUniqueConstraint`,
    ],
    [
      'NOT NULL',
      "safer.SaferAlterFieldSetNotNull('order', 'number', models.IntegerField(db_column='no')),",
      `AddConstraint shop_order: check ~shop_order_no_is_not_null (no) "no" IS NOT NULL proves no not valid @ safer.SaferAlterFieldSetNotNull
       ValidateConstraint shop_order.shop_order_no_is_not_null @ safer.SaferAlterFieldSetNotNull
       AlterColumn shop_order.no to no integer not null @ models.IntegerField
       DropConstraint shop_order.shop_order_no_is_not_null check @ safer.SaferAlterFieldSetNotNull`,
    ],
    [
      'a foreign key',
      "safer.SaferAddFieldForeignKey('order', 'parent', models.ForeignKey('self', models.CASCADE, null=True)),",
      `AddColumn shop_order.parent_id bigint null looks at shop_order.id @ 'parent'
       CreateIndex shop_order: index ~shop_order_parent_id_e9066028 (parent_id) concurrently @ models.ForeignKey
       AddConstraint shop_order: foreign-key shop_order_parent_id_e9066028_fk_shop_order_id (parent_id) references shop_order not valid @ safer.SaferAddFieldForeignKey
       ValidateConstraint shop_order.shop_order_parent_id_e9066028_fk_shop_order_id @ safer.SaferAddFieldForeignKey`,
    ],
  ];
  for (const [title, now, expected] of cases) it(title, () => checkChanges({ before: order, now, module }, expected));
});
