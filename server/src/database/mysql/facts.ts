import { isVersionAtLeast, type Target, type Version } from '../../base/target.ts';
import type { Citation, MysqlManner } from '../effects.ts';

/** How one of the two goes about it; where that has changed, since which version, and before. */
type Ways = MysqlManner | { readonly since: Version; readonly now: MysqlManner; readonly before: MysqlManner };

/** What InnoDB does for one action of ALTER TABLE when nothing is said about ALGORITHM and LOCK. */
export interface ActionFact {
  /** The form, for people. */
  readonly action: string;
  readonly mysql: Ways;
  readonly mariadb: Ways;
}

/**
 * The online DDL of InnoDB, in MySQL 5.7 to 9 and MariaDB 10.2 to 12: the one place that says which action copies the
 * table. MySQL's column is its manual's; within 8.0 it is that of 8.0.29 and newer. MariaDB's was measured on 10.11 by
 * asking for every ALGORITHM and LOCK, cheapest first, until one was taken.
 */
export const facts = {
  addColumn: both('ADD COLUMN c type [DEFAULT literal]', instantSince([8, 0], [10, 3])),
  addColumnExpression: both('ADD COLUMN c type DEFAULT (expression)', 'copy'),
  addColumnTextDefault: fact("ADD COLUMN c text DEFAULT ('literal')", 'copy', since([10, 3], 'instant', 'rebuild')),
  addColumnAutoIncrement: both('ADD COLUMN c integer AUTO_INCREMENT', 'shared'),
  addColumnStored: both('ADD COLUMN c type AS (…) STORED', 'copy'),
  addColumnVirtual: both('ADD COLUMN c type AS (…) VIRTUAL', 'instant'),
  addColumnCheck: fact('ADD COLUMN c type CHECK (…)', 'copy', since([10, 3], 'instant', 'copy')),
  addColumnUnique: both('ADD COLUMN c type UNIQUE', 'rebuild'),
  dropColumn: both('DROP COLUMN c', instantSince([8, 0], [10, 4])),
  renameColumn: both('RENAME COLUMN c TO d', 'instant'),

  setDefault: both('ALTER COLUMN c SET | DROP DEFAULT', 'instant'),
  changeNullability: both('MODIFY c type NULL | NOT NULL', 'rebuild'),
  changeType: both('MODIFY c other_type', 'copy'),
  widenText: fact('MODIFY c varchar(n), longer', 'instant', since([10, 4], 'instant', 'copy')),
  changeCollation: fact('MODIFY c type COLLATE …', 'copy', since([10, 4], 'instant', 'copy')),
  changeIndexedCollation: fact('MODIFY c type COLLATE … (c has an index)', 'copy', since([10, 4], 'in-place', 'copy')),

  addIndex: both('ADD INDEX', 'in-place'),
  addSharedIndex: both('ADD FULLTEXT | SPATIAL INDEX', 'shared'),
  dropIndex: both('DROP | RENAME INDEX', 'instant'),

  addUnique: both('ADD UNIQUE (c)', 'in-place'),
  addPrimaryKey: both('ADD PRIMARY KEY (c)', 'rebuild'),
  dropPrimaryKey: both('DROP PRIMARY KEY', 'copy'),
  addForeignKey: both('ADD FOREIGN KEY (c) REFERENCES p', 'copy'),
  addForeignKeyUnchecked: both('SET foreign_key_checks = 0; ADD FOREIGN KEY (c) REFERENCES p', 'in-place'),
  addCheck: both('ADD CHECK (…)', 'copy'),
  dropConstraint: both('DROP CONSTRAINT', 'instant'),

  renameTable: both('RENAME TABLE', 'instant'),
  rebuild: both('OPTIMIZE TABLE | ENGINE | FORCE | ROW_FORMAT', 'rebuild'),
  convert: both('CONVERT TO CHARACTER SET', 'copy'),
  otherOption: both('COMMENT | AUTO_INCREMENT | DEFAULT CHARACTER SET', 'instant'),
} as const satisfies Record<string, ActionFact>;

export function mannerOf(fact: ActionFact, { database, databaseVersion }: Target): MysqlManner {
  const ways = database === 'mariadb' ? fact.mariadb : fact.mysql;
  if (typeof ways === 'string') return ways;
  return isVersionAtLeast(databaseVersion, ...ways.since) ? ways.now : ways.before;
}

/** Where it is written. */
export function sourceFor({ database }: Target): Citation {
  return database === 'mariadb'
    ? {
        title: 'MariaDB: InnoDB Online DDL Overview',
        url: 'https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-online-ddl/innodb-online-ddl-overview',
      }
    : {
        title: 'MySQL 8.4: Online DDL Operations',
        url: 'https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html',
      };
}

function fact(action: string, mysql: Ways, mariadb: Ways): ActionFact {
  return { action, mysql, mariadb };
}

function both(action: string, ways: MysqlManner | { readonly mysql: Ways; readonly mariadb: Ways }): ActionFact {
  return typeof ways === 'string' ? fact(action, ways, ways) : fact(action, ways.mysql, ways.mariadb);
}

function since(version: Version, now: MysqlManner, before: MysqlManner): Ways {
  return { since: version, now, before };
}

/** What is instant now has written the table anew before. */
function instantSince(mysql: Version, mariadb: Version): { readonly mysql: Ways; readonly mariadb: Ways } {
  return { mysql: since(mysql, 'instant', 'rebuild'), mariadb: since(mariadb, 'instant', 'rebuild') };
}
