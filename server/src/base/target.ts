export type DatabaseKind = 'postgresql' | 'mysql' | 'mariadb' | 'sqlite' | 'oracle';

/** MariaDB began as MySQL, and most of what holds for the one holds for the other. */
export function isMysqlOrMariadb(database: DatabaseKind): boolean {
  return database === 'mysql' || database === 'mariadb';
}

/** `[major, minor]`; compare with {@link isVersionAtLeast}. */
export type Version = readonly [major: number, minor: number];

/**
 * What a migration is judged for: the database it will run on, the framework that runs it and how deploys go.
 * Made once per project from pyproject.toml, the settings and the lock files; the newest where nothing is said.
 */
export interface Target {
  readonly database: DatabaseKind;
  readonly databaseVersion: Version;
  readonly django: Version;
  /** `rolling`: the old release serves while migrations run. `stopped`: the application is stopped to migrate. */
  readonly deploys: 'rolling' | 'stopped';
}

export const newestDjango: Version = [6, 1];

/** The newest release of each database that is judged for where nothing else is said. */
export const newestDatabases: Readonly<Record<DatabaseKind, Version>> = {
  postgresql: [18, 0],
  mysql: [9, 4],
  mariadb: [12, 0],
  sqlite: [3, 50],
  oracle: [23, 0],
};

export const defaultTarget: Target = {
  database: 'postgresql',
  databaseVersion: newestDatabases.postgresql,
  django: newestDjango,
  deploys: 'rolling',
};

export function isVersionAtLeast(version: Version, major: number, minor: number): boolean {
  return version[0] > major || (version[0] === major && version[1] >= minor);
}
