/** An operation on the models below, and what its migration needs besides. */
interface DjangoOperation {
  readonly operation: string;
  readonly imports?: string;
  readonly atomic?: false;
  /** Takes it back, as far as it has been run: what runs outside a transaction is run several times. */
  readonly undo?: string;
}

const models = 'from django.db import migrations, models';
const postgres = 'from django.contrib.postgres.operations import';

/** `Shelf` and `Book` in all their parts, and rows enough to be read. */
const FIRST_MIGRATION = `from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    operations = [
        migrations.CreateModel(
            name="Shelf",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=20, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Author",
            fields=[("id", models.AutoField(primary_key=True)), ("name", models.TextField(null=True))],
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
                ("subtitle", models.CharField(max_length=100, null=True)),
                ("isbn", models.SlugField(max_length=13)),
                ("pages", models.IntegerField(null=True)),
                ("price", models.DecimalField(max_digits=8, decimal_places=2)),
                ("weight", models.PositiveIntegerField(default=0)),
                ("shelf", models.ForeignKey("library.shelf", models.CASCADE)),
                ("authors", models.ManyToManyField("library.author")),
            ],
        ),
    ]
`;

export const ROWS = [
  "INSERT INTO library_shelf (code) SELECT 's' || n FROM generate_series(1, 30) n",
  "INSERT INTO library_author (name) SELECT 'a' || n FROM generate_series(1, 30) n",
  `INSERT INTO library_book (title, subtitle, isbn, pages, price, weight, shelf_id)
   SELECT 't' || n, 's', 'i' || n, n, n, n, n FROM generate_series(1, 30) n`,
];

/** One migration each, in this order; a later one may build on an earlier one. */
export const OPERATIONS: Readonly<Record<string, DjangoOperation>> = {
  add_nullable: op('AddField("book", "note", models.TextField(null=True))'),
  add_python_default: op('AddField("book", "stars", models.IntegerField(default=3))'),
  add_database_default: op('AddField("book", "language", models.CharField(max_length=2, db_default="en"))'),
  add_blank_text: op('AddField("book", "blurb", models.TextField(blank=True))'),
  add_now: op('AddField("book", "added_at", models.DateTimeField(auto_now_add=True))'),
  add_volatile: {
    imports: 'from django.contrib.postgres.functions import RandomUUID',
    operation: 'migrations.AddField("book", "token", models.UUIDField(db_default=RandomUUID()))',
  },
  add_checked: op('AddField("book", "copies", models.PositiveIntegerField(null=True))'),
  add_unique: op('AddField("book", "ean", models.CharField(max_length=13, null=True, unique=True))'),
  add_indexed: op('AddField("book", "genre", models.CharField(max_length=20, null=True, db_index=True))'),
  add_foreign_key: op('AddField("book", "next", models.ForeignKey("library.author", models.CASCADE, null=True))'),
  add_loose_foreign_key: op(
    'AddField("book", "store", models.ForeignKey("library.shelf", models.CASCADE, null=True, db_constraint=False, db_index=False, related_name="+"))',
  ),
  add_one_to_one: op(
    'AddField("book", "twin", models.OneToOneField("library.shelf", models.CASCADE, null=True, related_name="+"))',
  ),
  add_many_to_many: op('AddField("book", "shelves", models.ManyToManyField("library.shelf", related_name="+"))'),
  add_generated: op(
    'AddField("book", "double", models.GeneratedField(expression=models.F("weight") * 2, output_field=models.IntegerField(), db_persist=True))',
  ),

  widen_text: op('AlterField("book", "title", models.CharField(max_length=200))'),
  narrow_text: op('AlterField("book", "title", models.CharField(max_length=150))'),
  text_without_limit: op('AlterField("book", "title", models.TextField())'),
  widen_slug: op('AlterField("book", "isbn", models.SlugField(max_length=20))'),
  slug_to_text: op('AlterField("book", "isbn", models.TextField(db_index=True))'),
  widen_number: op('AlterField("book", "pages", models.BigIntegerField(null=True))'),
  widen_decimal: op('AlterField("book", "price", models.DecimalField(max_digits=10, decimal_places=2))'),
  rescale_decimal: op('AlterField("book", "price", models.DecimalField(max_digits=12, decimal_places=4))'),
  positive_to_plain: op('AlterField("book", "copies", models.IntegerField(null=True))'),
  plain_to_positive: op('AlterField("book", "pages", models.PositiveBigIntegerField(null=True))'),
  change_nothing: op('AlterField("book", "note", models.TextField(null=True, blank=True, help_text="For staff."))'),
  set_database_default: op('AlterField("book", "stars", models.IntegerField(db_default=3))'),
  drop_database_default: op('AlterField("book", "stars", models.IntegerField(default=3))'),
  drop_not_null: op('AlterField("book", "stars", models.IntegerField(null=True))'),
  set_not_null: op('AlterField("book", "stars", models.IntegerField())'),
  set_not_null_with_default: op('AlterField("book", "subtitle", models.CharField(max_length=100, default=""))'),
  index_column: op('AlterField("book", "stars", models.IntegerField(db_index=True))'),
  index_no_more: op('AlterField("book", "stars", models.IntegerField())'),
  make_unique: op('AlterField("book", "isbn", models.TextField(unique=True))'),
  unique_no_more: op('AlterField("book", "isbn", models.TextField())'),
  number_to_foreign_key: op(
    'AlterField("book", "store", models.ForeignKey("library.shelf", models.CASCADE, null=True, related_name="+"))',
  ),
  foreign_key_to_number: op(
    'AlterField("book", "store", models.ForeignKey("library.shelf", models.CASCADE, null=True, db_constraint=False, related_name="+"))',
  ),
  widen_referenced_key: op('AlterField("author", "id", models.BigAutoField(primary_key=True))'),
  rename_column: op('RenameField("book", "note", "remark")'),
  rename_foreign_key: op('RenameField("book", "next", "sequel_by")'),
  remove_indexed: op('RemoveField("book", "genre")'),
  remove_foreign_key: op('RemoveField("book", "twin")'),
  remove_many_to_many: op('RemoveField("book", "shelves")'),

  add_index: op('AddIndex("book", models.Index(fields=["title"], name="book_title_idx"))'),
  add_partial_index: op(
    'AddIndex("book", models.Index(fields=["price"], condition=models.Q(pages__gt=1), name="book_price_idx"))',
  ),
  rename_index: op('RenameIndex("book", new_name="book_heading_idx", old_name="book_title_idx")'),
  remove_index: op('RemoveIndex("book", "book_price_idx")'),
  add_index_concurrently: {
    imports: `${postgres} AddIndexConcurrently`,
    operation: 'AddIndexConcurrently("book", models.Index(fields=["weight"], name="book_weight_idx"))',
    atomic: false,
    undo: 'DROP INDEX IF EXISTS book_weight_idx',
  },
  remove_index_concurrently: {
    imports: `${postgres} RemoveIndexConcurrently`,
    operation: 'RemoveIndexConcurrently("book", "book_weight_idx")',
    atomic: false,
    undo: 'CREATE INDEX IF NOT EXISTS book_weight_idx ON library_book (weight)',
  },
  add_check: op('AddConstraint("book", models.CheckConstraint(condition=models.Q(pages__gt=0), name="book_pages"))'),
  remove_check: op('RemoveConstraint("book", "book_pages")'),
  add_check_not_valid: {
    imports: `${postgres} AddConstraintNotValid`,
    operation:
      'AddConstraintNotValid("book", models.CheckConstraint(condition=models.Q(pages__isnull=False), name="book_pages_set"))',
  },
  validate_check: {
    imports: `${postgres} ValidateConstraint`,
    operation: 'ValidateConstraint("book", "book_pages_set")',
  },
  set_proven_not_null: op('AlterField("book", "pages", models.PositiveBigIntegerField())'),
  add_unique_constraint: op('AddConstraint("book", models.UniqueConstraint(fields=["title"], name="book_title_once"))'),
  add_unique_condition: op(
    'AddConstraint("book", models.UniqueConstraint(fields=["price"], condition=models.Q(pages__gt=1), name="book_price_once"))',
  ),
  remove_unique_constraint: op('RemoveConstraint("book", "book_title_once")'),
  unique_together: op('AlterUniqueTogether("book", {("title", "price")})'),
  unique_together_no_more: op('AlterUniqueTogether("book", set())'),

  create_model: op(
    'CreateModel("Loan", [("id", models.BigAutoField(primary_key=True)), ("book", models.ForeignKey("library.book", models.CASCADE))])',
  ),
  rename_model: op('RenameModel("Author", "Writer")'),
  rename_table: op('AlterModelTable("loan", "loans")'),
  order_with_respect_to: op('AlterOrderWithRespectTo("loan", "book")'),
  other_column_name: op('AlterField("shelf", "code", models.CharField(max_length=20, unique=True, db_column="label"))'),
  other_collation: op('AlterField("book", "blurb", models.TextField(blank=True, db_collation="C"))'),
  foreign_key_to_one_to_one: op('AlterField("book", "shelf", models.OneToOneField("library.shelf", models.CASCADE))'),
  foreign_key_nullable: op(
    'AlterField("book", "shelf", models.OneToOneField("library.shelf", models.CASCADE, null=True))',
  ),
  add_descending_index: op('AddIndex("book", models.Index(fields=["-added_at", "price"], name="book_news_idx"))'),
  add_expression_index: {
    imports: 'from django.db.models.functions import Lower',
    operation: 'migrations.AddIndex("book", models.Index(Lower("title"), name="book_lower_idx"))',
  },
  add_hash_index: {
    imports: 'from django.contrib.postgres.indexes import HashIndex',
    operation: 'migrations.AddIndex("book", HashIndex(fields=["ean"], name="book_ean_hash"))',
  },
  add_covering_unique: op(
    'AddConstraint("book", models.UniqueConstraint(fields=["ean"], include=["price"], name="book_ean_with_price"))',
  ),
  add_deferred_unique: op(
    'AddConstraint("book", models.UniqueConstraint(fields=["ean", "price"], deferrable=models.Deferrable.DEFERRED, name="book_ean_later"))',
  ),
  add_exclusion: {
    imports: 'from django.contrib.postgres.constraints import ExclusionConstraint',
    operation:
      'migrations.AddConstraint("book", ExclusionConstraint(name="book_one_ean", expressions=[("isbn", "=")], index_type="SPGIST"))',
  },
  text_to_array: {
    imports: 'from django.contrib.postgres.fields import ArrayField',
    operation: 'migrations.AddField("book", "tags", ArrayField(models.CharField(max_length=20), default=list))',
  },
  json: op('AddField("book", "extra", models.JSONField(default=dict))'),
  two_at_once: {
    operation: `migrations.AddField("book", "edition", models.IntegerField(null=True)),
        migrations.AddIndex("book", models.Index(fields=["edition"], name="book_edition_idx"))`,
  },
  state_only: op('SeparateDatabaseAndState(state_operations=[migrations.RemoveField("book", "remark")])'),
  delete_model: op('DeleteModel("Loan")'),
};

function op(operation: string): DjangoOperation {
  return { operation: `migrations.${operation}` };
}

/** The project with all of them, as one text. */
export function operationsProject(): string {
  const slugs = Object.keys(OPERATIONS);
  const files = slugs.map((slug, index) => {
    const before = index === 0 ? '0001_initial' : migrationName(index - 1);
    return `# file: library/migrations/${migrationName(index)}.py\n${migrationText(OPERATIONS[slug], before)}`;
  });
  return `# file: library/models.py\n# file: library/migrations/0001_initial.py\n${FIRST_MIGRATION}${files.join('')}`;
}

export function migrationName(index: number): string {
  return `${String(index + 2).padStart(4, '0')}_${Object.keys(OPERATIONS)[index]}`;
}

function migrationText(one: DjangoOperation | undefined, before: string): string {
  if (one === undefined) throw new RangeError('There is no such operation.');
  return `${one.imports === undefined ? '' : `${one.imports}\n`}${models}


class Migration(migrations.Migration):
${one.atomic === false ? '    atomic = False\n' : ''}
    dependencies = [
        ("library", "${before}"),
    ]

    operations = [
        ${one.operation},
    ]
`;
}
