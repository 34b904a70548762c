import type { Citation, Effects, LockMode } from '../effects.ts';

/** How much a statement does while it holds its lock. */
export type Work =
  /** The catalog alone is changed: an instant, whatever the size of the table. */
  | 'catalog'
  /** Some rows are read, as many as the statistics need. */
  | 'sample'
  /** Every row is read. */
  | 'scan'
  /** An index is built over every row. */
  | 'index'
  /** The table and its indexes are written anew. */
  | 'rewrite'
  /** Rows are written or locked; each stays locked until its transaction ends. */
  | 'rows'
  /** The lock itself is what is wanted, until the transaction ends. */
  | 'hold';

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
  /** Whether the partitions of `t` are locked and worked on like `t` itself. */
  readonly onPartitions: boolean;
  /** What waits while the work lasts, where it is not what the lock on `t` says: an index is locked as well. */
  readonly blocks: Effects['blocks'] | undefined;
}

const explicitLocking = {
  title: 'PostgreSQL 18: Explicit Locking',
  url: 'https://www.postgresql.org/docs/18/explicit-locking.html',
};

const statementPage = (title: string, page: string): Citation => ({
  title: `PostgreSQL 18: ${title}`,
  url: `https://www.postgresql.org/docs/18/sql-${page}.html`,
});
const alterTable = statementPage('ALTER TABLE', 'altertable');
const alterIndex = statementPage('ALTER INDEX', 'alterindex');
const createTable = statementPage('CREATE TABLE', 'createtable');
const createIndex = statementPage('CREATE INDEX', 'createindex');
const dropIndex = statementPage('DROP INDEX', 'dropindex');
const dropTable = statementPage('DROP TABLE', 'droptable');
const alterDomain = statementPage('ALTER DOMAIN', 'alterdomain');
const alterType = statementPage('ALTER TYPE', 'altertype');
const analyze = statementPage('ANALYZE', 'analyze');
const cluster = statementPage('CLUSTER', 'cluster');
const comment = statementPage('COMMENT', 'comment');
const createPolicy = statementPage('CREATE POLICY', 'createpolicy');
const createRule = statementPage('CREATE RULE', 'createrule');
const createTrigger = statementPage('CREATE TRIGGER', 'createtrigger');
const createView = statementPage('CREATE VIEW', 'createview');
const dropTrigger = statementPage('DROP TRIGGER', 'droptrigger');
const dropType = statementPage('DROP TYPE', 'droptype');
const dropView = statementPage('DROP VIEW', 'dropview');
const grant = statementPage('GRANT', 'grant');
const lock = statementPage('LOCK', 'lock');
const refreshView = statementPage('REFRESH MATERIALIZED VIEW', 'refreshmaterializedview');
const reindex = statementPage('REINDEX', 'reindex');
const truncate = statementPage('TRUNCATE', 'truncate');
const vacuum = statementPage('VACUUM', 'vacuum');

const exclusive = 'ACCESS EXCLUSIVE';
const blockingWrites = 'SHARE ROW EXCLUSIVE';
const maintenance = 'SHARE UPDATE EXCLUSIVE';
const alone = { onPartitions: false };

/**
 * The lock table of PostgreSQL 12 to 18: the one place that says which lock a statement takes, on which table, and
 * what it does while it holds it. Measured on each of these versions with `pg_locks`, `pg_class.relfilenode` and the
 * sequential-scan counters. They agree but where a row says so.
 */
export const facts = {
  createTable: fact('CREATE TABLE t (…)', undefined, undefined, 'catalog', createTable),
  createTableWithForeignKey: fact('CREATE TABLE t (… REFERENCES p)', undefined, blockingWrites, 'catalog', createTable),
  dropTable: fact('DROP TABLE t', exclusive, exclusive, 'catalog', dropTable),
  renameTable: fact('ALTER TABLE t RENAME TO …', exclusive, undefined, 'catalog', alterTable, alone),

  addColumn: fact('ADD COLUMN c type [DEFAULT constant]', exclusive, undefined, 'catalog', alterTable),
  addColumnVolatile: fact('ADD COLUMN c type DEFAULT volatile()', exclusive, undefined, 'rewrite', alterTable),
  addColumnSerial: fact('ADD COLUMN c serial | GENERATED AS IDENTITY', exclusive, undefined, 'rewrite', alterTable),
  addColumnStored: fact('ADD COLUMN c type GENERATED … STORED', exclusive, undefined, 'rewrite', alterTable),
  addColumnDomain: fact('ADD COLUMN c domain (has a constraint)', exclusive, undefined, 'rewrite', alterTable),
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
  alterTypeIndexed: fact(
    'ALTER COLUMN c TYPE … (binary compatible, has an index of another operator class)',
    exclusive,
    undefined,
    'index',
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

  renameConstraint: fact('RENAME CONSTRAINT', exclusive, undefined, 'catalog', alterTable),

  writeRows: fact('INSERT | UPDATE | DELETE', 'ROW EXCLUSIVE', undefined, 'rows', explicitLocking),
  lockRows: fact('SELECT … FOR UPDATE', 'ROW SHARE', undefined, 'rows', explicitLocking),
  truncate: fact('TRUNCATE t', exclusive, undefined, 'catalog', truncate),
  lockTable: fact('LOCK TABLE t', exclusive, undefined, 'hold', lock),

  vacuum: fact('VACUUM t', maintenance, undefined, 'scan', vacuum),
  vacuumFull: fact('VACUUM FULL t', exclusive, undefined, 'rewrite', vacuum),
  analyze: fact('ANALYZE t', maintenance, undefined, 'sample', analyze),
  cluster: fact('CLUSTER t', exclusive, undefined, 'rewrite', cluster),
  setLogged: fact('SET LOGGED | UNLOGGED', exclusive, undefined, 'rewrite', alterTable),
  setTablespace: fact('SET TABLESPACE', exclusive, undefined, 'rewrite', alterTable, alone),
  setAccessMethod: fact('SET ACCESS METHOD', exclusive, undefined, 'rewrite', alterTable, alone),
  reindex: fact('REINDEX', 'SHARE', undefined, 'index', reindex, { blocks: 'reads and writes' }),
  reindexConcurrently: fact('REINDEX CONCURRENTLY', maintenance, undefined, 'index', reindex),

  createView: fact('CREATE VIEW', undefined, undefined, 'catalog', createView),
  replaceView: fact('CREATE OR REPLACE VIEW t', exclusive, undefined, 'catalog', createView),
  dropView: fact('DROP VIEW t', exclusive, undefined, 'catalog', dropView),
  refreshView: fact('REFRESH MATERIALIZED VIEW t', exclusive, undefined, 'rewrite', refreshView),
  refreshViewConcurrently: fact(
    'REFRESH MATERIALIZED VIEW CONCURRENTLY t',
    'EXCLUSIVE',
    undefined,
    'scan',
    refreshView,
    {
      blocks: 'schema changes',
    },
  ),
  emptyView: fact('REFRESH MATERIALIZED VIEW t WITH NO DATA', exclusive, undefined, 'catalog', refreshView),

  createPartition: fact('CREATE TABLE … PARTITION OF t', exclusive, undefined, 'catalog', createTable, alone),
  attachPartition: fact('t ATTACH PARTITION …', maintenance, undefined, 'catalog', alterTable, alone),
  attachedPartition: fact('ATTACH PARTITION t', exclusive, blockingWrites, 'scan', alterTable),
  attachedPartitionProven: fact(
    'ATTACH PARTITION t (within its bounds by a CHECK)',
    exclusive,
    blockingWrites,
    'catalog',
    alterTable,
  ),
  attachedPartitionIndexed: fact('ATTACH PARTITION t (lacks an index)', exclusive, undefined, 'index', alterTable),
  defaultPartition: fact('t is the DEFAULT partition beside a new one', exclusive, undefined, 'scan', alterTable),
  detachPartition: fact('t DETACH PARTITION …', exclusive, undefined, 'catalog', alterTable, alone),
  detachPartitionConcurrently: fact(
    't DETACH PARTITION … CONCURRENTLY',
    maintenance,
    undefined,
    'catalog',
    alterTable,
    alone,
  ),
  detachedPartition: fact('DETACH PARTITION t', exclusive, blockingWrites, 'catalog', alterTable),
  detachedPartitionEarlier: fact(
    'DETACH PARTITION t (before PostgreSQL 14)',
    maintenance,
    blockingWrites,
    'catalog',
    alterTable,
  ),

  createTrigger: fact('CREATE TRIGGER ON t', blockingWrites, undefined, 'catalog', createTrigger),
  dropTrigger: fact('DROP TRIGGER ON t', exclusive, undefined, 'catalog', dropTrigger),
  switchTrigger: fact('ENABLE | DISABLE TRIGGER', blockingWrites, undefined, 'catalog', alterTable),

  comment: fact('COMMENT ON TABLE t', maintenance, undefined, 'catalog', comment, alone),
  setParameters: fact('SET (…)', maintenance, undefined, 'catalog', alterTable, alone),
  setStatistics: fact('ALTER COLUMN c SET STATISTICS', maintenance, undefined, 'catalog', alterTable),
  setStorage: fact('ALTER COLUMN c SET STORAGE', exclusive, undefined, 'catalog', alterTable),
  setCompression: fact('ALTER COLUMN c SET COMPRESSION', exclusive, undefined, 'catalog', alterTable),
  setIdentity: fact('ALTER COLUMN c ADD | SET | DROP IDENTITY', exclusive, undefined, 'catalog', alterTable),
  setExpression: fact('ALTER COLUMN c SET EXPRESSION', exclusive, undefined, 'rewrite', alterTable),
  setExpressionVirtual: fact('ALTER COLUMN c SET EXPRESSION (virtual)', exclusive, undefined, 'catalog', alterTable),
  dropExpression: fact('ALTER COLUMN c DROP EXPRESSION', exclusive, undefined, 'catalog', alterTable),
  setOwner: fact('OWNER TO', exclusive, undefined, 'catalog', alterTable, alone),
  grant: fact('GRANT | REVOKE ON t', undefined, undefined, 'catalog', grant, alone),
  replicaIdentity: fact('REPLICA IDENTITY', exclusive, undefined, 'catalog', alterTable, alone),
  rowSecurity: fact('ENABLE | DISABLE ROW LEVEL SECURITY', exclusive, undefined, 'catalog', alterTable, alone),
  policy: fact('CREATE | ALTER | DROP POLICY ON t', exclusive, undefined, 'catalog', createPolicy, alone),
  rule: fact('CREATE | ENABLE | DISABLE | DROP RULE ON t', exclusive, undefined, 'catalog', createRule, alone),
  inherit: fact('INHERIT p | OF type', exclusive, maintenance, 'catalog', alterTable, alone),
  alterConstraint: fact('ALTER CONSTRAINT', exclusive, undefined, 'catalog', alterTable),
  otherAction: fact('ALTER TABLE t, any other action', exclusive, undefined, 'catalog', alterTable, alone),

  checkDomain: fact(
    'ALTER DOMAIN ADD | VALIDATE CONSTRAINT | SET NOT NULL (t uses it)',
    'SHARE',
    undefined,
    'scan',
    alterDomain,
  ),
  alterEnum: fact('ALTER TYPE ADD | RENAME VALUE', undefined, undefined, 'catalog', alterType),
  dropTypeCascade: fact('DROP TYPE CASCADE (t uses it)', exclusive, undefined, 'catalog', dropType),
} as const satisfies Record<string, StatementFact>;

function fact(
  statement: string,
  lock: LockMode | undefined,
  lockOnReferenced: LockMode | undefined,
  work: Work,
  source: Citation,
  rest: Partial<Pick<StatementFact, 'onPartitions' | 'blocks'>> = {},
): StatementFact {
  return { statement, lock, lockOnReferenced, work, source, onPartitions: true, blocks: undefined, ...rest };
}
