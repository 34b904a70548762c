import { stopOlderPostgres } from '../older-postgres.ts';
import { NEWEST, VERSIONS } from '../postgres-versions.ts';
import { checkRefusal, checkStatement, type MeasuredStatement } from './check-statement.ts';
import { domain, materialized, mood, partitioned, rest, trigger } from './fact-statements.ts';

const child = 'CREATE TABLE q (id int PRIMARY KEY, t int REFERENCES t)';
const grandchild = 'CREATE TABLE r (q int REFERENCES q)';
const attach = 'ALTER TABLE m ATTACH PARTITION m2 FOR VALUES FROM (100) TO (200)';
const check = (condition: string) => `ALTER TABLE m2 ADD CHECK (${condition})`;
const listed = [
  'CREATE TABLE l (k text, w int) PARTITION BY LIST (k)',
  'CREATE TABLE l1 (k text NOT NULL, w int)',
  "INSERT INTO l1 SELECT 'a' FROM generate_series(1, 20)",
];
const attachListed = "ALTER TABLE l ATTACH PARTITION l1 FOR VALUES IN ('a', 'b')";

/** Statements in other forms than those of the lock table, and what they meet. */
const groups: Readonly<Record<string, readonly MeasuredStatement[]>> = {
  'rows of tables': [
    { sql: 'INSERT INTO p VALUES (1000)' },
    { sql: 'UPDATE t SET c = 0' },
    { sql: 'DELETE FROM t WHERE id < 10' },
    { sql: 'DELETE FROM t' },
    { sql: 'WITH gone AS (DELETE FROM t RETURNING id) INSERT INTO p SELECT id + 1000 FROM gone' },
    { since: 15, sql: 'MERGE INTO t USING p ON t.id = p.id WHEN MATCHED THEN UPDATE SET c = 1' },
    { sql: 'SELECT * FROM t JOIN p USING (id) FOR SHARE' },
    { sql: 'SELECT * FROM t AS a JOIN p USING (id) FOR NO KEY UPDATE OF a' },
    { sql: 'SELECT * FROM t' },
  ],
  'tables that refer to others': [
    { given: [child], sql: 'TRUNCATE t CASCADE' },
    { given: [child, grandchild], sql: 'TRUNCATE t RESTART IDENTITY CASCADE' },
    { given: [child], sql: 'TRUNCATE t, q' },
    { given: [child], sql: 'DROP TABLE t CASCADE' },
    { given: [child], sql: 'ALTER TABLE q RENAME CONSTRAINT q_t_fkey TO k' },
    { given: [child, 'INSERT INTO q VALUES (1, 1)'], sql: 'ALTER TABLE q ALTER COLUMN t SET NOT NULL' },
    { given: ['CREATE SCHEMA s', 'CREATE TABLE s.a (t int REFERENCES t)'], sql: 'DROP SCHEMA s CASCADE' },
    { given: ['CREATE SCHEMA s', 'CREATE TABLE s.a (x int)'], sql: 'ALTER SCHEMA s RENAME TO s2' },
    { given: ['CREATE SCHEMA s'], sql: 'ALTER TABLE t SET SCHEMA s' },
  ],
  'locks that are asked for': [
    ...['ACCESS SHARE', 'ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE'],
    ...['SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  ].map((mode) => ({ sql: `LOCK TABLE t IN ${mode} MODE` })),
  maintenance: [
    { sql: 'VACUUM (ANALYZE) t' },
    { sql: 'VACUUM (FULL, ANALYZE) t' },
    { sql: 'ANALYZE t, p' },
    { sql: 'ALTER TABLE t SET UNLOGGED, SET (fillfactor = 50)' },
    { sql: 'REINDEX TABLE t' },
    { sql: 'REINDEX TABLE CONCURRENTLY t' },
    { given: partitioned, sql: 'LOCK TABLE m' },
  ],
  views: [
    { sql: 'CREATE MATERIALIZED VIEW w AS SELECT * FROM t' },
    { given: materialized, sql: 'DROP MATERIALIZED VIEW mv' },
    { given: materialized, sql: 'CREATE UNIQUE INDEX mj ON mv (c)' },
  ],
  triggers: [
    { given: trigger, sql: 'ALTER TABLE t DISABLE TRIGGER ALL' },
    { given: trigger, sql: 'ALTER TABLE t ENABLE TRIGGER USER' },
    { given: trigger, sql: 'ALTER TABLE t ENABLE ALWAYS TRIGGER tr' },
    { given: [...trigger, child], sql: 'ALTER TABLE t DISABLE TRIGGER ALL' },
    {
      given: [...trigger, ...partitioned],
      sql: 'CREATE TRIGGER tp AFTER INSERT ON m FOR EACH ROW EXECUTE FUNCTION f()',
    },
  ],
  'options of a table': [
    { sql: "COMMENT ON COLUMN t.c IS 'x'" },
    { sql: 'ALTER TABLE t RESET (fillfactor)' },
    { sql: 'ALTER TABLE t SET (autovacuum_enabled = false)' },
    { sql: 'ALTER TABLE t CLUSTER ON t_pkey' },
    { sql: 'ALTER TABLE t ALTER COLUMN c SET (n_distinct = 10)' },
    { sql: 'CREATE STATISTICS st ON id, c FROM t' },
    { sql: 'REVOKE SELECT ON t FROM pg_monitor' },
    { sql: 'ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey' },
    { sql: 'ALTER TABLE t FORCE ROW LEVEL SECURITY' },
    { given: ['CREATE POLICY y ON t'], sql: 'ALTER POLICY y ON t TO pg_monitor' },
    { given: ['CREATE POLICY y ON t'], sql: 'DROP POLICY y ON t' },
    { given: ['CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING'], sql: 'DROP RULE r ON t' },
    { given: ['CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING'], sql: 'ALTER TABLE t DISABLE RULE r' },
    { given: ['CREATE TYPE ty AS (id int, c int, v varchar(20))'], sql: 'ALTER TABLE t OF ty' },
    { given: ['CREATE TABLE q (c int)', 'ALTER TABLE t INHERIT q'], sql: 'ALTER TABLE t NO INHERIT q' },
  ],
  columns: [
    { sql: 'ALTER TABLE t ADD COLUMN IF NOT EXISTS c int CHECK (c > 0)' },
    { sql: 'ALTER TABLE t ADD COLUMN n int CHECK (n > 0) REFERENCES p' },
    { sql: 'ALTER TABLE t ADD n int DEFAULT 1 CONSTRAINT k CHECK (n > 0), ADD m text, DROP COLUMN v' },
    { sql: 'ALTER TABLE t ADD COLUMN IF NOT EXISTS c int UNIQUE REFERENCES p' },
    { sql: 'ALTER TABLE t ADD COLUMN IF NOT EXISTS c float DEFAULT random()' },
    { since: 18, sql: 'ALTER TABLE t ADD COLUMN n int GENERATED ALWAYS AS (c + 1) VIRTUAL' },
    { sql: 'ALTER TABLE t ADD COLUMN n int NOT NULL DEFAULT 0' },
    { sql: 'ALTER TABLE t ADD COLUMN n timestamptz DEFAULT CURRENT_TIMESTAMP' },
    { sql: 'ALTER TABLE t ADD COLUMN n timestamptz DEFAULT statement_timestamp()' },
    { sql: 'ALTER TABLE t ADD COLUMN n timestamptz DEFAULT clock_timestamp()' },
    { given: ['CREATE SEQUENCE z'], sql: "ALTER TABLE t ADD COLUMN n int DEFAULT nextval('z')" },
    { sql: 'ALTER TABLE t ADD COLUMN n bigserial' },
    { since: 18, sql: 'ALTER TABLE t ALTER COLUMN c TYPE bytea USING c::bytea' },
    { sql: 'ALTER TABLE t ALTER COLUMN c TYPE int' },
    { sql: 'ALTER TABLE t ALTER COLUMN c TYPE int USING c + 1' },
    { sql: 'ALTER TABLE t ALTER COLUMN v TYPE text USING v::text' },
    { sql: 'ALTER TABLE t ALTER COLUMN v TYPE varchar(40) USING CAST(v AS varchar(40))' },
    { sql: 'ALTER TABLE t ALTER COLUMN v TYPE text USING trim(v)' },
    { sql: "ALTER TABLE t ALTER COLUMN v TYPE uuid USING '00000000-0000-0000-0000-000000000000'::uuid" },
    { sql: 'ALTER TABLE t ALTER COLUMN c DROP DEFAULT' },
    { sql: 'ALTER TABLE t ALTER COLUMN c DROP NOT NULL' },
    { sql: 'ALTER TABLE t ALTER COLUMN id SET NOT NULL' },
    { given: ['CREATE TABLE u AS SELECT id, c FROM t'], sql: 'ALTER TABLE u ALTER COLUMN c TYPE bigint' },
    { given: ['CREATE TABLE u AS SELECT id, c FROM t'], sql: 'ALTER TABLE u ALTER COLUMN c SET NOT NULL' },
  ],
  'columns of an enum': [
    { given: mood, sql: 'ALTER TABLE t ALTER COLUMN e TYPE text' },
    { given: mood, sql: 'ALTER TABLE t ALTER COLUMN v TYPE mood USING v::mood' },
  ].map((each) => ({ ...each, given: [...each.given, "UPDATE t SET v = 'ok'"] })),
  constraints: [
    { given: ['ALTER TABLE t ADD CHECK (c IS NOT NULL) NOT VALID'], sql: 'ALTER TABLE t ALTER COLUMN c SET NOT NULL' },
    { given: ['ALTER TABLE t ADD CHECK (c IS NOT NULL AND c > 0)'], sql: 'ALTER TABLE t ALTER COLUMN c SET NOT NULL' },
    { since: 15, sql: 'ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (c)' },
    { since: 15, sql: 'CREATE UNIQUE INDEX i ON t (c) NULLS NOT DISTINCT' },
    { since: 18, sql: 'ALTER TABLE t ADD CHECK (c > 0) NOT ENFORCED' },
    { since: 18, sql: 'ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES p NOT ENFORCED' },
    { given: ['ALTER TABLE t DROP CONSTRAINT t_pkey'], sql: 'ALTER TABLE t ADD PRIMARY KEY (id)' },
    {
      given: ['ALTER TABLE t DROP CONSTRAINT t_pkey', 'CREATE UNIQUE INDEX i ON t (id)'],
      sql: 'ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX i',
    },
    { sql: 'CREATE TABLE IF NOT EXISTS t (x int REFERENCES p)' },
    { given: ['CREATE INDEX i ON t (c)'], sql: 'CREATE INDEX IF NOT EXISTS i ON t (c)' },
    { sql: 'CREATE TABLE u AS SELECT * FROM t' },
    { sql: 'CREATE TEMP TABLE u AS SELECT * FROM t' },
    { sql: 'CREATE TABLE u (LIKE t INCLUDING ALL)' },
  ],
  'types and domains': [
    { sql: 'CREATE DOMAIN d AS int NOT NULL' },
    { given: ['CREATE DOMAIN d AS varchar(9)'], sql: 'ALTER TABLE t ADD COLUMN n d' },
    { given: ['CREATE DOMAIN d AS int', 'ALTER DOMAIN d ADD CHECK (VALUE > 0)'], sql: 'ALTER TABLE t ADD COLUMN n d' },
    { given: ['CREATE DOMAIN d AS int', 'ALTER DOMAIN d SET NOT NULL'], sql: 'ALTER TABLE t ADD COLUMN n d DEFAULT 1' },
    { sql: 'CREATE SEQUENCE z' },
    { given: ['CREATE SEQUENCE z'], sql: 'ALTER SEQUENCE z INCREMENT BY 2' },
    { sql: 'CREATE EXTENSION citext' },
    { sql: "CREATE TYPE other AS ENUM ('a')" },
    { given: domain, sql: 'ALTER DOMAIN d ADD CHECK (VALUE > 0) NOT VALID' },
    {
      given: [...domain, 'ALTER DOMAIN d ADD CONSTRAINT k CHECK (VALUE > 0) NOT VALID'],
      sql: 'ALTER DOMAIN d VALIDATE CONSTRAINT k',
    },
    { given: [...domain, 'UPDATE t SET e = 1'], sql: 'ALTER DOMAIN d SET NOT NULL' },
    { given: domain, sql: 'ALTER DOMAIN d SET DEFAULT 1' },
    { given: domain, sql: 'DROP DOMAIN d CASCADE' },
    { given: mood, sql: "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'" },
  ],
  partitions: [
    { given: partitioned, sql: 'CREATE INDEX i ON m (k)' },
    { given: partitioned, sql: 'CREATE INDEX i ON ONLY m (k)' },
    { given: [...partitioned, 'CREATE INDEX i ON m (k)'], sql: 'DROP INDEX i' },
    { given: partitioned, sql: 'ALTER TABLE m ADD COLUMN n float DEFAULT random()' },
    { given: partitioned, sql: 'ALTER TABLE m DROP COLUMN w' },
    { given: partitioned, sql: 'ALTER TABLE m ALTER COLUMN k SET NOT NULL' },
    { given: partitioned, sql: 'ALTER TABLE m ADD CHECK (k > 0)' },
    { given: partitioned, sql: 'ALTER TABLE m ADD FOREIGN KEY (k) REFERENCES p' },
    { since: 18, given: partitioned, sql: 'ALTER TABLE m ADD FOREIGN KEY (k) REFERENCES p NOT VALID' },
    { given: partitioned, sql: 'ALTER TABLE m ADD PRIMARY KEY (k)' },
    { given: partitioned, sql: 'ALTER TABLE m RENAME TO n' },
    { given: partitioned, sql: 'ALTER TABLE m RENAME COLUMN w TO x' },
    { given: partitioned, sql: "COMMENT ON TABLE m IS 'x'" },
    { given: partitioned, sql: 'ALTER TABLE m OWNER TO pg_monitor' },
    { given: partitioned, sql: 'ALTER TABLE m ENABLE ROW LEVEL SECURITY' },
    { given: partitioned, sql: 'ALTER TABLE m ALTER COLUMN w SET STORAGE EXTERNAL' },
    { given: partitioned, sql: 'ALTER TABLE m ALTER COLUMN w SET STATISTICS 10' },
    { given: partitioned, sql: 'ALTER TABLE m ALTER COLUMN w SET DEFAULT 1' },
    { given: partitioned, sql: 'TRUNCATE m' },
    { given: partitioned, sql: 'UPDATE m SET w = 1' },
    { given: partitioned, sql: 'DROP TABLE m' },
    { given: partitioned, sql: 'DROP TABLE m1' },
    { given: [...partitioned, ...rest], sql: 'DROP TABLE m1' },
    { given: [...partitioned, ...rest], sql: 'CREATE TABLE m3 PARTITION OF m FOR VALUES FROM (200) TO (300)' },
    {
      given: [...partitioned, 'ALTER TABLE m ADD FOREIGN KEY (k) REFERENCES p'],
      sql: 'ALTER TABLE m DETACH PARTITION m1',
    },
    {
      given: [...partitioned, 'ALTER TABLE m ADD FOREIGN KEY (k) REFERENCES p'],
      sql: 'CREATE TABLE m3 PARTITION OF m FOR VALUES FROM (200) TO (300)',
    },
    { given: [...partitioned, 'ALTER TABLE m2 RENAME TO m3'], sql: attach.replace('m2', 'm3') },
    {
      given: [
        ...partitioned,
        'ALTER TABLE m ADD FOREIGN KEY (k) REFERENCES p',
        'INSERT INTO p SELECT generate_series(101, 200)',
      ],
      sql: attach,
    },
  ],
  'partitions within their bounds': [
    { given: [...partitioned, check('k >= 100 AND k < 200')], sql: attach },
    { given: [...partitioned, check('k >= 100 AND k < 200'), 'ALTER TABLE m2 ALTER k SET NOT NULL'], sql: attach },
    { given: [...partitioned, check('k IS NOT NULL'), check('k BETWEEN 110 AND 150')].slice(0, 6), sql: attach },
    { given: [...partitioned, check('k IS NOT NULL AND k BETWEEN 100 AND 199')], sql: attach },
    { given: [...partitioned, check('k IS NOT NULL AND k >= 50 AND k < 200')], sql: attach },
    { given: [...partitioned, check('k IS NOT NULL AND k >= 100 AND k <= 200')], sql: attach },
    { given: [...partitioned, `${check('k IS NOT NULL AND k >= 100 AND k < 200')} NOT VALID`], sql: attach },
    {
      given: [...partitioned, check('k IS NOT NULL AND k >= 100')],
      sql: 'ALTER TABLE m ATTACH PARTITION m2 FOR VALUES FROM (100) TO (MAXVALUE)',
    },
    { given: [...partitioned], sql: 'ALTER TABLE m ATTACH PARTITION m2 DEFAULT' },
    { given: listed, sql: attachListed },
    { given: [...listed, "ALTER TABLE l1 ADD CHECK (k = 'a')"], sql: attachListed },
    { given: [...listed, "ALTER TABLE l1 ADD CHECK (k IN ('a', 'b'))"], sql: attachListed },
    { given: [...listed, "ALTER TABLE l1 ADD CHECK (k IN ('a', 'c'))"], sql: attachListed },
  ],
};

const refused: readonly MeasuredStatement[] = [
  { sql: 'DROP INDEX t_pkey' },
  { sql: 'DROP INDEX CONCURRENTLY t_pkey' },
  { given: ['CREATE INDEX i ON t (c)'], sql: 'ALTER TABLE t ADD UNIQUE USING INDEX i' },
  { given: ['CREATE UNIQUE INDEX i ON t (c) WHERE c > 0'], sql: 'ALTER TABLE t ADD UNIQUE USING INDEX i' },
  { given: ['CREATE UNIQUE INDEX i ON t (lower(v))'], sql: 'ALTER TABLE t ADD UNIQUE USING INDEX i' },
  { given: ['CREATE INDEX i ON t (c)'], sql: 'DROP INDEX CONCURRENTLY i CASCADE' },
  { given: ['CREATE INDEX i ON t (c)', 'CREATE INDEX j ON t (v)'], sql: 'DROP INDEX CONCURRENTLY i, j' },
  { given: partitioned, sql: 'CREATE INDEX CONCURRENTLY i ON m (k)' },
  { given: [...partitioned, 'CREATE INDEX i ON m (k)'], sql: 'DROP INDEX CONCURRENTLY i' },
  { given: materialized, sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY mv WITH NO DATA' },
  { given: [...partitioned, ...rest], sql: 'ALTER TABLE m DETACH PARTITION m1 CONCURRENTLY' },
  { sql: 'ALTER TABLE t ALTER COLUMN c TYPE uuid' },
  { sql: 'ALTER TABLE t ALTER COLUMN v TYPE int' },
  { sql: 'ALTER TABLE t ALTER COLUMN c TYPE boolean' },
  { sql: 'ALTER TABEL t ADD n int' },
];

const oldest = VERSIONS[0] ?? NEWEST;

describe(`proof: what SQL text does to tables of PostgreSQL ${oldest} and ${NEWEST}`, () => {
  after('stop the older one', () => stopOlderPostgres(oldest));

  for (const [group, statements] of Object.entries(groups)) {
    describe(group, () => {
      for (const statement of statements) {
        const given = statement.given?.filter((each) => !partitioned.includes(each)) ?? [];
        it([...given, statement.sql].join('; '), async () => {
          await Promise.all([checkStatement(statement, NEWEST), checkStatement(statement, oldest)]);
        });
      }
    });
  }

  describe('what PostgreSQL refuses', () => {
    for (const statement of refused) {
      it(statement.sql, () => Promise.all([checkRefusal(statement, NEWEST), checkRefusal(statement, oldest)]));
    }
  });
});
