import assert from 'node:assert/strict';
import type { PlaceholderStyle } from '../../../server/src/sql/placeholders.ts';
import { printChange } from '../django/print-change.ts';
import { changesInPython } from './check-sql.ts';

describe('SQL that is put together', () => {
  async function check(text: string, expected: string, placeholders: PlaceholderStyle = 'none'): Promise<void> {
    const changes = await changesInPython(text, { placeholders });
    const printed = changes.map((change) => printChange(change, text)).join('\n');
    assert.equal(printed.replaceAll(/^\s+/gm, ''), expected, text);
  }

  it('is read where all of it is known', async () => {
    await check('T = "orders"\nx = f"DROP TABLE {T}"', 'DropTable orders @ DROP TABLE {T}');
    await check('x = "DROP TABLE %s_old" % "orders"', 'DropTable orders_old @ DROP TABLE %s_old');
    await check(
      'x = "DROP " "TABLE a; DROP" " TABLE b"',
      'DropTable a @ DROP " "TABLE a\nDropTable b @ DROP" " TABLE b',
    );
  });

  it('tells what holds whatever is filled in', async () => {
    await check(
      'x = f"UPDATE orders SET total = {total} WHERE id = {id}"',
      'WriteRows update orders filtered total=unknown @ UPDATE orders SET total = {total} WHERE id = {id}',
    );
    await check(
      'x = f"DELETE FROM {table}"',
      'WriteRows delete a table whose name is only known at run time all @ DELETE FROM {table}',
    );
    await check('x = f"DELETE FROM orders {where}"', 'WriteRows delete orders unknown @ DELETE FROM orders {where}');
    await check(
      'x = f"DELETE FROM orders WHERE {test}"',
      'WriteRows delete orders unknown @ DELETE FROM orders WHERE {test}',
    );
    await check(
      'x = f"CREATE INDEX {name} ON orders ({columns})"',
      'CreateIndex orders: index ~orders__idx () @ CREATE INDEX {name} ON orders ({columns})',
    );
    await check(
      'x = f"ALTER TABLE orders ADD COLUMN note varchar({length}) DEFAULT \'{value}\'"',
      "AddColumn orders.note unknown null default unknown ? @ ADD COLUMN note varchar({length}) DEFAULT '{value}'",
    );
    await check('x = f"CREATE TABLE a ({columns}, b int)"', 'CreateTable a\nb integer null\n… @ CREATE TABLE a');
  });

  it('is said to be unknown where it may be anything', async () => {
    await check(
      'x = f"ALTER TABLE {table} ADD COLUMN note text"',
      'Opaque what it is about is only known when it runs @ ADD COLUMN note text',
    );
    await check(
      'x = f"CREATE TABLE {table} (a int)"',
      'Opaque what it is about is only known when it runs @ CREATE TABLE {table}',
    );
    await check(
      'x = f"{all}; DROP TABLE a"',
      'Opaque some of it is only known when it runs @ {all}\nDropTable a @ DROP TABLE a',
    );
    await check(
      'x = f"INSERT INTO a {columns} VALUES {values}"',
      'Opaque some of it is only known when it runs @ INSERT INTO a {columns} VALUES {values}',
    );
  });

  it('is uncertain where a word may be missing', async () => {
    await check(
      'x = f"CREATE INDEX {concurrently} i ON orders (total)"',
      'CreateIndex orders: index i (total) [conditional] @ CREATE INDEX {concurrently} i ON orders (total)',
    );
  });

  it('is wrong where it is wrong before anything is filled in', async () => {
    await check('x = f"SELCT {a}"', 'InvalidSql syntax error at or near "SELCT" @ SELCT');
    await check('x = f"ALTER TABLE a DRP COLUMN {b}"', 'InvalidSql syntax error at or near "DRP" @ DRP');
  });

  it('has placeholders where values are sent beside it', async () => {
    await check(
      'x = "UPDATE a SET b = %s, c = %(c)s WHERE d IN %s AND e LIKE \'x%%\' AND f %% 2 = 0"',
      "WriteRows update a filtered b=constant c=constant @ UPDATE a SET b = %s, c = %(c)s WHERE d IN %s AND e LIKE 'x%%' AND f %% 2 = 0",
      'format',
    );
    await check('x = "SELECT INTERVAL %s"', 'OtherStatement SELECT @ SELECT INTERVAL %s', 'format');
    await check(
      'x = "ALTER SEQUENCE s RESTART WITH %s"',
      'OtherStatement ALTER SEQUENCE @ ALTER SEQUENCE s RESTART WITH %s',
      'format',
    );
    await check('x = "COMMENT ON TABLE a IS %s"', 'SetTableOption a comment @ COMMENT ON TABLE a IS %s', 'format');
    await check(
      'x = "UPDATE a SET b = :b WHERE c = d::text"',
      'WriteRows update a filtered b=constant @ UPDATE a SET b = :b WHERE c = d::text',
      'named',
    );
  });

  it('takes percent signs as they are where no values are sent', async () => {
    await check('x = "SELECT 5 % 2"', 'OtherStatement SELECT @ SELECT 5 % 2');
    await check('x = "UPDATE a SET b = %s"', 'InvalidSql syntax error at or near "%" @ %');
  });
});
