import { checkSql } from './check-sql.ts';

describe('SQL about tables', () => {
  it('creates tables', async () => {
    await checkSql(
      {
        sql: `CREATE TABLE shop_order (
          id bigserial PRIMARY KEY,
          note varchar(20) NOT NULL DEFAULT 'x''y',
          total numeric(10,2) CHECK (total >= 0),
          customer_id int REFERENCES shop_customer (id) ON DELETE CASCADE,
          placed timestamptz DEFAULT now() NOT NULL,
          tags text[],
          uid uuid UNIQUE DEFAULT gen_random_uuid(),
          doubled int GENERATED ALWAYS AS (total * 2) STORED,
          halved int GENERATED ALWAYS AS (total / 2) VIRTUAL,
          nr int GENERATED ALWAYS AS IDENTITY,
          kind mood COLLATE "C" DEFAULT 'a'::mood,
          CONSTRAINT order_total CHECK (total < 100 AND note <> ''),
          UNIQUE (note, total),
          FOREIGN KEY (nr) REFERENCES other.thing,
          EXCLUDE USING gist (id WITH =)
        )`,
      },
      `CreateTable shop_order
         id bigint not null primary key identity
         note varchar(20) not null default 'x''y'
         total numeric(10, 2) null check (total >= 0)
         customer_id integer null references shop_customer.id
         placed timestamp with time zone not null default stable now()
         tags text[] null
         uid uuid null unique default volatile gen_random_uuid()
         doubled integer null stored
         halved integer null virtual
         nr integer not null identity
         kind mood null default 'a'::mood collate C
         primary-key shop_order_pkey (id)
         check shop_order_total_check (total) total >= 0
         foreign-key shop_order_customer_id_fkey (customer_id) references shop_customer
         unique shop_order_uid_key (uid)
         check order_total (total, note) total < 100 AND note <> ''
         unique shop_order_note_total_key (note, total)
         foreign-key shop_order_nr_fkey (nr) references other.thing
         exclusion shop_order_id_excl (id)
         @ CREATE TABLE shop_order`,
    );
  });

  it('creates tables out of others', async () => {
    await checkSql(
      {
        before: 'CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));',
        sql: 'CREATE TABLE b PARTITION OF a FOR VALUES IN (1)',
      },
      `CreateTable b
         x integer not null
         y integer not null partition of a
         @ CREATE TABLE b`,
    );
    await checkSql(
      { sql: 'CREATE TEMP TABLE IF NOT EXISTS t (LIKE a INCLUDING ALL)' },
      `CreateTable t
         … temporary if not exists
         @ CREATE TEMP TABLE IF NOT EXISTS t`,
    );
    await checkSql({ sql: 'CREATE TABLE t AS SELECT 1' }, 'CreateTable t\n… with rows @ CREATE TABLE t AS SELECT 1');
    await checkSql({ sql: 'SELECT * INTO t FROM a' }, 'CreateTable t\n… with rows @ SELECT * INTO t FROM a');
  });

  it('drops tables', async () => {
    await checkSql({ sql: 'DROP TABLE a' }, 'DropTable a @ DROP TABLE a');
    await checkSql(
      { sql: 'DROP TABLE IF EXISTS a, public.b, c.d CASCADE' },
      `DropTable a cascade @ a
       DropTable b cascade @ public.b
       DropTable c.d cascade @ c.d`,
    );
  });

  it('renames', async () => {
    await checkSql(
      { sql: 'ALTER TABLE a RENAME TO b; ALTER TABLE IF EXISTS ONLY public.a RENAME COLUMN x TO "Y"' },
      `RenameTable a to b @ ALTER TABLE a RENAME TO b
       RenameColumn a.x to Y @ ALTER TABLE IF EXISTS ONLY public.a RENAME COLUMN x TO "Y"`,
    );
    await checkSql(
      { sql: 'ALTER TABLE a RENAME CONSTRAINT c TO d; ALTER INDEX i RENAME TO j; ALTER SCHEMA s RENAME TO t' },
      `RenameConstraint a.c to d @ ALTER TABLE a RENAME CONSTRAINT c TO d
       RenameIndex i to j @ ALTER INDEX i RENAME TO j
       RenameSchema s to t @ ALTER SCHEMA s RENAME TO t`,
    );
    await checkSql(
      { sql: 'ALTER TABLE a SET SCHEMA archive' },
      'RenameTable a to archive.a @ ALTER TABLE a SET SCHEMA archive',
    );
    await checkSql(
      { before: 'CREATE TABLE a (x int); CREATE INDEX i ON a (x);', sql: 'ALTER TABLE i RENAME TO j' },
      'RenameIndex a.i to j @ ALTER TABLE i RENAME TO j',
    );
  });

  it('underlines each action of an ALTER TABLE', async () => {
    await checkSql(
      {
        sql: `ALTER TABLE public.a
                ADD COLUMN x int NOT NULL DEFAULT 5,
                ADD COLUMN IF NOT EXISTS y text CHECK (y <> 'a, b'), ADD z bigserial,
                DROP COLUMN IF EXISTS note CASCADE,
                ADD COLUMN
                  w int`,
      },
      `AddColumn a.x integer not null default 5 @ ADD COLUMN x int NOT NULL DEFAULT 5
       AddColumn a.y text null check (y <> 'a, b') with a_y_check @ ADD COLUMN IF NOT EXISTS y text CHECK (y <> 'a, b')
       AddColumn a.z bigint not null identity @ ADD z bigserial
       DropColumn a.note cascade @ DROP COLUMN IF EXISTS note CASCADE
       AddColumn a.w integer null @ ADD COLUMN`,
    );
  });

  it('changes columns as they were before', async () => {
    const before = "CREATE TABLE a (x varchar(10) NOT NULL DEFAULT 'a', y int)";
    await checkSql(
      { before, sql: 'ALTER TABLE a ALTER x TYPE varchar(20), ALTER COLUMN x DROP NOT NULL, ALTER x DROP DEFAULT' },
      `AlterColumn a.x to x varchar(20) not null default 'a' @ ALTER x TYPE varchar(20)
       AlterColumn a.x to x varchar(20) null default 'a' @ ALTER COLUMN x DROP NOT NULL
       AlterColumn a.x to x varchar(20) null @ ALTER x DROP DEFAULT`,
    );
    await checkSql(
      { before, sql: 'ALTER TABLE a ALTER y SET DATA TYPE text COLLATE "C" USING y::text, ALTER y SET NOT NULL' },
      `AlterColumn a.y to y text null collate C using y::text @ ALTER y SET DATA TYPE text COLLATE "C" USING y::text
       AlterColumn a.y to y text not null collate C @ ALTER y SET NOT NULL`,
    );
    await checkSql(
      { before, sql: 'ALTER TABLE a ALTER y SET DEFAULT random(); ALTER TABLE a ALTER z SET NOT NULL' },
      `AlterColumn a.y to y integer null default volatile random() @ ALTER y SET DEFAULT random()
       AlterColumn a.z to z unknown not null @ ALTER z SET NOT NULL`,
    );
  });

  it('adds, validates and drops constraints', async () => {
    await checkSql(
      {
        sql: `ALTER TABLE a
          ADD CONSTRAINT c CHECK (x IS NOT NULL) NOT VALID,
          VALIDATE CONSTRAINT c,
          ADD FOREIGN KEY (b_id) REFERENCES b NOT VALID,
          ADD CONSTRAINT u UNIQUE USING INDEX i,
          ADD PRIMARY KEY (id),
          ADD CONSTRAINT n NOT NULL x NOT VALID,
          ADD CHECK (x > 0) NOT ENFORCED,
          DROP CONSTRAINT a_pkey CASCADE,
          DROP CONSTRAINT IF EXISTS other`,
      },
      `AddConstraint a: check c (x) x IS NOT NULL proves x not valid @ ADD CONSTRAINT c CHECK (x IS NOT NULL) NOT VALID
       ValidateConstraint a.c @ VALIDATE CONSTRAINT c
       AddConstraint a: foreign-key ~a_b_id_fkey (b_id) references b not valid @ ADD FOREIGN KEY (b_id) REFERENCES b NOT VALID
       AddConstraint a: unique u () using i @ ADD CONSTRAINT u UNIQUE USING INDEX i
       AddConstraint a: primary-key ~a_pkey (id) @ ADD PRIMARY KEY (id)
       AddConstraint a: not-null n (x) not valid @ ADD CONSTRAINT n NOT NULL x NOT VALID
       AddConstraint a: check ~a_x_check (x) x > 0 not valid @ ADD CHECK (x > 0) NOT ENFORCED
       DropConstraint a.a_pkey primary-key cascade @ DROP CONSTRAINT a_pkey CASCADE
       DropConstraint a.other unknown @ DROP CONSTRAINT IF EXISTS other`,
    );
    await checkSql(
      {
        before: 'CREATE TABLE a (x int UNIQUE, y int); CREATE UNIQUE INDEX i ON a (y);',
        sql: 'ALTER TABLE a ADD UNIQUE USING INDEX i, DROP CONSTRAINT a_x_key, ADD UNIQUE (x), ADD UNIQUE (x)',
      },
      `AddConstraint a: unique i (y) using i @ ADD UNIQUE USING INDEX i
       DropConstraint a.a_x_key unique @ DROP CONSTRAINT a_x_key
       AddConstraint a: unique a_x_key (x) @ ADD UNIQUE (x)
       AddConstraint a: unique a_x_key1 (x) @ ADD UNIQUE (x)`,
    );
  });

  it('names what has no name as PostgreSQL does', async () => {
    const [table, column] = ['t'.repeat(50), 'c'.repeat(40)];
    await checkSql(
      { before: `CREATE TABLE ${table} (${column} int)`, sql: `ALTER TABLE ${table} ADD UNIQUE (${column})` },
      `AddConstraint ${table}: unique ${'t'.repeat(29)}_${'c'.repeat(29)}_key (${column}) @ ADD UNIQUE (${column})`,
    );
  });

  it('numbers names that repeat each other', async () => {
    await checkSql(
      {
        sql: 'CREATE TABLE b (x int CHECK (x > 0) CHECK (x > 1), y int UNIQUE, CHECK (x > 2), CHECK (x > y))',
      },
      `CreateTable b
         x integer null check (x > 0)
         y integer null unique
         check b_x_check (x) x > 0
         check b_x_check1 (x) x > 1
         unique b_y_key (y)
         check b_x_check2 (x) x > 2
         check b_check (x, y) x > y
         @ CREATE TABLE b`,
    );
  });

  it('sets what is neither column nor constraint', async () => {
    await checkSql(
      {
        sql: `ALTER TABLE a SET (fillfactor = 70), ENABLE ROW LEVEL SECURITY, REPLICA IDENTITY FULL, INHERIT b,
          ALTER c SET STATISTICS 100, ALTER c SET STORAGE external, ALTER c ADD GENERATED ALWAYS AS IDENTITY,
          ALTER CONSTRAINT c DEFERRABLE, OWNER TO bob`,
      },
      `SetTableOption a parameters @ SET (fillfactor = 70)
       SetTableOption a row-security @ ENABLE ROW LEVEL SECURITY
       SetTableOption a replica-identity @ REPLICA IDENTITY FULL
       SetTableOption a inheritance from b @ INHERIT b
       SetTableOption a statistics of c @ ALTER c SET STATISTICS 100
       SetTableOption a storage of c @ ALTER c SET STORAGE external
       SetTableOption a identity of c @ ALTER c ADD GENERATED ALWAYS AS IDENTITY
       SetTableOption a constraint @ ALTER CONSTRAINT c DEFERRABLE
       SetTableOption a owner @ OWNER TO bob`,
    );
    await checkSql(
      { sql: 'ALTER TABLE a SET LOGGED, SET TABLESPACE x, SET ACCESS METHOD heap; ALTER TABLE a SET UNLOGGED' },
      `Maintenance set-logged a @ SET LOGGED
       Maintenance set-tablespace a @ SET TABLESPACE x
       Maintenance set-access-method a @ SET ACCESS METHOD heap
       Maintenance set-unlogged a @ SET UNLOGGED`,
    );
    await checkSql({ sql: 'ALTER VIEW v SET SCHEMA x' }, 'OtherStatement ALTER VIEW @ ALTER VIEW v SET SCHEMA x');
    await checkSql(
      { sql: 'ALTER SEQUENCE s OWNED BY a.b' },
      'OtherStatement ALTER SEQUENCE @ ALTER SEQUENCE s OWNED BY a.b',
    );
  });

  it('attaches and detaches partitions', async () => {
    await checkSql(
      {
        sql: `ALTER TABLE a ATTACH PARTITION b FOR VALUES FROM (1) TO (2);
          ALTER TABLE a DETACH PARTITION b; ALTER TABLE a DETACH PARTITION b CONCURRENTLY;
          ALTER TABLE a DETACH PARTITION b FINALIZE`,
      },
      `AttachPartition a b @ ATTACH PARTITION b FOR VALUES FROM (1) TO (2)
       DetachPartition a b plain @ DETACH PARTITION b
       DetachPartition a b concurrently @ DETACH PARTITION b CONCURRENTLY
       DetachPartition a b finalize @ DETACH PARTITION b FINALIZE`,
    );
  });

  it('knows when checks keep a partition within its bounds', async () => {
    const parent = 'CREATE TABLE a (k int, PRIMARY KEY (k)) PARTITION BY RANGE (k);';
    const attach = 'ALTER TABLE a ATTACH PARTITION b FOR VALUES FROM (1) TO (9)';
    for (const condition of ['k IS NOT NULL AND k >= 1 AND k < 9', 'k IS NOT NULL AND k BETWEEN 2 AND 8']) {
      await checkSql(
        { before: `${parent} CREATE TABLE b (k int, CHECK (${condition}));`, sql: attach },
        'AttachPartition a b proven @ ATTACH PARTITION b FOR VALUES FROM (1) TO (9)',
      );
    }
    for (const condition of ['k >= 1 AND k < 9', 'k IS NOT NULL AND k >= 1', 'k IS NOT NULL AND k >= 1 AND k <= 9']) {
      await checkSql(
        { before: `${parent} CREATE TABLE b (k int, CHECK (${condition}));`, sql: attach },
        'AttachPartition a b @ ATTACH PARTITION b FOR VALUES FROM (1) TO (9)',
      );
    }
    await checkSql(
      { before: parent, sql: 'ALTER TABLE a ATTACH PARTITION b DEFAULT' },
      'AttachPartition a b default @ ATTACH PARTITION b DEFAULT',
    );
  });

  it('switches triggers', async () => {
    await checkSql(
      { sql: 'ALTER TABLE a DISABLE TRIGGER ALL, DISABLE TRIGGER USER, ENABLE TRIGGER tr, ENABLE ALWAYS TRIGGER tr' },
      `SwitchTriggers a all off @ DISABLE TRIGGER ALL
       SwitchTriggers a user off @ DISABLE TRIGGER USER
       SwitchTriggers a tr on @ ENABLE TRIGGER tr
       SwitchTriggers a tr on @ ENABLE ALWAYS TRIGGER tr`,
    );
  });
});
