import assert from 'node:assert/strict';
import { irreversibleRunSql } from '../../../server/src/rules/irreversible-run-sql.ts';
import { applyFix, openExample } from '../../support/rule-examples.ts';

const FILE = 'shop/migrations/0003_now.py';

const INITIAL = `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=9, null=True)),
                ("total", models.IntegerField(db_default=7)),
                ("paid", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel("Tag", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
`;

const INDEXES = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """CREATE INDEX CONCURRENTLY shop_order_paid ON shop_order (total DESC) INCLUDE (code) WHERE paid""",
            "DROP INDEX shop_order_paid",
        ),
        migrations.RunSQL("CREATE FUNCTION shop_total() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION shop_total"),
    ]
`;

/** The fixes that are offered for the `RunSQL` whose `sql` is the Python text: safety and what becomes of it. */
async function offered(sql: string, indexes = INDEXES): Promise<readonly string[]> {
  const text = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_indexes")]
    operations = [migrations.RunSQL(${sql})]
`;
  const texts = new Map([
    ['shop/migrations/0001_initial.py', INITIAL],
    ['shop/migrations/0002_indexes.py', indexes],
    [FILE, text],
  ]);
  const workspace = await openExample(texts, irreversibleRunSql);
  const fixes = workspace.check(FILE).flatMap((finding) => finding.fixes());
  return fixes.map((fix) => {
    const after = applyFix(texts, fix).get(FILE) ?? '';
    return `${fix.safety} ${/reverse_sql=(.*)\)\]/s.exec(after)?.[1]}`;
  });
}

const noop = 'review migrations.RunSQL.noop';

/** @param expected of the statement, without the way back that does nothing, which is always offered */
async function checkReverse(sql: string, ...expected: readonly string[]): Promise<void> {
  const found = await offered(JSON.stringify(sql));
  assert.equal(found.at(-1), noop, sql);
  assert.deepEqual(
    found.slice(0, -1),
    expected.map((each) => each.replace(/^(\w+) (.+)$/s, '$1 "$2"')),
    sql,
  );
}

describe('the way back of SQL', () => {
  it('drops what was created', async () => {
    await checkReverse('CREATE UNIQUE INDEX a ON ONLY shop_order (code)', 'safe DROP INDEX a');
    await checkReverse('CREATE INDEX CONCURRENTLY a ON x.t (b)', 'safe DROP INDEX CONCURRENTLY IF EXISTS x.a');
    await checkReverse('CREATE INDEX ON shop_order (code)', 'safe DROP INDEX shop_order_code_idx');
    await checkReverse('create temp table x.t (a int)', 'safe DROP TABLE x.t');
    await checkReverse(
      "CREATE TABLE t (a int); GRANT SELECT ON t TO reporting; COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'y'; INSERT INTO t VALUES (1)",
      'safe DROP TABLE t',
    );
    await checkReverse('CREATE TABLE IF NOT EXISTS t (a int)', 'review DROP TABLE IF EXISTS t');
    await checkReverse('CREATE MATERIALIZED VIEW v AS SELECT 1', 'safe DROP MATERIALIZED VIEW v');
    await checkReverse('CREATE EXTENSION IF NOT EXISTS pg_trgm', 'review DROP EXTENSION IF EXISTS pg_trgm');
    await checkReverse("CREATE TYPE mood AS ENUM ('a')", 'safe DROP TYPE mood');
    await checkReverse(
      'CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()',
      'safe DROP TRIGGER g ON t',
    );
    await checkReverse(
      "CREATE FUNCTION f(a int, OUT b text) LANGUAGE sql AS 'SELECT'",
      'safe DROP FUNCTION f(a int, OUT b text)',
    );
    await checkReverse(
      "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      'review DROP FUNCTION f()',
    );
  });

  it('undoes each action of ALTER TABLE, the last one first', async () => {
    await checkReverse(
      'ALTER TABLE ONLY shop_order ADD COLUMN a int, ADD CONSTRAINT c CHECK (a > 0), VALIDATE CONSTRAINT d',
      'safe ALTER TABLE ONLY shop_order DROP CONSTRAINT c, DROP COLUMN a',
    );
    await checkReverse(
      'ALTER TABLE shop_order ADD UNIQUE (code)',
      'safe ALTER TABLE shop_order DROP CONSTRAINT shop_order_code_key',
    );
    await checkReverse(
      'ALTER TABLE shop_order ALTER total DROP DEFAULT',
      'safe ALTER TABLE shop_order ALTER total SET DEFAULT 7',
    );
    await checkReverse(
      'ALTER TABLE shop_order ALTER COLUMN paid SET DEFAULT true',
      'safe ALTER TABLE shop_order ALTER COLUMN paid DROP DEFAULT',
    );
    await checkReverse(
      'ALTER TABLE shop_order ALTER COLUMN code SET NOT NULL',
      'safe ALTER TABLE shop_order ALTER COLUMN code DROP NOT NULL',
    );
    await checkReverse(
      'ALTER TABLE shop_order ALTER COLUMN total DROP NOT NULL',
      'review ALTER TABLE shop_order ALTER COLUMN total SET NOT NULL',
    );
  });

  it('renames back', async () => {
    await checkReverse('ALTER TABLE s.a RENAME TO b', 'safe ALTER TABLE s.b RENAME TO a');
    await checkReverse('ALTER TABLE IF EXISTS a RENAME TO b', 'review ALTER TABLE IF EXISTS b RENAME TO a');
    await checkReverse('ALTER TABLE a RENAME x TO y', 'safe ALTER TABLE a RENAME y TO x');
    await checkReverse('ALTER INDEX IF EXISTS s.a RENAME TO b', 'review ALTER INDEX IF EXISTS s.b RENAME TO a');
    await checkReverse("ALTER TYPE t RENAME VALUE 'a' TO 'b'", "safe ALTER TYPE t RENAME VALUE 'b' TO 'a'");
    await checkReverse('ALTER TABLE a SET SCHEMA b');
    await checkReverse('ALTER TABLE a.t SET SCHEMA b', 'safe ALTER TABLE b.t SET SCHEMA a');
  });

  it('builds an index again as the migration wrote it that built it first', async () => {
    await checkReverse(
      'DROP INDEX shop_order_paid',
      'safe CREATE INDEX shop_order_paid ON shop_order (total DESC) INCLUDE (code) WHERE paid',
    );
    await checkReverse('DROP INDEX nobody_knows');
  });

  it('does not build an index on a table or a column that is called something else by now', async () => {
    const renamed = (operation: string): string => INDEXES.replace(/\n {4}\]\n$/, `\n        ${operation},\n    ]\n`);
    const drop = '"DROP INDEX CONCURRENTLY shop_order_paid"';
    assert.deepEqual(await offered(drop, renamed('migrations.RenameModel("Order", "Purchase")')), [
      'review migrations.RunSQL.noop',
    ]);
    assert.deepEqual(await offered(drop, renamed('migrations.RenameField("Order", "total", "sum")')), [
      'review migrations.RunSQL.noop',
    ]);
  });

  it('follows what the statements before have made', async () => {
    const sql = `["CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)", "CREATE INDEX i ON t (a)"]`;
    assert.deepEqual(await offered(sql), ['safe ["DROP INDEX i", "DROP TABLE t"]', noop]);
    const concurrently = `["CREATE TABLE t (a int)", "CREATE INDEX CONCURRENTLY i ON t (a)"]`;
    assert.deepEqual(await offered(concurrently), [
      'safe ["DROP INDEX CONCURRENTLY IF EXISTS i", "DROP TABLE t"]',
      noop,
    ]);
  });

  it('says that there is nothing to take back', async () => {
    assert.deepEqual(await offered('"ANALYZE shop_order"'), ['safe migrations.RunSQL.noop']);
    assert.deepEqual(await offered('"ALTER TABLE a VALIDATE CONSTRAINT b"'), ['safe migrations.RunSQL.noop']);
  });

  it('claims nothing that it cannot know', async () => {
    await checkReverse('UPDATE shop_order SET total = 1');
    await checkReverse('DROP TABLE shop_tag');
    await checkReverse('ALTER TABLE shop_order DROP COLUMN code');
    await checkReverse('ALTER TABLE shop_order ALTER COLUMN total TYPE bigint');
    await checkReverse('ALTER TABLE unknown ALTER COLUMN a SET DEFAULT 1');
    await checkReverse("ALTER TYPE t ADD VALUE 'a'");
    await checkReverse('CREATE TABLE t (a int); UPDATE shop_order SET total = 1');
    await checkReverse('CREATE TABLE (');
    await checkReverse("CREATE OR REPLACE FUNCTION shop_total() RETURNS int LANGUAGE sql AS 'SELECT 2'");
    await checkReverse("CREATE FUNCTION f(a int = 1) RETURNS int LANGUAGE sql AS 'SELECT 1'");
    assert.deepEqual(await offered('[("ALTER TABLE a RENAME TO b", ["x"])]'), [noop]);
    assert.deepEqual(await offered('f"ALTER TABLE {x()} RENAME TO b"'), [noop]);
  });
});
