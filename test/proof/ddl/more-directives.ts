/** Revisions that use each directive in many forms, in the notation of Python: the bodies of their `upgrade()`. */
const BODIES: Readonly<Record<string, { readonly since?: string; readonly body: string }>> = {
  tables: {
    body: `
op.create_table("authors",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.String(20), nullable=False, unique=True),
    sa.Column("Rank", sa.Numeric(4, 2), server_default="1.5"),
    sa.Column("user", sa.Text(), server_default=sa.text("now()")),
    sa.Column("mood", sa.Enum("calm", "busy", name="mood"), nullable=False, index=True),
    sa.Column("kind", sa.Enum("a", "bbb", native_enum=False, name="kind")),
    sa.Column("rating", sa.Integer(), sa.CheckConstraint("rating > 0", name="rating_positive")),
    sa.Column("votes", sa.Integer(), sa.CheckConstraint("votes > 0")),
    sa.Column("active", sa.Boolean(), comment="it's them"),
    comment="All of them",
)
op.create_table("books",
    sa.Column("id", sa.BigInteger(), sa.Identity(always=True, start=5), nullable=False),
    sa.Column("author_id", sa.Integer(), sa.ForeignKey("authors.id", ondelete="CASCADE"), nullable=True),
    sa.Column("editor_id", sa.Integer()),
    sa.Column("width", sa.Integer()),
    sa.Column("height", sa.Integer()),
    sa.Column("area", sa.Integer(), sa.Computed("width * height", persisted=True)),
    sa.Column("sold_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    sa.CheckConstraint("width > 0", name="width_positive"),
    sa.CheckConstraint("height > 0"),
    sa.ForeignKeyConstraint(["editor_id"], ["authors.id"], name="books_editor_fk", onupdate="CASCADE", deferrable=True, initially="DEFERRED"),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_books")),
    sa.UniqueConstraint("width", "height", name="books_size_once"),
    sa.UniqueConstraint("editor_id"),
    postgresql.ExcludeConstraint(("width", "="), using="gist", name="books_excluded"),
    sa.Index("ix_books_width", "width", "height", unique=True),
)
op.create_table("tags",
    sa.Column("book_id", sa.Integer(), sa.ForeignKey("books.id"), primary_key=True),
    sa.Column("number", sa.Integer(), primary_key=True),
    schema="other", if_not_exists=True)
op.create_table("generated",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(length=50), nullable=True),
    sa.PrimaryKeyConstraint("id"),
)
op.create_table("solo", sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=True))
op.create_table("small", sa.Column("id", sa.SmallInteger(), primary_key=True))
op.create_table("manual", sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False))
op.create_table("one_to_one", sa.Column("id", sa.Integer(), sa.ForeignKey("solo.id"), primary_key=True))
op.create_table("worded", sa.Column("id", sa.String(5), primary_key=True), sa.Column("n", sa.Integer(), nullable=False, unique=True, index=True))
op.create_table("keyed", sa.Column("id", sa.Uuid(as_uuid=True), primary_key=True, server_default=sa.text("gen_random_uuid()")))
op.rename_table("worded", "renamed")
op.rename_table("tags", "labels", schema="other")
op.create_table_comment("books", "it's books", existing_comment=None)
op.drop_table_comment("books", existing_comment="it's books")
op.drop_table("solo", schema="other", if_exists=True)
op.drop_table("keyed")`,
  },
  types: {
    body: `
op.create_table("values",
    sa.Column("a", sa.DateTime()), sa.Column("b", sa.Time()), sa.Column("c", sa.Interval()), sa.Column("d", sa.Date()),
    sa.Column("e", sa.Float()), sa.Column("f", sa.Double()), sa.Column("g", sa.REAL()), sa.Column("h", sa.Numeric()),
    sa.Column("i", sa.Numeric(5)), sa.Column("j", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb")),
    sa.Column("k", sa.JSON()), sa.Column("l", sa.LargeBinary()), sa.Column("m", postgresql.ARRAY(sa.String(5))),
    sa.Column("n", sa.ARRAY(sa.Integer(), dimensions=2)), sa.Column("o", sa.String()), sa.Column("p", postgresql.CITEXT()),
    sa.Column("q", sa.String(9, collation="C")), sa.Column("r", sa.CHAR(3)), sa.Column("s", postgresql.INET()),
    sa.Column("t", postgresql.TSVECTOR()), sa.Column("u", sa.SmallInteger()), sa.Column("v", sa.Unicode(4)),
    sa.Column("w", postgresql.TIMESTAMP(timezone=True)), sa.Column("x", sa.UnicodeText()), sa.Column("y", sa.BIGINT()),
    sa.Column("z", postgresql.UUID(as_uuid=True)),
)`,
  },
  columns: {
    body: `
op.add_column("books", sa.Column("isbn", sa.String(13), server_default="", nullable=False))
op.add_column("books", sa.Column("first_id", sa.Integer(), sa.ForeignKey("authors.id", name="books_first_fk"), nullable=True))
op.add_column("books", sa.Column("second_id", sa.Integer(), sa.ForeignKey("authors.id")))
op.add_column("books", sa.Column("code", sa.Integer(), unique=True))
op.add_column("books", sa.Column("pages", sa.Integer(), index=True, comment="counted"))
op.add_column("books", sa.Column("stock", sa.Integer(), sa.CheckConstraint("stock > 0", name="stock_positive")))
op.add_column("books", sa.Column("counter", sa.Integer(), sa.Identity()))
op.add_column("books", sa.Column("volume", sa.Integer(), sa.Computed("width * 2", persisted=True)))
op.add_column("books", sa.Column("state", sa.Enum("x", "y", name="book_state")), schema="other")
op.add_column("books", sa.Column("sold", sa.Boolean(), server_default=sa.false()))
op.add_column("books", sa.Column("old", sa.Boolean(), server_default=sa.text("true")))
op.add_column("books", sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP")))
op.alter_column("books", "isbn", server_default=None)
op.alter_column("books", "isbn", nullable=True, type_=sa.Text(), existing_type=sa.String(13), server_default="x", comment="hi", new_column_name="number", postgresql_using="isbn::text")
op.alter_column("books", "width", existing_type=sa.Integer(), nullable=False, schema="other")
op.alter_column("books", "width", server_default=sa.text("nextval('x')"))
op.alter_column("books", "pages", comment=None, existing_comment="counted")
op.alter_column("books", "unheard_of", type_=sa.BigInteger())
op.drop_column("books", "pages")
op.drop_column("books", "stock", schema="other")
with op.batch_alter_table("books", schema=None) as batch_op:
    batch_op.add_column(sa.Column("shelf", sa.Integer()))
    batch_op.alter_column("shelf", nullable=False)
    batch_op.create_index("ix_books_shelf", ["shelf"])
    batch_op.create_unique_constraint("books_shelf_once", ["shelf"])
    batch_op.create_foreign_key("books_shelf_fk", "authors", ["shelf"], ["id"])
    batch_op.drop_column("shelf")`,
  },
  indexes: {
    body: `
op.create_index("ix_a", "books", ["width", sa.text("lower(number)")], unique=True, postgresql_where=sa.text("width > 1"), postgresql_using="gin", postgresql_include=["height"])
op.create_index(op.f("ix_b"), "books", ["width"], if_not_exists=True, postgresql_ops={"width": "int4_ops"}, postgresql_with={"fillfactor": 50}, postgresql_tablespace="fast")
op.create_index("ix_c", "books", [sa.text("width DESC NULLS LAST")], schema="other", postgresql_nulls_not_distinct=True)
op.create_index("ix_d", "books", [sa.column("width").desc()])
op.create_index("ix_e", "books", [sa.func.lower(sa.column("number"))])
op.drop_index("ix_a", table_name="books")
with op.get_context().autocommit_block():
    op.create_index("ix_f", "books", ["width"], postgresql_concurrently=True)
    op.drop_index("ix_b", "books", postgresql_concurrently=True, if_exists=True, schema="other")`,
  },
  constraints: {
    body: `
op.create_unique_constraint("uq_x", "books", ["width", "height"], deferrable=True, initially="DEFERRED")
op.create_unique_constraint(None, "books", ["width"])
op.create_check_constraint("ck_x", "books", "width > 0 AND number LIKE 'a%'", postgresql_not_valid=True)
op.create_check_constraint("ck_y", "books", sa.column("width") > 5)
op.create_foreign_key("fk_x", "books", "authors", ["width"], ["id"], ondelete="SET NULL", postgresql_not_valid=True, source_schema="other", referent_schema="third")
op.create_foreign_key(None, "books", "authors", ["width"], ["id"], deferrable=True, match="FULL", onupdate="CASCADE")
op.create_primary_key("pk_x", "books", ["width", "height"])
op.create_exclude_constraint("ex_x", "books", ("width", "="), ("height", "&&"), where=sa.text("width > 1"), using="gist")
op.drop_constraint("uq_x", "books", type_="unique")
op.drop_constraint("fk_x", "books", type_="foreignkey", schema="other")`,
  },
  statements: {
    body: `
books = sa.table("books", sa.column("id", sa.Integer), sa.column("number", sa.String))
op.execute("UPDATE books SET number = 'a:b' WHERE width = 5")
op.execute("UPDATE books SET number = '50%' ; SELECT 1")
op.execute(sa.text("UPDATE books SET number = :number").bindparams(number="it's"))
op.execute(books.update().where(books.c.id == 5).values(number="z"))
op.execute("ANALYZE books")
op.bulk_insert(books, [{"id": 1, "number": "a"}, {"id": 2, "number": None}])
sa.Enum("p", "q", name="letters").create(op.get_bind())
postgresql.ENUM("p", "q", name="more_letters").create(op.get_bind(), checkfirst=False)
sa.Enum(name="letters").drop(op.get_bind())
op.execute("ALTER TYPE mood ADD VALUE 'angry'")
with op.get_context().autocommit_block():
    op.execute("VACUUM books")
op.execute("SELECT 2")`,
  },
};

/** The project with all of them, as one text. */
export function moreDirectives(series: string): string {
  const known = Object.entries(BODIES).filter(([, { since = series }]) => since <= series);
  const files = known.map(([name, { body }], index) => {
    const [before] = known[index - 1] ?? [];
    return `# file: migrations/versions/${name}.py
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "${name}"
down_revision = ${before === undefined ? 'None' : `"${before}"`}


def upgrade():
${body.trim().replaceAll(/^/gm, '    ')}
`;
  });
  return files.join('');
}
