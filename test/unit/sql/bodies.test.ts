import { checkSql } from './check-sql.ts';

describe('PL/pgSQL', () => {
  it('does what the statements of a DO block do', async () => {
    await checkSql(
      {
        sql: `DO $$
          DECLARE n int := 0;
          BEGIN
            ALTER TABLE a ADD COLUMN b int;
            UPDATE a SET b = 1;
            n := 5;
            SELECT count(*) INTO n FROM a;
            PERFORM set_config('lock_timeout', '1s', false);
            PERFORM  f(n);
            CALL p();
          END $$`,
      },
      `AddColumn a.b integer null @ ADD COLUMN b int
       WriteRows update a all b=constant @ UPDATE a SET b = 1
       SetTimeout lock_timeout 1000 for the session @ PERFORM set_config('lock_timeout', '1s', false)
       Opaque it calls the function "f", whose code is not looked into @ PERFORM  f(n)
       Opaque it calls the procedure "p", whose code is not looked into @ CALL p()`,
    );
    await checkSql({ sql: 'DO $$ BEGIN NULL; END $$' }, 'OtherStatement DO @ DO $$ BEGIN NULL; END $$');
  });

  it('knows what may not happen', async () => {
    await checkSql(
      {
        sql: `DO $$
          BEGIN
            IF EXISTS (SELECT 1) THEN DROP TABLE a; ELSIF true THEN DROP TABLE b; ELSE DROP TABLE c; END IF;
            CASE 1 WHEN 1 THEN DROP TABLE d; ELSE DROP TABLE e; END CASE;
            BEGIN DROP TABLE f; EXCEPTION WHEN OTHERS THEN DROP TABLE g; END;
          END $$`,
      },
      `DropTable a [conditional] @ DROP TABLE a
       DropTable b [conditional] @ DROP TABLE b
       DropTable c [conditional] @ DROP TABLE c
       DropTable d [conditional] @ DROP TABLE d
       DropTable e [conditional] @ DROP TABLE e
       DropTable f @ DROP TABLE f
       DropTable g [conditional] @ DROP TABLE g`,
    );
  });

  it('sees loops over slices, and guards', async () => {
    await checkSql(
      {
        sql: `DO $$
          DECLARE r record;
          BEGIN
            FOR r IN SELECT * FROM a LOOP UPDATE a SET b = 1 WHERE id = r.id; END LOOP;
            LOOP DELETE FROM c WHERE id < 10; EXIT WHEN NOT FOUND; COMMIT; END LOOP;
            IF current_setting('app.allow') <> 'yes' THEN RAISE EXCEPTION 'no'; END IF;
            DELETE FROM d;
          END $$`,
      },
      `WriteRows update a filtered b=constant batched @ UPDATE a SET b = 1 WHERE id = r.id
       WriteRows delete c filtered batched @ DELETE FROM c WHERE id < 10
       TransactionControl commit @ COMMIT
       WriteRows delete d all guarded @ DELETE FROM d`,
    );
  });

  it('reads what is executed as far as it is written', async () => {
    await checkSql(
      {
        sql: `DO $$
          DECLARE t text; r record;
          BEGIN
            EXECUTE 'DROP TABLE a; DROP TABLE b';
            EXECUTE format('ALTER TABLE %I ADD COLUMN %2$s int', 'orders', 'x');
            EXECUTE format('ALTER TABLE orders ADD CONSTRAINT %I CHECK (a > %L)', t, t);
            EXECUTE 'UPDATE orders SET a = ' || quote_literal(t) || ' WHERE b = ' || t;
            EXECUTE 'DROP TABLE ' || t;
            EXECUTE t;
            FOR r IN EXECUTE concat('TRUNCATE ', 'c') LOOP NULL; END LOOP;
          END $$`,
      },
      `DropTable a @ 'DROP TABLE a; DROP TABLE b'
       DropTable b @ 'DROP TABLE a; DROP TABLE b'
       AddColumn orders.x integer null @ format('ALTER TABLE %I ADD COLUMN %2$s int', 'orders', 'x')
       AddConstraint orders: check ~orders_a_check (a) a > '' @ format('ALTER TABLE orders ADD CONSTRAINT %I CHECK (a > %L)', t, t)
       WriteRows update orders filtered a=constant @ 'UPDATE orders SET a = ' || quote_literal(t) || ' WHERE b = ' || t
       DropTable \uE000value\uE000 @ 'DROP TABLE ' || t
       Opaque it runs SQL that is put together when it runs @ t
       Truncate c @ concat('TRUNCATE ', 'c')`,
    );
  });

  it('finds its way through quotes', async () => {
    await checkSql(
      { sql: `DO 'BEGIN UPDATE a SET x = ''it''''s''; DROP TABLE "é😀"; DROP TABLE b; END'` },
      `WriteRows update a all x=constant @ UPDATE a SET x = ''it''''s''
       DropTable é😀 @ DROP TABLE "é😀"
       DropTable b @ DROP TABLE b`,
    );
    await checkSql(
      { sql: 'DO LANGUAGE plpgsql $do$ BEGIN DROP TABLE a; END $do$; DROP TABLE b' },
      `DropTable a @ DROP TABLE a
       DropTable b @ DROP TABLE b`,
    );
  });

  it('knows the variables of row types', async () => {
    await checkSql(
      { sql: 'DO $$ DECLARE r shop."order"%ROWTYPE; BEGIN r.x := 1; DROP TABLE a; END $$' },
      'DropTable a @ DROP TABLE a',
    );
  });

  it('says what is wrong with a body, and where', async () => {
    await checkSql(
      { sql: 'DO $$ BEGIN ALTER TABLE drp ADD drp int; ALTER TABLE a drp COLUMN drp; END $$' },
      'InvalidSql syntax error at or near "drp" @ drp',
    );
    await checkSql(
      { sql: "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN foo bar; RETURN NEW; END'" },
      'InvalidSql syntax error at or near "foo" @ foo',
    );
    await checkSql(
      { sql: 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELEC 2 $$' },
      'InvalidSql syntax error at or near "SELEC" @ SELEC',
    );
    await checkSql(
      { sql: 'DO $$ BEGIN IF x THEN NULL; END $$' },
      'InvalidSql syntax error at end of input @ DO $$ BEGIN IF x THEN NULL; END $$',
    );
  });

  it('says what it cannot read', async () => {
    await checkSql(
      { sql: 'DO LANGUAGE plpython3u $$ x $$' },
      'Opaque its body is not in PL/pgSQL @ DO LANGUAGE plpython3u $$ x $$',
    );
    await checkSql(
      { sql: 'DO $$ BEGIN x := 1; END $$' },
      'Opaque its body cannot be read without the database @ DO $$ BEGIN x := 1; END $$',
    );
  });

  it('does nothing by creating functions', async () => {
    await checkSql(
      { sql: 'CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM a; END $$' },
      `OtherStatement CREATE FUNCTION
         @ CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM a; END $$`,
    );
    await checkSql(
      { sql: 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC DELETE FROM a; SELECT 1; END; SELECT 1' },
      `OtherStatement CREATE FUNCTION @ CREATE FUNCTION f() RETURNS int BEGIN ATOMIC DELETE FROM a; SELECT 1; END
       OtherStatement SELECT @ SELECT 1`,
    );
  });
});
