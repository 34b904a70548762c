/** Operations in the words of Django, beyond those whose locks are measured; each is a migration of its own. */
interface Case {
  readonly operations: string;
  /** The first Django that knows all of it. */
  readonly since?: number;
}

const CASES: Readonly<Record<string, Case>> = {
  create_plain: {
    operations: `
migrations.CreateModel("Author", [
    ("id", models.AutoField(primary_key=True)),
    ("email", models.EmailField(unique=True)),
    ("site", models.URLField(null=True, db_index=True)),
    ("rank", models.PositiveSmallIntegerField(default=1)),
    ("born", models.DateField(null=True)),
    ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
    ("score", models.FloatField(default=0)),
    ("blob", models.BinaryField(null=True)),
    ("ip", models.GenericIPAddressField(null=True)),
    ("took", models.DurationField(null=True)),
    ("at", models.TimeField(auto_now=True)),
    ("photo", models.ImageField(upload_to="photos")),
    ("friends", models.ManyToManyField("self")),
]),
migrations.CreateModel("Tag", [("slug", models.SlugField(primary_key=True, serialize=False))]),`,
  },
  create_with_meta: {
    operations: `
migrations.CreateModel("Book", [
    ("id", models.BigAutoField(primary_key=True)),
    ("title", models.CharField(max_length=200, db_comment="As it's printed")),
    ("price", models.DecimalField(max_digits=8, decimal_places=2, null=True)),
    ("pages", models.IntegerField(null=True)),
    ("sold", models.BooleanField(default=False)),
    ("state", models.CharField(max_length=10, default="new")),
    ("author", models.ForeignKey("library.author", models.CASCADE, related_name="books")),
    ("reader", models.ForeignKey("library.author", models.SET_NULL, null=True, db_index=False, related_name="+")),
    ("tags", models.ManyToManyField("library.tag", db_table="book_tags")),
], options={
    "db_table": "books",
    "db_table_comment": "All books",
    "db_tablespace": "pg_default",
    "unique_together": {("title", "author")},
    "indexes": [
        models.Index(fields=["-pages", "title"], name="book_pages_idx"),
        models.Index(fields=["title"], opclasses=["varchar_pattern_ops"], name="book_title_like"),
        models.Index(Lower("title").desc(nulls_last=True), "pages", name="book_lower_idx"),
        models.Index(fields=["price"], include=["pages"], condition=models.Q(sold=False), name="book_unsold_idx"),
    ],
    "constraints": [
        models.CheckConstraint(CONDITION=models.Q(price__gte=0), name="book_price_positive"),
        models.UniqueConstraint(fields=["pages", "state"], name="book_pages_once"),
        models.UniqueConstraint(fields=["title"], condition=models.Q(state="new", sold=True), name="book_new_once"),
        models.UniqueConstraint(Lower("title"), name="book_lower_once"),
    ],
}),`,
  },
  conditions: {
    operations: Object.entries({
      either: 'models.Q(price__gt=1) | models.Q(pages__isnull=True)',
      both: 'models.Q(price__gt=1, pages__lt=10)',
      nested: '(models.Q(price__gt=1) | models.Q(pages__lt=5)) & models.Q(sold=True)',
      not_null: '~models.Q(pages=3)',
      not_either: '~(models.Q(sold=True) & models.Q(pages__gt=3))',
      listed: 'models.Q(state__in=["new", "old"])',
      between: 'models.Q(pages__range=(1, 1000))',
      pairs: 'models.Q(("pages__gt", 1), ("sold", False), _connector="OR")',
      negated: 'models.Q(("pages__isnull", True), _negated=True)',
      columns: 'models.Q(pages__gt=models.F("author"))',
      sums: 'models.Q(pages__gt=models.F("author") + 1)',
      begins: 'models.Q(state__startswith="n_w")',
      contains: 'models.Q(state__icontains="e%")',
      matches: 'models.Q(state__regex=r"^[a-z]+$")',
      no_case: 'models.Q(state__iexact="NEW")',
      quoted: `models.Q(state="it's")`,
      key: 'models.Q(author=1) | models.Q(reader__isnull=False)',
      number: 'models.Q(price__lte=1000)',
    })
      .map(
        ([name, condition]) => `
migrations.AddConstraint("book", models.CheckConstraint(CONDITION=${condition}, name="book_${name}")),`,
      )
      .join(''),
  },
  index_classes: {
    operations: `
migrations.AddField("book", "words", SearchVectorField(null=True)),
migrations.AddField("book", "data", models.JSONField(default=dict)),
migrations.AddField("book", "list", ArrayField(models.IntegerField(), default=list)),
migrations.AddIndex("book", GinIndex(fields=["words"], fastupdate=False, gin_pending_list_limit=4096, name="book_words_gin")),
migrations.AddIndex("book", GinIndex(fields=["data"], opclasses=["jsonb_path_ops"], name="book_data_gin")),
migrations.AddIndex("book", BrinIndex(fields=["pages"], autosummarize=True, pages_per_range=16, name="book_pages_brin")),
migrations.AddIndex("book", BTreeIndex(fields=["state"], fillfactor=80, name="book_state_btree")),
migrations.AddIndex("book", models.Index(OpClass(Upper("state"), name="varchar_pattern_ops"), name="book_upper_idx")),
migrations.AddIndex("book", models.Index(models.F("state").asc(), Collate("title", "C"), name="book_collated_idx")),
migrations.AddIndex("book", models.Index(fields=["state"], db_tablespace="pg_default", name="book_spaced_idx")),
migrations.AddIndex("book", models.Index(Coalesce("pages", models.Value(0)), name="book_coalesced_idx")),
migrations.AddConstraint("book", ExclusionConstraint(
    name="book_exclusion", expressions=[(models.F("state"), "=")], index_type="SPGIST", condition=models.Q(sold=True))),
migrations.AddConstraint("book", models.UniqueConstraint(
    fields=["state", "pages"], deferrable=models.Deferrable.IMMEDIATE, name="book_deferrable")),`,
  },
  default_values: {
    operations: Object.entries({
      text: 'models.CharField(max_length=20, default="it\'s")',
      number_text: 'models.CharField(max_length=20, default=7)',
      backslash: 'models.TextField(default="a\\\\b")',
      whole: 'models.IntegerField(default=-5)',
      decimal: 'models.DecimalField(max_digits=6, decimal_places=2, default=0)',
      exact: 'models.DecimalField(max_digits=6, decimal_places=2, default=decimal.Decimal("1.50"))',
      flag: 'models.BooleanField(default=True)',
      real: 'models.FloatField(default=1)',
      computed: 'models.UUIDField(default=uuid.uuid4)',
      now: 'models.DateTimeField(default=timezone.now)',
      today: 'models.DateField(auto_now_add=True)',
      fixed_day: 'models.DateField(default=datetime.date(2020, 1, 2))',
      blank: 'models.CharField(max_length=5, blank=True)',
      json: 'models.JSONField(default=list)',
      nullable: 'models.IntegerField(null=True, default=3)',
      small: 'models.PositiveIntegerField(default=1, db_index=True)',
      commented: 'models.IntegerField(null=True, db_comment="A comment")',
    })
      .map(
        ([name, field]) => `
migrations.AddField("book", "d_${name}", ${field}),`,
      )
      .join(''),
  },
  alterations: {
    operations: `
migrations.AlterField("book", "title", models.CharField(max_length=200, db_comment="Another")),
migrations.AlterField("book", "state", models.CharField(max_length=10, default="new", null=True)),
migrations.AlterField("book", "pages", models.IntegerField(default=0)),
migrations.AlterField("book", "d_nullable", models.CharField(max_length=9, default="x")),
migrations.AlterField("book", "d_small", models.PositiveBigIntegerField(default=1)),
migrations.AlterField("book", "reader", models.ForeignKey("library.author", models.CASCADE, related_name="+", null=True, db_index=True)),
migrations.AlterField("author", "site", models.CharField(max_length=300, null=True)),
migrations.AlterField("author", "rank", models.IntegerField(unique=True)),
migrations.AlterField("author", "email", models.TextField(db_index=True)),
migrations.AlterModelTableComment("book", "Some books"),
migrations.AlterModelTableComment("book", None),`,
  },
  blank_becomes_required: {
    operations: `
migrations.AddField("author", "nick", models.CharField(max_length=5, null=True)),
migrations.AlterField("author", "nick", models.CharField(max_length=5, blank=True)),`,
  },
  identity: {
    operations: `
migrations.CreateModel("Counter", [("id", models.IntegerField(primary_key=True)), ("n", models.IntegerField())]),`,
  },
  identity_comes: { operations: `migrations.AlterField("counter", "id", models.AutoField(primary_key=True)),` },
  identity_grows: { operations: `migrations.AlterField("counter", "id", models.BigAutoField(primary_key=True)),` },
  identity_goes: { operations: `migrations.AlterField("counter", "id", models.BigIntegerField(primary_key=True)),` },
  referenced_key_grows: { operations: `migrations.AlterField("author", "id", models.BigAutoField(primary_key=True)),` },
  referenced_slug_grows: {
    operations: `migrations.AlterField("tag", "slug", models.SlugField(primary_key=True, max_length=80, serialize=False)),`,
  },
  born_and_renamed: {
    operations: `
migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True)), ("room", models.CharField(max_length=9, db_index=True)), ("owner", models.ForeignKey("library.author", models.CASCADE))]),
migrations.RenameField("shelf", "room", "hall"),
migrations.RenameModel("Shelf", "Rack"),
migrations.AddField("rack", "gone", models.IntegerField(db_index=True, default=0)),
migrations.RemoveField("rack", "gone"),
migrations.CreateModel("Short", [("id", models.BigAutoField(primary_key=True)), ("of", models.ForeignKey("library.author", models.CASCADE))]),
migrations.DeleteModel("Short"),`,
  },
  renamed_with_keys: { operations: `migrations.RenameModel("Tag", "Label"),` },
  through: {
    operations: `
migrations.CreateModel("Loan", [("id", models.BigAutoField(primary_key=True)), ("book", models.ForeignKey("library.book", models.CASCADE)), ("by", models.OneToOneField("library.author", models.CASCADE, related_name="+"))]),
migrations.AddField("author", "loans", models.ManyToManyField("library.book", through="library.loan", related_name="+")),
migrations.AlterOrderWithRespectTo("loan", "book"),
migrations.RemoveField("loan", "by"),
migrations.RemoveField("author", "friends"),`,
  },
  child_model: {
    operations: `
migrations.CreateModel("Novel", [("book_ptr", models.OneToOneField(auto_created=True, on_delete=models.CASCADE, parent_link=True, primary_key=True, serialize=False, to="library.book")), ("plot", models.TextField())], bases=("library.book",)),`,
  },
  sent_sql: {
    operations: `
migrations.RunSQL("ALTER TABLE books ADD COLUMN extra int; -- why not"),
migrations.RunSQL([("UPDATE books SET extra = %s WHERE title LIKE 'a%%' AND state = %s", [3, "it's"]), "ANALYZE books"]),
migrations.RunPython(migrations.RunPython.noop),
migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL("SELECT 1")], state_operations=[]),
migrations.RunSQL(migrations.RunSQL.noop),`,
  },
  extensions: {
    operations: `HStoreExtension(),\nCreateCollation("nocase", "und-u-ks-level2", provider="icu", deterministic=False),`,
  },
  since_five: {
    since: 5,
    operations: `
migrations.CreateModel("Page", [
    ("id", models.BigAutoField(primary_key=True)),
    ("width", models.IntegerField(db_default=10)),
    ("height", models.IntegerField()),
    ("kind", models.CharField(max_length=5, db_default="a")),
    ("made", models.DateTimeField(db_default=Now())),
    ("area", models.GeneratedField(expression=models.F("width") * models.F("height"), output_field=models.IntegerField(), db_persist=True)),
    ("upper", models.GeneratedField(expression=Upper("kind"), output_field=models.CharField(max_length=5), db_persist=True)),
], options={"constraints": [models.CheckConstraint(CONDITION=models.Q(width__gt=0), name="page_width")]}),
migrations.AddConstraint("page", models.UniqueConstraint(fields=["width", "height"], nulls_distinct=False, name="page_once")),
migrations.AddField("page", "flag", models.BooleanField(db_default=True)),
migrations.AlterField("page", "width", models.IntegerField(db_default=11)),
migrations.AlterField("page", "kind", models.CharField(max_length=5)),
migrations.AlterField("page", "height", models.IntegerField(null=True)),
migrations.AlterField("page", "height", models.IntegerField(db_default=5)),`,
  },
};

const HEAD = `import datetime
import decimal
import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, BTreeIndex, GinIndex, OpClass
from django.contrib.postgres.operations import CreateCollation, HStoreExtension
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models
from django.db.models.functions import Coalesce, Collate, Lower, Now, Upper
from django.utils import timezone


class Migration(migrations.Migration):
`;

/** Operator classes are known to Django where its app for PostgreSQL is installed. */
const SETTINGS = `SECRET_KEY = "proof"
INSTALLED_APPS = ["django.contrib.postgres", "library"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "proof"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
`;

/** The project with all cases that a Django knows, as one text. */
export function moreOperations(series: string): string {
  const major = Number.parseInt(series, 10);
  const known = Object.entries(CASES).filter(([, { since = 0 }]) => since <= major);
  // Checks were given by another name before.
  const keyword = major < 5 ? 'check' : 'condition';
  const files = known.map(([name, { operations }], index) => {
    const [before] = known[index - 1] ?? [];
    const parents = before === undefined ? '' : `("library", "${nameOf(before, index - 1)}")`;
    return `# file: library/migrations/${nameOf(name, index)}.py
${HEAD}    dependencies = [${parents}]

    operations = [${operations.replaceAll('CONDITION', keyword)}]
`;
  });
  return `# file: config/settings.py\n${SETTINGS}# file: library/models.py\n${files.join('')}`;
}

function nameOf(name: string, index: number): string {
  return `${String(index + 1).padStart(4, '0')}_${name}`;
}
