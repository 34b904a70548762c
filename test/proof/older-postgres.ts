import { mainRelease, runnableReleases } from './django-releases.ts';
import { type Driver, startDriver } from './driver.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { providePython } from './python-environment.ts';

interface Running {
  readonly server: PostgresServer;
  readonly driver: Driver;
}

/** By the version of PostgreSQL. */
const running = new Map<number, Promise<Running>>();

/** A driver for an older PostgreSQL, whose `postgres` database the tests share. Whoever asks for it stops it. */
export async function useOlderPostgres(major: number): Promise<Driver> {
  const known = running.get(major) ?? start(major);
  running.set(major, known);
  return (await known).driver;
}

export async function stopOlderPostgres(major: number): Promise<void> {
  const started = running.get(major);
  if (started === undefined) return;
  running.delete(major);
  const { driver, server } = await started;
  await driver.stop();
  await server.stop();
}

async function start(major: number): Promise<Running> {
  const release = (await runnableReleases()).find(({ series }) => series === mainRelease.series);
  if (release === undefined) throw new Error(`There is no Python for ${mainRelease.label} on this machine.`);
  const [python, server] = await Promise.all([providePython(release), startPostgres(major)]);
  return { server, driver: startDriver('none', python, server) };
}
