import type { DatabaseKind } from '../base/target.ts';

/** Django's `connection.vendor`: MariaDB is a MySQL to it. */
export function vendorOf(database: DatabaseKind): string {
  return database === 'mariadb' ? 'mysql' : database;
}
