import type { ChangeBase } from './change.ts';
import type { TableName } from './table-name.ts';
import type { WrittenOptions } from './written.ts';

/** Changes that only SQL text can make: no framework has an operation of its own for them. */
export type SqlChange =
  | AlterDomain
  | AlterEnum
  | AttachPartition
  | CreateTrigger
  | CreateView
  | DetachPartition
  | DropDatabase
  | DropObject
  | DropSchema
  | DropTrigger
  | DropView
  | InvalidSql
  | LockRows
  | LockTable
  | Maintenance
  | OtherStatement
  | RefreshView
  | Reindex
  | RenameConstraint
  | RenameSchema
  | RenameType
  | SetConstraints
  | SetTableOption
  | SetTimeout
  | SwitchTriggers
  | TransactionControl
  | Truncate;

/** One per table of the statement. */
export interface Truncate extends ChangeBase {
  readonly kind: 'Truncate';
  readonly table: TableName;
  readonly cascade: boolean;
  readonly restartIdentity: boolean;
}

export interface RenameConstraint extends ChangeBase {
  readonly kind: 'RenameConstraint';
  readonly table: TableName;
  readonly constraint: string;
  readonly to: string;
}

export interface DropDatabase extends ChangeBase {
  readonly kind: 'DropDatabase';
  readonly database: string;
}

export interface DropSchema extends ChangeBase {
  readonly kind: 'DropSchema';
  readonly schema: string;
  readonly cascade: boolean;
}

export interface RenameSchema extends ChangeBase {
  readonly kind: 'RenameSchema';
  readonly schema: string;
  readonly to: string;
}

/** Columns follow their type. */
export interface RenameType extends ChangeBase {
  readonly kind: 'RenameType';
  readonly type: string;
  readonly to: string;
}

export interface CreateView extends ChangeBase {
  readonly kind: 'CreateView';
  readonly view: TableName;
  readonly materialized: boolean;
  readonly replaces: boolean;
  /** The tables and views that it selects from. */
  readonly reads: readonly TableName[];
}

export interface DropView extends ChangeBase {
  readonly kind: 'DropView';
  readonly view: TableName;
  readonly materialized: boolean;
  readonly cascade: boolean;
}

/** `REFRESH MATERIALIZED VIEW` */
export interface RefreshView extends ChangeBase {
  readonly kind: 'RefreshView';
  readonly view: TableName;
  readonly concurrently: boolean;
  /** False for `WITH NO DATA`, which empties it. */
  readonly withData: boolean;
}

/** `ALTER TABLE table ATTACH PARTITION partition` */
export interface AttachPartition extends ChangeBase {
  readonly kind: 'AttachPartition';
  readonly table: TableName;
  readonly partition: TableName;
  /** It takes what no other partition does. */
  readonly isDefault: boolean;
  /** Validated checks of the partition already keep its rows within the bounds. */
  readonly isProven: boolean;
}

export interface DetachPartition extends ChangeBase {
  readonly kind: 'DetachPartition';
  readonly table: TableName;
  readonly partition: TableName;
  /** `finalize` ends a concurrent one that was interrupted. */
  readonly mode: 'plain' | 'concurrently' | 'finalize';
}

export interface CreateTrigger extends ChangeBase {
  readonly kind: 'CreateTrigger';
  readonly table: TableName;
  readonly trigger: string;
  /** The function that sees each row before it is inserted, and can fill its columns. */
  readonly beforeInsert?: string;
}

export interface DropTrigger extends ChangeBase {
  readonly kind: 'DropTrigger';
  readonly table: TableName;
  readonly trigger: string;
  readonly cascade: boolean;
}

/** Triggers are switched on or off: those that keep foreign keys are among `all`. */
export interface SwitchTriggers extends ChangeBase {
  readonly kind: 'SwitchTriggers';
  /** `undefined` for all tables of the session (`session_replication_role`). */
  readonly table: TableName | undefined;
  readonly triggers: 'all' | 'user' | { readonly name: string };
  readonly enabled: boolean;
}

export interface Reindex extends ChangeBase {
  readonly kind: 'Reindex';
  readonly target: 'index' | 'table' | 'schema' | 'database' | 'system';
  /** The index, table, schema or database; `undefined` for the current database. */
  readonly name: string | undefined;
  /** `undefined` for more than one, and for an index of a table that is not known. */
  readonly table: TableName | undefined;
  readonly concurrently: boolean;
}

/** One per table of the statement. */
export interface LockTable extends ChangeBase {
  readonly kind: 'LockTable';
  readonly table: TableName;
  /** In PostgreSQL's words: `ACCESS EXCLUSIVE`. */
  readonly mode: string;
}

/** `SELECT … FOR UPDATE`: one per table whose rows are locked. */
export interface LockRows extends ChangeBase {
  readonly kind: 'LockRows';
  readonly table: TableName;
}

/** The table is written anew, cleaned up or measured as a whole. */
export interface Maintenance extends ChangeBase {
  readonly kind: 'Maintenance';
  readonly operation:
    | 'analyze'
    | 'cluster'
    | 'convert'
    | 'optimize'
    | 'set-access-method'
    | 'set-logged'
    | 'set-tablespace'
    | 'set-unlogged'
    | 'vacuum'
    | 'vacuum-full';
  /** `undefined` for all tables of the database. */
  readonly table: TableName | undefined;
}

/** Something about a table that is neither a column, nor an index, nor a constraint. */
export interface SetTableOption extends ChangeBase {
  readonly kind: 'SetTableOption';
  readonly table: TableName;
  readonly option:
    | 'comment'
    | 'compression'
    | 'constraint'
    | 'generated-expression'
    | 'identity'
    | 'inheritance'
    | 'owner'
    | 'parameters'
    | 'policy'
    | 'privileges'
    | 'replica-identity'
    | 'row-security'
    | 'rule'
    | 'statistics'
    | 'storage'
    | 'other';
  /** The column that it is about. */
  readonly column: string | undefined;
  /** What the comment says from now on, as a literal, where an operation of the framework sends it. */
  readonly comment?: string;
  /** The same as text, `null` where it goes; undefined where it is not known. */
  readonly says?: string | null;
  /** The arguments of the operation by name, where a function is called. */
  readonly written?: WrittenOptions;
  /** The table that it inherits from, from now on. */
  readonly parent?: TableName;
  /** The expression of a generated column goes; it keeps its values. */
  readonly isDropped?: true;
}

/** `SET lock_timeout = '5s'` and the like. */
export interface SetTimeout extends ChangeBase {
  readonly kind: 'SetTimeout';
  /** `lock_timeout`, `statement_timeout`, `idle_in_transaction_session_timeout`, … */
  readonly setting: string;
  /** 0 switches it off; `undefined` where it cannot be told or goes back to the default. */
  readonly milliseconds: number | undefined;
  /** How long it holds: `SET LOCAL` until the transaction ends. */
  readonly scope: 'session' | 'transaction';
}

/** `SET CONSTRAINTS … IMMEDIATE`, after which no trigger events are pending. */
export interface SetConstraints extends ChangeBase {
  readonly kind: 'SetConstraints';
  readonly constraints: 'all' | readonly string[];
  readonly when: 'immediate' | 'deferred';
}

export interface TransactionControl extends ChangeBase {
  readonly kind: 'TransactionControl';
  readonly command: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to' | 'prepare';
}

export interface AlterEnum extends ChangeBase {
  readonly kind: 'AlterEnum';
  readonly type: string;
  readonly action: 'create' | 'add-value' | 'rename-value';
  /** The values of a new type; the one that is added or renamed. */
  readonly values: readonly string[];
  readonly to: string | undefined;
  readonly ifNotExists: boolean;
  /** Where an added value goes; at the end where nothing is said. */
  readonly place: { readonly side: 'before' | 'after'; readonly value: string } | undefined;
  /** Creating a table creates it. */
  readonly withTable?: true;
}

export interface AlterDomain extends ChangeBase {
  readonly kind: 'AlterDomain';
  readonly domain: string;
  readonly action: 'create' | 'add-constraint' | 'validate-constraint' | 'set-not-null' | 'other';
  /** The rows of every table that uses the domain are checked. */
  readonly validates: boolean;
  /** It has a check from now on, or takes no NULL. */
  readonly constrains?: true;
}

/** A function, sequence, type, extension, … goes. */
export interface DropObject extends ChangeBase {
  readonly kind: 'DropObject';
  /** `function`, `sequence`, … */
  readonly objectKind: string;
  readonly name: string;
  readonly cascade: boolean;
}

/** A statement that changes no table: a query, a session setting, privileges, a new function. */
export interface OtherStatement extends ChangeBase {
  readonly kind: 'OtherStatement';
  /** `SELECT`, `CREATE FUNCTION`, `GRANT`. */
  readonly statement: string;
  /** The whole of it, where an operation of the framework sends it. */
  readonly sql?: string;
  /** A function for triggers that fills these columns of the row it is called for. */
  readonly fills?: { readonly function: string; readonly columns: readonly string[] };
}

/** The database rejects the statement. */
export interface InvalidSql extends ChangeBase {
  readonly kind: 'InvalidSql';
  /** In the words of PostgreSQL's parser. */
  readonly message: string;
}
