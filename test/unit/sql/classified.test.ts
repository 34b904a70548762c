import { checkSql } from './check-sql.ts';

describe('SQL of MySQL and SQLite', () => {
  it('is told by its words on MySQL', async () => {
    await checkSql(
      {
        database: 'mysql',
        sql:
          'CREATE TABLE IF NOT EXISTS `shop`.`order` (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, ' +
          "note varchar(20) DEFAULT 'x', d decimal(10, 2), g int AS (d * 2) STORED, KEY k (note)) ENGINE=InnoDB",
      },
      `CreateTable shop.order
         id int unsigned not null primary key identity
         note varchar(20) null default 'x'
         d decimal(10, 2) null
         g int null stored
         … if not exists
         @ CREATE TABLE IF NOT EXISTS \`shop\`.\`order\``,
    );
    await checkSql(
      {
        database: 'mysql',
        sql:
          'DROP TABLE IF EXISTS a, b; DROP TEMPORARY TABLE t; TRUNCATE TABLE a; TRUNCATE b; RENAME TABLE a TO b, c TO x.d; ' +
          'DROP DATABASE d; CREATE OR REPLACE VIEW v AS SELECT 1; DROP VIEW v; OPTIMIZE TABLE a, b; ANALYZE TABLE a; CALL p()',
      },
      `DropTable a @ DROP TABLE IF EXISTS a, b
       DropTable b @ DROP TABLE IF EXISTS a, b
       DropTable t @ DROP TEMPORARY TABLE t
       Truncate a restart identity @ TRUNCATE TABLE a
       Truncate b restart identity @ TRUNCATE b
       RenameTable a to b @ RENAME TABLE a TO b, c TO x.d
       RenameTable c to x.d @ RENAME TABLE a TO b, c TO x.d
       DropDatabase d @ DROP DATABASE d
       CreateView v replaces reads @ CREATE OR REPLACE VIEW v AS SELECT 1
       DropView v @ DROP VIEW v
       Maintenance optimize a @ OPTIMIZE TABLE a, b
       Maintenance optimize b @ OPTIMIZE TABLE a, b
       Maintenance analyze a @ ANALYZE TABLE a
       Opaque it calls the procedure "p", whose code is not looked into @ CALL p()`,
    );
  });

  it('has many actions in one ALTER TABLE', async () => {
    await checkSql(
      {
        database: 'mariadb',
        before: 'CREATE TABLE a (x int, old int)',
        sql: `ALTER TABLE a ADD COLUMN y int NOT NULL DEFAULT 5 AFTER x, ADD (p int, q text), ADD INDEX i (x, note(10)),
          ADD UNIQUE KEY u (x), ADD CONSTRAINT fk FOREIGN KEY (c) REFERENCES p (id), ADD PRIMARY KEY (id), ADD CHECK (x > 0),
          ADD FULLTEXT f (note), DROP COLUMN z, DROP w, DROP INDEX i, DROP FOREIGN KEY fk, DROP PRIMARY KEY,
          MODIFY note varchar(30) NOT NULL, CHANGE old new bigint, ALTER x SET DEFAULT 7, ALTER COLUMN x DROP DEFAULT,
          RENAME COLUMN m TO n, RENAME INDEX i TO j, RENAME CONSTRAINT u1 TO u2, ENGINE=InnoDB, COMMENT='x', ALGORITHM=INPLACE, LOCK=NONE, RENAME TO b`,
      },
      `AddColumn a.y int not null default 5 @ ADD COLUMN y int NOT NULL DEFAULT 5 AFTER x
       AddColumn a.p int null @ ADD (p int, q text)
       AddColumn a.q text null @ ADD (p int, q text)
       CreateIndex a: index i (x, note) @ ADD INDEX i (x, note(10))
       AddConstraint a: unique u (x) @ ADD UNIQUE KEY u (x)
       AddConstraint a: foreign-key fk (c) references p @ ADD CONSTRAINT fk FOREIGN KEY (c) REFERENCES p (id)
       AddConstraint a: primary-key PRIMARY (id) @ ADD PRIMARY KEY (id)
       AddConstraint a: check ~ () x > 0 @ ADD CHECK (x > 0)
       CreateIndex a: index f (note) fulltext @ ADD FULLTEXT f (note)
       DropColumn a.z @ DROP COLUMN z
       DropColumn a.w @ DROP w
       DropIndex a.i @ DROP INDEX i
       DropConstraint a.fk foreign-key @ DROP FOREIGN KEY fk
       DropConstraint a.PRIMARY primary-key @ DROP PRIMARY KEY
       AlterColumn a.note to note varchar(30) not null @ MODIFY note varchar(30) NOT NULL
       RenameColumn a.old to new @ CHANGE old new bigint
       AlterColumn a.new to new bigint null @ CHANGE old new bigint
       AlterColumn a.x to x int null unique default 7 @ ALTER x SET DEFAULT 7
       AlterColumn a.x to x int null unique @ ALTER COLUMN x DROP DEFAULT
       RenameColumn a.m to n @ RENAME COLUMN m TO n
       RenameIndex a.i to j @ RENAME INDEX i TO j
       RenameConstraint a.u1 to u2 @ RENAME CONSTRAINT u1 TO u2
       Maintenance optimize a @ ENGINE=InnoDB
       SetTableOption a other @ COMMENT='x'
       RenameTable a to b @ RENAME TO b`,
    );
  });

  it('tells which rows are written', async () => {
    await checkSql(
      {
        database: 'mysql',
        sql: `UPDATE a SET x = 1, b.y = z + 1 WHERE id = 3; UPDATE LOW_PRIORITY a SET x = 'it'; DELETE FROM a WHERE 1 = 1;
          DELETE FROM a LIMIT 100; DELETE a, b FROM a JOIN b WHERE a.id = b.id; INSERT IGNORE INTO a VALUES (1); REPLACE INTO a VALUES (1)`,
      },
      `WriteRows update a filtered x=constant y=expression @ UPDATE a SET x = 1, b.y = z + 1 WHERE id = 3
       WriteRows update a all x=constant @ UPDATE LOW_PRIORITY a SET x = 'it'
       WriteRows delete a all @ DELETE FROM a WHERE 1 = 1
       WriteRows delete a filtered batched @ DELETE FROM a LIMIT 100
       WriteRows delete a filtered @ DELETE a, b FROM a JOIN b WHERE a.id = b.id
       WriteRows delete b filtered @ DELETE a, b FROM a JOIN b WHERE a.id = b.id
       WriteRows insert a all @ INSERT IGNORE INTO a
       WriteRows insert a all @ REPLACE INTO a`,
    );
  });

  it('sets and controls the session', async () => {
    await checkSql(
      {
        database: 'mysql',
        sql:
          'SET foreign_key_checks = 0; SET @@session.lock_wait_timeout = 5; SET NAMES utf8; START TRANSACTION; COMMIT; ' +
          'LOCK TABLES a WRITE, b READ; CREATE UNIQUE INDEX i ON a (x, y(3), (z + 1)); DROP INDEX i ON a',
      },
      `SwitchTriggers * all off @ SET foreign_key_checks = 0
       SetTimeout lock_wait_timeout 5000 for the session @ SET @@session.lock_wait_timeout = 5
       OtherStatement SET @ SET NAMES utf8
       TransactionControl begin @ START TRANSACTION
       TransactionControl commit @ COMMIT
       LockTable a WRITE @ LOCK TABLES a WRITE, b READ
       LockTable b READ @ LOCK TABLES a WRITE, b READ
       CreateIndex a: unique index i (x, y) expressions @ CREATE UNIQUE INDEX i ON a (x, y(3), (z + 1))
       DropIndex a.i @ DROP INDEX i ON a`,
    );
  });

  it('is told by its words on SQLite', async () => {
    await checkSql(
      {
        database: 'sqlite',
        before: 'CREATE TABLE a (x int); CREATE INDEX i ON a (x)',
        sql: `PRAGMA foreign_keys = OFF; CREATE TABLE "new__a" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, [x] text);
          INSERT INTO "new__a" SELECT * FROM a; DROP TABLE a; ALTER TABLE new__a RENAME TO a; ALTER TABLE a RENAME x TO y;
          ALTER TABLE a ADD z int; ALTER TABLE a DROP z; VACUUM; BEGIN IMMEDIATE; UPDATE OR REPLACE a SET x = 1;
          WITH w AS (SELECT 1) DELETE FROM a; PRAGMA user_version`,
      },
      `SwitchTriggers * all off @ PRAGMA foreign_keys = OFF
       CreateTable new__a
         id integer not null primary key identity
         x text null
         …
         @ CREATE TABLE "new__a"
       WriteRows insert new__a all @ INSERT INTO "new__a"
       DropTable a @ DROP TABLE a
       RenameTable new__a to a @ RENAME TO a
       RenameColumn a.x to y @ RENAME x TO y
       AddColumn a.z int null @ ADD z int
       DropColumn a.z @ DROP z
       Maintenance vacuum-full * @ VACUUM
       TransactionControl begin @ BEGIN IMMEDIATE
       WriteRows update a all x=constant @ UPDATE OR REPLACE a SET x = 1
       WriteRows delete a all @ WITH w AS (SELECT 1) DELETE FROM a
       OtherStatement PRAGMA @ PRAGMA user_version`,
    );
    await checkSql(
      { database: 'sqlite', before: 'CREATE TABLE a (x int); CREATE INDEX i ON a (x)', sql: 'DROP INDEX i' },
      'DropIndex a.i @ DROP INDEX i',
    );
  });

  it('is never wrong', async () => {
    await checkSql(
      { database: 'mysql', sql: 'SELCT 1; ALTER TABEL a' },
      'OtherStatement SELCT @ SELCT 1\nOtherStatement ALTER @ ALTER TABEL a',
    );
    await checkSql(
      { database: 'mysql', sql: 'ALTER TABLE a ADD INDEX i (b)' },
      'CreateIndex a: index i (b) @ ADD INDEX i (b)',
    );
  });
});
