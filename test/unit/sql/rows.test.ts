import { checkSql } from './check-sql.ts';

describe('SQL about rows, sessions and transactions', () => {
  it('tells which rows are written', async () => {
    await checkSql(
      {
        sql: `DELETE FROM a; DELETE FROM ONLY s.a WHERE true; DELETE FROM a WHERE 1 = 1 AND NOT false; DELETE FROM a WHERE id = 1;
          DELETE FROM a WHERE 1 = 0; DELETE FROM a USING b WHERE a.id = b.id; UPDATE a SET x = 1 FROM b`,
      },
      `WriteRows delete a all @ DELETE FROM a
       WriteRows delete a all @ DELETE FROM ONLY s.a WHERE true
       WriteRows delete a all @ DELETE FROM a WHERE 1 = 1 AND NOT false
       WriteRows delete a filtered @ DELETE FROM a WHERE id = 1
       WriteRows delete a filtered @ DELETE FROM a WHERE 1 = 0
       WriteRows delete a filtered @ DELETE FROM a USING b WHERE a.id = b.id
       WriteRows update a all x=constant @ UPDATE a SET x = 1 FROM b`,
    );
    await checkSql(
      { sql: 'DELETE FROM a WHERE true OR b; DELETE FROM a WHERE b OR NULL; DELETE FROM a WHERE NULL = NULL' },
      `WriteRows delete a all @ DELETE FROM a WHERE true OR b
       WriteRows delete a filtered @ DELETE FROM a WHERE b OR NULL
       WriteRows delete a filtered @ DELETE FROM a WHERE NULL = NULL`,
    );
  });

  it('tells what is assigned', async () => {
    await checkSql(
      {
        sql: `UPDATE a SET b = 'x', c = now(), d = e + 1, f = (SELECT 1), g = random(), h = NULL, i = DEFAULT, j = 'x'::json;
          UPDATE a AS o SET (x, y) = (1, 2) WHERE o.id = 3`,
      },
      `WriteRows update a all b=constant c=constant d=expression f=expression g=expression h=constant i=constant j=constant
         @ UPDATE a SET b = 'x', c = now(), d = e + 1, f = (SELECT 1), g = random(), h = NULL, i = DEFAULT, j = 'x'::json
       WriteRows update a filtered x=constant y=constant @ UPDATE a AS o SET (x, y) = (1, 2) WHERE o.id = 3`,
    );
  });

  it('sees slices', async () => {
    await checkSql(
      {
        sql: 'DELETE FROM a WHERE id IN (SELECT id FROM a LIMIT 100); DELETE FROM a WHERE ctid = ANY(ARRAY(SELECT ctid FROM a LIMIT 5))',
      },
      `WriteRows delete a filtered batched @ DELETE FROM a WHERE id IN (SELECT id FROM a LIMIT 100)
       WriteRows delete a filtered batched @ DELETE FROM a WHERE ctid = ANY(ARRAY(SELECT ctid FROM a LIMIT 5))`,
    );
  });

  it('underlines what stands in a WITH by itself', async () => {
    await checkSql(
      {
        sql: 'WITH gone AS (DELETE FROM a RETURNING *), more AS (UPDATE b SET x = 1, y = 2) INSERT INTO c SELECT * FROM gone',
      },
      `WriteRows delete a all @ DELETE FROM a RETURNING *
       WriteRows update b all x=constant y=constant @ UPDATE b SET x = 1, y = 2
       WriteRows insert c all @ INSERT INTO c`,
    );
    await checkSql({ sql: 'WITH a AS (DELETE FROM b) SELECT 1' }, 'WriteRows delete b all @ DELETE FROM b');
  });

  it('merges, copies and truncates', async () => {
    await checkSql(
      {
        sql: `MERGE INTO a USING b ON a.id = b.id WHEN MATCHED AND b.gone THEN DELETE WHEN MATCHED THEN UPDATE SET x = b.x
            WHEN NOT MATCHED THEN INSERT VALUES (1); COPY a (b) FROM 'a.csv'; COPY a TO 'a.csv'`,
      },
      `WriteRows delete a filtered @ MERGE INTO a USING b ON a.id = b.id WHEN MATCHED AND b.gone THEN DELETE WHEN MATCHED THEN UPDATE SET x = b.x
       WriteRows insert a all @ MERGE INTO a
       WriteRows update a filtered x=expression @ MERGE INTO a USING b ON a.id = b.id WHEN MATCHED AND b.gone THEN DELETE WHEN MATCHED THEN UPDATE SET x = b.x
       WriteRows insert a all @ COPY a
       OtherStatement COPY A @ COPY a TO 'a.csv'`,
    );
    await checkSql(
      { sql: 'TRUNCATE TABLE a; TRUNCATE a, ONLY s.b RESTART IDENTITY CASCADE' },
      `Truncate a @ TRUNCATE TABLE a
       Truncate a cascade restart identity @ a
       Truncate s.b cascade restart identity @ s.b`,
    );
  });

  it('tells whose rows a query locks', async () => {
    await checkSql(
      {
        sql: 'SELECT * FROM a JOIN s.b ON true FOR UPDATE; SELECT * FROM a AS x, b FOR SHARE OF x SKIP LOCKED; SELECT * FROM a',
      },
      `LockRows a @ SELECT * FROM a JOIN s.b ON true FOR UPDATE
       LockRows s.b @ SELECT * FROM a JOIN s.b ON true FOR UPDATE
       LockRows a @ SELECT * FROM a AS x, b FOR SHARE OF x SKIP LOCKED
       OtherStatement SELECT @ SELECT * FROM a`,
    );
  });

  it('sets timeouts', async () => {
    await checkSql(
      {
        sql: `SET lock_timeout = '5s'; SET LOCAL statement_timeout TO 0; SET lock_timeout TO DEFAULT; RESET lock_timeout;
          SET lock_timeout = 250; SET idle_in_transaction_session_timeout = '1.5 min'; SELECT set_config('lock_timeout', '2min', true)`,
      },
      `SetTimeout lock_timeout 5000 for the session @ SET lock_timeout = '5s'
       SetTimeout statement_timeout 0 for the transaction @ SET LOCAL statement_timeout TO 0
       SetTimeout lock_timeout ? for the session @ SET lock_timeout TO DEFAULT
       SetTimeout lock_timeout ? for the session @ RESET lock_timeout
       SetTimeout lock_timeout 250 for the session @ SET lock_timeout = 250
       SetTimeout idle_in_transaction_session_timeout 90000 for the session @ SET idle_in_transaction_session_timeout = '1.5 min'
       SetTimeout lock_timeout 120000 for the transaction @ SELECT set_config('lock_timeout', '2min', true)`,
    );
    await checkSql(
      { sql: "SET session_replication_role = replica; SET session_replication_role TO 'origin'" },
      `SwitchTriggers * all off @ SET session_replication_role = replica
       SwitchTriggers * all on @ SET session_replication_role TO 'origin'`,
    );
  });

  it('controls transactions', async () => {
    await checkSql(
      { sql: 'BEGIN; START TRANSACTION; SAVEPOINT a; ROLLBACK TO a; RELEASE a; ROLLBACK; COMMIT; END' },
      `TransactionControl begin @ BEGIN
       TransactionControl begin @ START TRANSACTION
       TransactionControl savepoint @ SAVEPOINT a
       TransactionControl rollback-to @ ROLLBACK TO a
       TransactionControl release @ RELEASE a
       TransactionControl rollback @ ROLLBACK
       TransactionControl commit @ COMMIT
       TransactionControl commit @ END`,
    );
    await checkSql(
      { sql: 'SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS a, b DEFERRED' },
      `SetConstraints all immediate @ SET CONSTRAINTS ALL IMMEDIATE
       SetConstraints a, b deferred @ SET CONSTRAINTS a, b DEFERRED`,
    );
  });

  it('maintains tables', async () => {
    await checkSql(
      {
        sql: `VACUUM; VACUUM FULL a; VACUUM (FULL, ANALYZE) a, b; VACUUM (FULL false) a; ANALYZE a; CLUSTER a USING i; CLUSTER;
          LOCK TABLE a IN SHARE MODE; LOCK a, b`,
      },
      `Maintenance vacuum * @ VACUUM
       Maintenance vacuum-full a @ VACUUM FULL a
       Maintenance vacuum-full a @ VACUUM (FULL, ANALYZE) a, b
       Maintenance vacuum-full b @ VACUUM (FULL, ANALYZE) a, b
       Maintenance vacuum a @ VACUUM (FULL false) a
       Maintenance analyze a @ ANALYZE a
       Maintenance cluster a @ CLUSTER a USING i
       Maintenance cluster * @ CLUSTER
       LockTable a SHARE @ LOCK TABLE a IN SHARE MODE
       LockTable a ACCESS EXCLUSIVE @ a
       LockTable b ACCESS EXCLUSIVE @ b`,
    );
  });

  it('says what it cannot look into', async () => {
    await checkSql(
      { sql: 'SELECT migrate_all(1); CALL fix(); EXECUTE prepared; SELECT count(*), pg_sleep(1), lower(b) FROM a' },
      `Opaque it calls the function "migrate_all", whose code is not looked into @ SELECT migrate_all(1)
       Opaque it calls the procedure "fix", whose code is not looked into @ CALL fix()
       Opaque it runs the prepared statement "prepared" @ EXECUTE prepared
       OtherStatement SELECT @ SELECT count(*), pg_sleep(1), lower(b) FROM a`,
    );
  });
});
