import type { Citation, LockMode } from '../effects.ts';

/** How much a statement does while it holds its lock. */
export type Work =
  /** The catalog alone is changed: an instant, whatever the size of the table. */
  | 'catalog'
  /** Every row is read. */
  | 'scan'
  /** An index is built over every row. */
  | 'index'
  /** The table and its indexes are written anew. */
  | 'rewrite'
  /** Rows are written; each stays locked until its transaction ends. */
  | 'rows';

/** What PostgreSQL does for one form of statement. */
export interface StatementFact {
  /** The form, for people: `t` is the table, `p` a table that a foreign key of it refers to. */
  readonly statement: string;
  /** Held on `t` until the transaction ends; undefined where `t` is not locked or did not exist before. */
  readonly lock: LockMode | undefined;
  /** Held on `p`. */
  readonly lockOnReferenced: LockMode | undefined;
  readonly work: Work;
  readonly source: Citation;
}

const alterTable = {
  title: 'PostgreSQL 18: ALTER TABLE',
  url: 'https://www.postgresql.org/docs/18/sql-altertable.html',
};
const alterIndex = {
  title: 'PostgreSQL 18: ALTER INDEX',
  url: 'https://www.postgresql.org/docs/18/sql-alterindex.html',
};
const createTable = {
  title: 'PostgreSQL 18: CREATE TABLE',
  url: 'https://www.postgresql.org/docs/18/sql-createtable.html',
};
const createIndex = {
  title: 'PostgreSQL 18: CREATE INDEX',
  url: 'https://www.postgresql.org/docs/18/sql-createindex.html',
};
const dropIndex = { title: 'PostgreSQL 18: DROP INDEX', url: 'https://www.postgresql.org/docs/18/sql-dropindex.html' };
const dropTable = { title: 'PostgreSQL 18: DROP TABLE', url: 'https://www.postgresql.org/docs/18/sql-droptable.html' };
const explicitLocking = {
  title: 'PostgreSQL 18: Explicit Locking',
  url: 'https://www.postgresql.org/docs/18/explicit-locking.html',
};

const exclusive = 'ACCESS EXCLUSIVE';
const blockingWrites = 'SHARE ROW EXCLUSIVE';
const maintenance = 'SHARE UPDATE EXCLUSIVE';

/**
 * The lock table of PostgreSQL 12 to 18: the one place that says which lock a statement takes, on which table, and
 * what it does while it holds it. Measured on PostgreSQL 15 and 18 with `pg_locks`, `pg_class.relfilenode` and the
 * sequential-scan counters; the two agree.
 */
export const facts = {
  createTable: fact('CREATE TABLE t (…)', undefined, undefined, 'catalog', createTable),
  createTableWithForeignKey: fact('CREATE TABLE t (… REFERENCES p)', undefined, blockingWrites, 'catalog', createTable),
  dropTable: fact('DROP TABLE t', exclusive, exclusive, 'catalog', dropTable),
  renameTable: fact('ALTER TABLE t RENAME TO …', exclusive, undefined, 'catalog', alterTable),

  addColumn: fact('ADD COLUMN c type [DEFAULT constant]', exclusive, undefined, 'catalog', alterTable),
  addColumnVolatile: fact('ADD COLUMN c type DEFAULT volatile()', exclusive, undefined, 'rewrite', alterTable),
  addColumnSerial: fact('ADD COLUMN c serial | GENERATED AS IDENTITY', exclusive, undefined, 'rewrite', alterTable),
  addColumnStored: fact('ADD COLUMN c type GENERATED … STORED', exclusive, undefined, 'rewrite', alterTable),
  addColumnCheck: fact('ADD COLUMN c type CHECK (…)', exclusive, undefined, 'scan', alterTable),
  addColumnUnique: fact('ADD COLUMN c type UNIQUE | PRIMARY KEY', exclusive, undefined, 'index', alterTable),
  addColumnReference: fact('ADD COLUMN c type REFERENCES p', exclusive, blockingWrites, 'catalog', alterTable),
  addColumnReferenceDefault: fact(
    'ADD COLUMN c type DEFAULT … REFERENCES p',
    exclusive,
    blockingWrites,
    'scan',
    alterTable,
  ),
  dropColumn: fact('DROP COLUMN c', exclusive, exclusive, 'catalog', alterTable),
  renameColumn: fact('RENAME COLUMN c TO …', exclusive, undefined, 'catalog', alterTable),

  alterTypeFree: fact('ALTER COLUMN c TYPE … (binary compatible)', exclusive, undefined, 'catalog', alterTable),
  alterTypeChecked: fact(
    'ALTER COLUMN c TYPE … (binary compatible, has a CHECK)',
    exclusive,
    undefined,
    'scan',
    alterTable,
  ),
  alterTypeRewrite: fact('ALTER COLUMN c TYPE …', exclusive, undefined, 'rewrite', alterTable),
  alterCollation: fact('ALTER COLUMN c TYPE … COLLATE … (c has an index)', exclusive, undefined, 'index', alterTable),
  setDefault: fact('ALTER COLUMN c SET | DROP DEFAULT', exclusive, undefined, 'catalog', alterTable),
  dropNotNull: fact('ALTER COLUMN c DROP NOT NULL', exclusive, undefined, 'catalog', alterTable),
  setNotNull: fact('ALTER COLUMN c SET NOT NULL', exclusive, undefined, 'scan', alterTable),
  setNotNullProven: fact(
    'ALTER COLUMN c SET NOT NULL (proven by a valid CHECK)',
    exclusive,
    undefined,
    'catalog',
    alterTable,
  ),

  createIndex: fact('CREATE INDEX ON t', 'SHARE', undefined, 'index', createIndex),
  createIndexConcurrently: fact('CREATE INDEX CONCURRENTLY ON t', maintenance, undefined, 'index', createIndex),
  dropIndex: fact('DROP INDEX', exclusive, undefined, 'catalog', dropIndex),
  dropIndexConcurrently: fact('DROP INDEX CONCURRENTLY', maintenance, undefined, 'catalog', dropIndex),
  renameIndex: fact('ALTER INDEX … RENAME', undefined, undefined, 'catalog', alterIndex),

  addCheck: fact('ADD CHECK (…)', exclusive, undefined, 'scan', alterTable),
  addCheckNotValid: fact('ADD CHECK (…) NOT VALID', exclusive, undefined, 'catalog', alterTable),
  addForeignKey: fact('ADD FOREIGN KEY (c) REFERENCES p', blockingWrites, blockingWrites, 'scan', alterTable),
  addForeignKeyNotValid: fact('ADD FOREIGN KEY … NOT VALID', blockingWrites, blockingWrites, 'catalog', alterTable),
  addUnique: fact('ADD UNIQUE (c) | PRIMARY KEY (c)', exclusive, undefined, 'index', alterTable),
  addUniqueUsingIndex: fact('ADD UNIQUE | PRIMARY KEY USING INDEX', exclusive, undefined, 'catalog', alterTable),
  addPrimaryKeyNullable: fact('ADD PRIMARY KEY USING INDEX (c is nullable)', exclusive, undefined, 'scan', alterTable),
  addExclusion: fact('ADD EXCLUDE …', exclusive, undefined, 'index', alterTable),
  addNotNull: fact('ADD NOT NULL c', exclusive, undefined, 'scan', alterTable),
  addNotNullNotValid: fact('ADD NOT NULL c NOT VALID', exclusive, undefined, 'catalog', alterTable),
  dropConstraint: fact('DROP CONSTRAINT', exclusive, exclusive, 'catalog', alterTable),
  validateCheck: fact('VALIDATE CONSTRAINT (check, not null)', maintenance, undefined, 'scan', alterTable),
  validateForeignKey: fact('VALIDATE CONSTRAINT (foreign key)', maintenance, 'ROW SHARE', 'scan', alterTable),

  writeRows: fact('INSERT | UPDATE | DELETE', 'ROW EXCLUSIVE', undefined, 'rows', explicitLocking),
} as const satisfies Record<string, StatementFact>;

function fact(
  statement: string,
  lock: LockMode | undefined,
  lockOnReferenced: LockMode | undefined,
  work: Work,
  source: Citation,
): StatementFact {
  return { statement, lock, lockOnReferenced, work, source };
}
