import { type Driver, startDriver } from './driver.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { providePython } from './python-environment.ts';

/** A PostgreSQL and a Django that every test of the proof shares; databases are what they do not share. */
export interface Laboratory {
  readonly driver: Driver;
  /** A new database for the running test: empty, or a copy of another one that nobody is connected to. */
  createDatabase(template?: string): Promise<string>;
}

let running: Promise<Laboratory & { readonly server: PostgresServer }> | undefined;
let databases = 0;
/** Made by the test that is running. */
const current: string[] = [];

// Registered on the root suite when the first test file imports this module, so it runs after the last test.
after('stop PostgreSQL and Django', async () => {
  if (running === undefined) return;
  const { driver, server } = await running;
  await driver.stop();
  await server.stop();
});

afterEach('drop the databases of the test', async () => {
  if (running === undefined) return;
  const { driver } = await running;
  const sql = current.splice(0).map((name) => `DROP DATABASE ${name} WITH (FORCE)`);
  if (sql.length > 0) await driver.run({ database: 'postgres' }, [{ do: 'execute', sql }]);
});

/** Started by the first test that asks; an installation takes its time once. */
export function useLaboratory(): Promise<Laboratory> {
  running ??= start();
  return running;
}

async function start(): Promise<Laboratory & { readonly server: PostgresServer }> {
  const [python, server] = await Promise.all([providePython(), startPostgres()]);
  const driver = startDriver(python, server);
  return {
    driver,
    server,
    createDatabase: async (template = 'template0') => {
      databases += 1;
      const name = `proof_${databases}`;
      const sql = [`CREATE DATABASE ${name} TEMPLATE ${template}`];
      await driver.run({ database: 'postgres' }, [{ do: 'execute', sql }]);
      current.push(name);
      return name;
    },
  };
}
