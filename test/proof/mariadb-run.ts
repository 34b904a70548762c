import { CommandFailed } from '../vscode/host/command.ts';
import type { Driver, RunElsewhere, Session, SqlOfMigration } from './driver.ts';
import { type MariadbServer, startMariadb } from './mariadb-server.ts';
import type { Snapshot } from './snapshot.ts';

let server: Promise<MariadbServer> | undefined;
let databases = 0;

after('stop MariaDB', async () => {
  await (await server)?.stop();
});

/**
 * Runs on MariaDB what Alembic sends, as it writes it for `--sql`: to just before a revision, with rows, forward, back and
 * forward again.
 */
export async function runOnMariadb(driver: Driver, session: Session, revision: string): Promise<RunElsewhere> {
  const [told] = await driver.run(session, [{ do: 'sql-of-migrations', apps: [], dialect: 'mariadb', back: true }]);
  server ??= startMariadb();
  const { send } = await server;
  databases += 1;
  const database = `proof_${databases}`;
  await send('mysql', `CREATE DATABASE ${database}`);
  try {
    const place = told.findIndex(({ name }) => name === revision);
    for (const each of told.slice(0, place)) await send(database, sqlOf(each, 'collected'));
    await fill(send, database);
    const later = told.slice(place);
    return await thereAndBack(
      later,
      (sql) => send(database, sql),
      await snapshotOf(send, database),
      () => snapshotOf(send, database),
    );
  } finally {
    await send('mysql', `DROP DATABASE ${database}`);
  }
}

async function thereAndBack(
  later: readonly SqlOfMigration[],
  send: (sql: string) => Promise<string>,
  before: Snapshot,
  look: () => Promise<Snapshot>,
): Promise<RunElsewhere> {
  const moments: { after?: Snapshot; back?: Snapshot; again?: Snapshot } = {};
  for (const moment of ['after', 'back', 'again'] as const) {
    const way = moment === 'back' ? 'back' : 'collected';
    try {
      for (const each of moment === 'back' ? later.toReversed() : later) await send(sqlOf(each, way));
    } catch (error) {
      if (!(error instanceof CommandFailed || error instanceof NotWritten)) throw error;
      return { before, ...moments, failure: `${moment}: ${error.message}` };
    }
    moments[moment] = await look();
  }
  return { before, ...moments };
}

/** Alembic cannot write the SQL. */
class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

function sqlOf(told: SqlOfMigration, way: 'collected' | 'back'): string {
  const sql = told[way];
  if (sql === undefined) throw new NotWritten(told.failure ?? `${told.name} has no ${way}`);
  return sql;
}

const TABLES = `SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()
  AND table_name <> 'alembic_version' ORDER BY table_name`;

async function linesOf(answer: Promise<string>): Promise<readonly string[]> {
  return (await answer).split('\n').filter((line) => line !== '');
}

async function snapshotOf(send: MariadbServer['send'], database: string): Promise<Snapshot> {
  const schema: string[] = [];
  const rows: string[] = [];
  for (const table of await linesOf(send(database, TABLES))) {
    const written = await linesOf(send(database, `SHOW CREATE TABLE \`${table}\``));
    // Between the line that names the table and the one with its options.
    schema.push(...written.slice(1, -1).map((line) => `${table}: ${line.trim().replace(/,$/, '')}`));
    const own = await linesOf(send(database, `SELECT * FROM \`${table}\` ORDER BY 1`));
    rows.push(...own.map((row) => `${table}: ${row.replaceAll('\t', ' | ')}`));
  }
  return { schema, rows };
}

/** Three rows for each table: numbers where those are wanted, and texts. */
async function fill(send: MariadbServer['send'], database: string): Promise<void> {
  for (const table of await linesOf(send(database, TABLES))) {
    const columns = await linesOf(
      send(
        database,
        `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}'`,
      ),
    );
    const typed = columns.map((line) => line.split('\t'));
    for (const number of [1, 2, 3]) {
      const values = typed.map(([, type = '']) => (/int|dec|double|float/.test(type) ? number : `'text ${number}'`));
      const names = typed.map(([name = '']) => `\`${name}\``);
      await send(database, `INSERT INTO \`${table}\` (${names.join(', ')}) VALUES (${values.join(', ')})`);
    }
  }
}
