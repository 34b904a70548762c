import type { TableName } from '../schema/table-name.ts';

/** PostgreSQL's table lock modes, weakest first. */
export const lockModes = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

export type LockMode = (typeof lockModes)[number];

export interface Citation {
  readonly title: string;
  readonly url: string;
}

/** What the work of a change is for. */
export type WorkReason =
  | 'auto-increment'
  | 'check'
  | 'collation'
  | 'default'
  | 'exclusion'
  | 'foreign-key'
  | 'generated'
  | 'index'
  | 'key'
  | 'not-null'
  | 'type';

/** Work that takes the longer the more rows the table has. */
export interface LongWork {
  readonly reason: WorkReason;
  readonly kind: 'scan' | 'index' | 'rewrite';
  /** What waits until it is done. */
  readonly blocks: Effects['blocks'];
}

/**
 * How MySQL and MariaDB go about it.
 * - `instant`: what is known of the table alone is changed.
 * - `in-place`: rows are read, for an index; the table is used meanwhile.
 * - `rebuild`: the table is written anew, and used meanwhile.
 * - `shared`: likewise, and writes wait.
 * - `copy`: rows are copied one by one into a new table, and writes wait (`ALGORITHM=COPY`).
 */
export type MysqlManner = 'instant' | 'in-place' | 'rebuild' | 'shared' | 'copy';

/**
 * How it is done on SQLite: by a statement of its own, for which rows are read (`native-scan`), written (`native-write`)
 * or left alone; or by the framework, which makes a new table, copies the rows and renames it.
 */
export type SqliteManner = 'native' | 'native-scan' | 'native-write' | 'framework-copy';

/** What a change does to a database that is in use, judged by the schema before it. */
export interface Effects {
  /** Of PostgreSQL. */
  readonly locks: readonly { readonly table: TableName; readonly mode: LockMode }[];
  /** The table (and its indexes) is written anew under the lock. */
  readonly rewrites: boolean;
  /** All rows are read under the lock, by a check or an index build. */
  readonly scans: boolean;
  /** Each reason for it, of PostgreSQL: a new column may be checked, indexed and filled at once. */
  readonly works: readonly LongWork[];
  /** Of MySQL, MariaDB and SQLite, where something is known of it. */
  readonly manner?: MysqlManner | SqliteManner | undefined;
  /** What waits while the work lasts, not only for the instant of a catalog change. */
  readonly blocks: 'reads and writes' | 'writes' | 'schema changes' | 'nothing';
  /** The statement cannot succeed: on any table with rows, or at all. */
  readonly fails: 'with rows' | 'always' | undefined;
  /** Why it fails always, where neither the transaction nor the types of columns are to blame. */
  readonly refusal?: string | undefined;
  /** It begins and ends transactions of its own: inside another one it fails. */
  readonly refusesTransactions: boolean;
  readonly loses: 'rows' | 'column' | 'table' | undefined;
  /** The release that is running uses what goes away or needs what is not there. */
  readonly breaksRunningCode: boolean;
  readonly source: Citation | undefined;
}

/** Nothing is locked, read, lost or broken. */
export const noEffects: Effects = {
  locks: [],
  rewrites: false,
  scans: false,
  works: [],
  blocks: 'nothing',
  fails: undefined,
  refusesTransactions: false,
  loses: undefined,
  breaksRunningCode: false,
  source: undefined,
};
