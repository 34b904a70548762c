import { alembicReleases } from './alembic-releases.ts';
import { mainRelease, runnableReleases } from './django-releases.ts';
import { type Driver, startDriver } from './driver.ts';
import type { FrameworkRelease } from './framework-release.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { NEWEST } from './postgres-versions.ts';
import { providePython } from './python-environment.ts';

/** A PostgreSQL and a framework that the tests of the proof share; databases are what they do not share. */
export interface Laboratory {
  readonly driver: Driver;
  /** A new database: empty, or a copy of another one that nobody is connected to. It goes when the running test ends. */
  createDatabase(template?: string): Promise<string>;
  /** The same for as long as it is wanted. */
  lendDatabase(template?: string): Promise<LentDatabase>;
}

export interface LentDatabase {
  readonly name: string;
  giveBack(): Promise<void>;
}

let server: Promise<PostgresServer> | undefined;
/** One Python for each release, by its label. */
const laboratories = new Map<string, Promise<Laboratory>>();
let databases = 0;
/** Made by the test that is running. */
const current: string[] = [];

// Registered on the root suite when the first test file imports this module, so it runs after the last test.
after('stop PostgreSQL and the Pythons', async () => {
  for (const { driver } of await Promise.all(laboratories.values())) await driver.stop();
  await (await server)?.stop();
});

afterEach('drop the databases of the test', async () => {
  const [laboratory] = laboratories.values();
  const sql = current.splice(0).map((name) => `DROP DATABASE ${name} WITH (FORCE)`);
  if (laboratory === undefined || sql.length === 0) return;
  await (await laboratory).driver.run({ database: 'postgres' }, [{ do: 'execute', sql }]);
});

/** Started by the first test that asks for this release; an installation takes its time once. */
export function useLaboratory(release: FrameworkRelease = mainRelease): Promise<Laboratory> {
  const known = laboratories.get(release.label);
  if (known !== undefined) return known;
  const started = start(release);
  laboratories.set(release.label, started);
  return started;
}

async function start({ framework, label }: FrameworkRelease): Promise<Laboratory> {
  const runnable = await (framework === 'django' ? runnableReleases() : alembicReleases());
  const release = runnable.find((each) => each.label === label);
  if (release === undefined) throw new Error(`There is no Python for ${label} on this machine.`);
  server ??= startPostgres(NEWEST);
  const [python, postgres] = await Promise.all([providePython(release), server]);
  const driver = startDriver(framework, python, postgres);
  const execute = (sql: string) => driver.run({ database: 'postgres' }, [{ do: 'execute', sql: [sql] }]);
  const create = async (template = 'template0') => {
    databases += 1;
    const name = `proof_${databases}`;
    // Copying files takes an eighth of the time that copying page by page does.
    await execute(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
    return name;
  };
  return {
    driver,
    createDatabase: async (template) => {
      const name = await create(template);
      current.push(name);
      return name;
    },
    lendDatabase: async (template) => {
      const name = await create(template);
      return { name, giveBack: async () => void (await execute(`DROP DATABASE ${name} WITH (FORCE)`)) };
    },
  };
}

/** Lends a copy of a database for as long as something is done with it. */
export async function withCopy<T>(
  { lendDatabase }: Laboratory,
  template: string,
  use: (database: string) => Promise<T>,
): Promise<T> {
  const copy = await lendDatabase(template);
  try {
    return await use(copy.name);
  } finally {
    await copy.giveBack();
  }
}
