import type { MigrationKey } from './driver.ts';

/** The migration that a file holds; one that is not there for a file that holds none. A revision is known by its file. */
export function migrationIn(file: string): MigrationKey {
  const [, app, name] = /(\w+)\/migrations\/(\w+)\.py$/.exec(file) ?? [];
  return app === undefined || name === undefined ? ['', file] : [app, name];
}
