import { checkSql } from './check-sql.ts';

describe('SQL about indexes, views and other objects', () => {
  it('creates and drops indexes', async () => {
    await checkSql(
      {
        sql: 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a USING btree (note varchar_pattern_ops) WHERE b > 0',
      },
      `CreateIndex a: unique index i (note) partial varchar_pattern_ops concurrently
       @ CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a USING btree (note varchar_pattern_ops) WHERE b > 0`,
    );
    await checkSql(
      {
        before: 'CREATE TABLE a (b text)',
        sql: 'CREATE INDEX ON a (lower(b), b, (b || b)); CREATE INDEX ON a USING gin (b)',
      },
      `CreateIndex a: index a_lower_b_expr_idx (b) expressions @ CREATE INDEX ON a (lower(b), b, (b || b))
       CreateIndex a: index a_b_idx (b) gin @ CREATE INDEX ON a USING gin (b)`,
    );
    await checkSql(
      {
        before: 'CREATE TABLE a (b int UNIQUE); CREATE INDEX i ON a (b);',
        sql: 'DROP INDEX i; DROP INDEX CONCURRENTLY IF EXISTS app.i, a_b_key, other',
      },
      `DropIndex a.i @ DROP INDEX i
       DropIndex i concurrently @ app.i
       DropIndex a.a_b_key concurrently @ a_b_key
       DropIndex other concurrently @ other`,
    );
    await checkSql(
      {
        before: 'CREATE TABLE a (b int); CREATE INDEX i ON a (b);',
        sql: 'REINDEX INDEX CONCURRENTLY i; REINDEX TABLE a; REINDEX (CONCURRENTLY) SCHEMA s; REINDEX DATABASE',
      },
      `Reindex index i of a concurrently @ REINDEX INDEX CONCURRENTLY i
       Reindex table a of a @ REINDEX TABLE a
       Reindex schema s of * concurrently @ REINDEX (CONCURRENTLY) SCHEMA s
       Reindex database of * @ REINDEX DATABASE`,
    );
  });

  it('names indexes as PostgreSQL does', async () => {
    await checkSql(
      {
        before: 'CREATE TABLE b (x int, y int)',
        sql: `CREATE INDEX ON b (x); CREATE INDEX ON b (x); CREATE INDEX ON b (abs(x), y, (x + y), (x + 1));
          CREATE INDEX ON b ((x::text)); CREATE INDEX ON b (coalesce(x, 1), (x::text COLLATE "C"))`,
      },
      `CreateIndex b: index b_x_idx (x) @ CREATE INDEX ON b (x)
       CreateIndex b: index b_x_idx1 (x) @ CREATE INDEX ON b (x)
       CreateIndex b: index b_abs_y_expr_expr1_idx (y) expressions @ CREATE INDEX ON b (abs(x), y, (x + y), (x + 1))
       CreateIndex b: index b_x_idx2 () expressions @ CREATE INDEX ON b ((x::text))
       CreateIndex b: index b_coalesce_x_idx () expressions @ CREATE INDEX ON b (coalesce(x, 1), (x::text COLLATE "C"))`,
    );
  });

  it('creates, refreshes and drops views', async () => {
    await checkSql(
      {
        sql: `CREATE VIEW v AS WITH w AS (SELECT * FROM a) SELECT * FROM w JOIN s.b ON true;
          CREATE OR REPLACE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT * FROM a;
          REFRESH MATERIALIZED VIEW m; REFRESH MATERIALIZED VIEW CONCURRENTLY m; REFRESH MATERIALIZED VIEW m WITH NO DATA;
          DROP VIEW v; DROP MATERIALIZED VIEW IF EXISTS m CASCADE`,
      },
      `CreateView v reads s.b, a @ CREATE VIEW v AS WITH w AS (SELECT * FROM a) SELECT * FROM w JOIN s.b ON true
       CreateView v replaces reads @ CREATE OR REPLACE VIEW v AS SELECT 1
       CreateView m materialized reads a @ CREATE MATERIALIZED VIEW m AS SELECT * FROM a
       RefreshView m @ REFRESH MATERIALIZED VIEW m
       RefreshView m concurrently @ REFRESH MATERIALIZED VIEW CONCURRENTLY m
       RefreshView m without data @ REFRESH MATERIALIZED VIEW m WITH NO DATA
       DropView v @ DROP VIEW v
       DropView m materialized cascade @ DROP MATERIALIZED VIEW IF EXISTS m CASCADE`,
    );
  });

  it('creates and drops triggers, policies and rules', async () => {
    await checkSql(
      {
        sql: `CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f(); DROP TRIGGER IF EXISTS tr ON s.a CASCADE;
          CREATE POLICY p ON a; DROP POLICY p ON a; CREATE RULE r AS ON INSERT TO a DO INSTEAD NOTHING; DROP RULE r ON a`,
      },
      `CreateTrigger a.tr @ CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()
       DropTrigger s.a.tr cascade @ DROP TRIGGER IF EXISTS tr ON s.a CASCADE
       SetTableOption a policy @ CREATE POLICY p ON a
       SetTableOption a policy @ DROP POLICY p ON a
       SetTableOption a rule @ CREATE RULE r AS ON INSERT TO a DO INSTEAD NOTHING
       SetTableOption a rule @ DROP RULE r ON a`,
    );
  });

  it('comments, grants and gathers statistics', async () => {
    await checkSql(
      {
        sql: `COMMENT ON TABLE a IS 'x'; COMMENT ON COLUMN s.a.b IS 'y'; COMMENT ON FUNCTION f() IS 'z'; GRANT SELECT ON a, b TO bob;
          GRANT USAGE ON SCHEMA s TO bob; CREATE STATISTICS st ON x, y FROM a`,
      },
      `SetTableOption a comment @ COMMENT ON TABLE a IS 'x'
       SetTableOption s.a comment of b @ COMMENT ON COLUMN s.a.b IS 'y'
       OtherStatement COMMENT ON @ COMMENT ON FUNCTION f() IS 'z'
       SetTableOption a privileges @ GRANT SELECT ON a, b TO bob
       SetTableOption b privileges @ GRANT SELECT ON a, b TO bob
       OtherStatement GRANT @ GRANT USAGE ON SCHEMA s TO bob
       SetTableOption a statistics @ CREATE STATISTICS st ON x, y FROM a`,
    );
  });

  it('changes enums and domains', async () => {
    await checkSql(
      {
        sql: `CREATE TYPE mood AS ENUM ('sad', 'ok'); ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy' AFTER 'ok';
          ALTER TYPE public.mood ADD VALUE 'glad' BEFORE 'ok'; ALTER TYPE app.mood RENAME VALUE 'ok' TO 'fine';
          ALTER TYPE app.mood RENAME TO mood_old; ALTER TYPE public.mood RENAME TO temper`,
      },
      `AlterEnum mood create sad, ok @ CREATE TYPE mood AS ENUM ('sad', 'ok')
       AlterEnum mood add-value happy after ok if not exists @ ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy' AFTER 'ok'
       AlterEnum mood add-value glad before ok @ ALTER TYPE public.mood ADD VALUE 'glad' BEFORE 'ok'
       AlterEnum app.mood rename-value ok to fine @ ALTER TYPE app.mood RENAME VALUE 'ok' TO 'fine'
       RenameType app.mood to app.mood_old @ ALTER TYPE app.mood RENAME TO mood_old
       RenameType mood to temper @ ALTER TYPE public.mood RENAME TO temper`,
    );
    await checkSql(
      {
        sql: `CREATE DOMAIN d AS text CHECK (VALUE <> ''); ALTER DOMAIN d ADD CHECK (VALUE <> '');
          ALTER DOMAIN d ADD CHECK (VALUE <> '') NOT VALID; ALTER DOMAIN d VALIDATE CONSTRAINT c; ALTER DOMAIN d SET NOT NULL;
          ALTER DOMAIN d DROP DEFAULT`,
      },
      `AlterDomain d create constrains @ CREATE DOMAIN d AS text CHECK (VALUE <> '')
       AlterDomain d add-constraint validates constrains @ ALTER DOMAIN d ADD CHECK (VALUE <> '')
       AlterDomain d add-constraint constrains @ ALTER DOMAIN d ADD CHECK (VALUE <> '') NOT VALID
       AlterDomain d validate-constraint validates @ ALTER DOMAIN d VALIDATE CONSTRAINT c
       AlterDomain d set-not-null validates constrains @ ALTER DOMAIN d SET NOT NULL
       AlterDomain d other @ ALTER DOMAIN d DROP DEFAULT`,
    );
  });

  it('drops everything else', async () => {
    await checkSql(
      {
        sql: `DROP DATABASE d; DROP SCHEMA s CASCADE; DROP SCHEMA s, t; DROP TYPE app.t; DROP FUNCTION f(int, text), g;
          DROP EXTENSION e CASCADE; DROP SEQUENCE q; DROP OWNED BY bob`,
      },
      `DropDatabase d @ DROP DATABASE d
       DropSchema s cascade @ DROP SCHEMA s CASCADE
       DropSchema s @ s
       DropSchema t @ t
       DropObject type t @ DROP TYPE app.t
       DropObject function f @ f(int, text)
       DropObject function g @ g
       DropObject extension e cascade @ DROP EXTENSION e CASCADE
       DropObject sequence q @ DROP SEQUENCE q
       OtherStatement DROP OWNED @ DROP OWNED BY bob`,
    );
  });

  it('names what changes no table', async () => {
    await checkSql(
      {
        sql: 'CREATE EXTENSION IF NOT EXISTS hstore; CREATE SEQUENCE s; SELECT 1; EXPLAIN SELECT 1; SET search_path = a',
      },
      `OtherStatement CREATE EXTENSION @ CREATE EXTENSION IF NOT EXISTS hstore
       OtherStatement CREATE SEQUENCE @ CREATE SEQUENCE s
       OtherStatement SELECT @ SELECT 1
       OtherStatement EXPLAIN @ EXPLAIN SELECT 1
       OtherStatement SET @ SET search_path = a`,
    );
  });
});
