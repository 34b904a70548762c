import assert from 'node:assert/strict';
import type { DatabaseKind } from '../../../server/src/base/target.ts';
import { migrationText } from './check-changes.ts';
import { lowerFiles } from './lower-files.ts';
import { printColumn } from './print-change.ts';

/** The column that `AddField` adds for a field. */
async function columnOf(field: string, database: DatabaseKind): Promise<string> {
  const operations = `migrations.CreateModel('Target', [('id', models.PositiveIntegerField(primary_key=True))]),
    migrations.AddField('order', 'f', ${field}),`;
  const text = migrationText(operations, 'import django.contrib.gis.db.models', '');
  const [file] = await lowerFiles(new Map([['shop/migrations/0001_x.py', text]]), { target: { database } });
  const change = file?.migration.forward.find((each) => each.kind === 'AddColumn');
  assert.equal(change?.kind, 'AddColumn', field);
  return change.kind === 'AddColumn' ? printColumn({ ...change.column, nullable: true }).replace(' null', '') : '';
}

// As `db_type` of Django 5.2's backends says it.
const cases: readonly (readonly [field: string, postgresql: string, mysql: string, sqlite: string])[] = [
  ['models.CharField(max_length=9)', 'f varchar(9)', 'f varchar(9)', 'f varchar(9)'],
  ['models.CharField()', 'f varchar', 'f varchar', 'f varchar'],
  ['models.CharField(max_length=settings.LENGTH)', 'f unknown', 'f unknown', 'f unknown'],
  ['models.EmailField()', 'f varchar(254)', 'f varchar(254)', 'f varchar(254)'],
  ['models.TextField()', 'f text', 'f longtext', 'f text'],
  ['models.BooleanField()', 'f boolean', 'f bool', 'f bool'],
  ['models.DateTimeField()', 'f timestamp with time zone', 'f datetime(6)', 'f datetime'],
  ['models.DecimalField(max_digits=8, decimal_places=2)', 'f numeric(8, 2)', 'f numeric(8, 2)', 'f decimal'],
  ['models.DecimalField(None, None, 8, 2)', 'f numeric(8, 2)', 'f numeric(8, 2)', 'f decimal'],
  [
    'models.PositiveIntegerField()',
    'f integer check ("f" >= 0)',
    'f integer unsigned',
    'f integer unsigned check ("f" >= 0)',
  ],
  ['models.UUIDField()', 'f uuid', 'f char(32)', 'f char(32)'],
  ['models.JSONField()', 'f jsonb', 'f json', 'f text check ((JSON_VALID("f") OR "f" IS NULL))'],
  ['models.ImageField()', 'f varchar(100)', 'f varchar(100)', 'f varchar(100)'],
  ['models.FloatField()', 'f double precision', 'f double precision', 'f real'],
  [
    'models.BigAutoField(primary_key=True)',
    'f bigint primary key identity',
    'f bigint primary key identity',
    'f integer primary key identity',
  ],
  [
    "models.ForeignKey('Target', models.CASCADE)",
    'f_id integer references shop_target.id',
    'f_id integer unsigned references shop_target.id',
    'f_id integer references shop_target.id',
  ],
  ['django.contrib.postgres.fields.ArrayField(models.IntegerField())', 'f integer[]', 'f unknown', 'f unknown'],
  [
    'django.contrib.postgres.fields.ArrayField(django.contrib.postgres.fields.ArrayField(models.TextField()))',
    'f text[][]',
    'f unknown',
    'f unknown',
  ],
  ['django.contrib.postgres.fields.DateRangeField()', 'f daterange', 'f unknown', 'f unknown'],
  ['django.contrib.gis.db.models.PointField()', 'f unknown', 'f unknown', 'f unknown'],
  ['django.contrib.gis.db.models.IntegerField()', 'f integer', 'f integer', 'f integer'],
  [
    "models.GeneratedField(expression=models.F('a'), output_field=models.IntegerField(), db_persist=True)",
    'f integer stored',
    'f integer stored',
    'f integer stored',
  ],
  ['acme.Color()', 'f unknown', 'f unknown', 'f unknown'],
];

describe('column types', () => {
  for (const [field, postgresql, mysql, sqlite] of cases) {
    it(field, async () => {
      assert.equal(await columnOf(field, 'postgresql'), postgresql);
      assert.equal(await columnOf(field, 'mysql'), mysql);
      assert.equal(await columnOf(field, 'sqlite'), sqlite);
    });
  }
});
