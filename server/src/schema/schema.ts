import type { Value } from '../syntax/value.ts';
import type { Column } from './column.ts';
import type { MigrationId } from './migration-id.ts';
import type { TableKey, TableName } from './table-name.ts';
import { tableKeyOf } from './table-name.ts';
import type { WrittenOptions } from './written.ts';

/** Everything the replayed migrations have built. Immutable: each change yields a new one that shares what it can. */
export interface Schema {
  readonly tables: ReadonlyMap<TableKey, Table>;
  /** Domains that do not take every value of their type: they have a check, or take no NULL. */
  readonly constrainedDomains?: ReadonlySet<string>;
  /** Enum types by name, with their schema where one is written. */
  readonly enumTypes?: ReadonlyMap<string, EnumType>;
  /** Tables that were certainly there, and certainly are not any more under this name. */
  readonly goneTables?: ReadonlyMap<TableKey, GoneTable>;
}

export interface GoneTable {
  readonly goneIn: MigrationId;
  /** What it is called instead, where it was renamed. */
  readonly renamedTo: TableName | undefined;
}

export interface EnumType {
  readonly bornIn: MigrationId;
  /** A table created it. */
  readonly withTable?: true;
  /** In their order, as far as it is known. */
  readonly values: readonly string[];
}

export interface Table {
  readonly name: TableName;
  /** The framework's word for it, for messages: `shop.Order`; `undefined` outside Django. */
  readonly model: string | undefined;
  readonly columns: ReadonlyMap<string, Column>;
  readonly indexes: ReadonlyMap<string, Index>;
  readonly constraints: ReadonlyMap<string, Constraint>;
  readonly bornIn: MigrationId | undefined;
  /** False where something about it could not be read: columns, indexes and constraints may be missing here. */
  readonly complete: boolean;
  /** Rows were written by the migration that created it: for the rest of that migration it is no longer empty. */
  readonly hasRows: boolean;
  /** The migration that took it out of the framework's state and left it in the database, if one did. */
  readonly leftStateIn?: MigrationId | undefined;
  /** What its comment says, as text; undefined where it has none, or none that is known. */
  readonly comment?: string;
  /** It was given a comment that is not known here. */
  readonly hasUnknownComment?: true;
  /** A materialized view: nobody writes to it, REFRESH renews it as a whole. */
  readonly materialized?: true;
  /** Its rows are in partitions, told apart by these columns; expressions are left out. */
  readonly partitionedBy?: readonly string[] | undefined;
  /** The partitioned table that it is a part of. */
  readonly partitionOf?: TableName | undefined;
  /** It takes the rows that no other partition does. */
  readonly isDefaultPartition?: boolean | undefined;
}

export interface Index {
  /** As in the database; generated where the framework generates it from a hash that is not reproduced here. */
  readonly name: string;
  readonly nameIsExact: boolean;
  /** Column names; empty for an index on expressions only. */
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly method: string;
  readonly partial: boolean;
  readonly expressions: boolean;
  /** `varchar_pattern_ops` and the like; undefined for the default operator classes. */
  readonly operatorClass: string | undefined;
  /** Of a unique one: two NULLs are the same. */
  readonly nullsDistinct?: false;
  /** Built as part of a constraint or a foreign key, and dropped with it. */
  readonly ownedBy: string | undefined;
  readonly bornIn: MigrationId | undefined;
  /** What the statement that builds it says beyond all this; made when it is asked for. */
  readonly definition?: () => IndexDefinition;
  /** With `columns`, which can be expressions. */
  readonly written?: WrittenOptions;
}

/** An index in the words of SQL. */
export interface IndexDefinition {
  /** Each key with its order and operator class; `undefined` for an expression that cannot be written. */
  readonly keys: readonly (string | undefined)[];
  /** The columns of `INCLUDE`. */
  readonly include: readonly string[];
  /** What stands behind `WHERE`: `unknown` where it cannot be written, `undefined` where nothing does. */
  readonly condition: { readonly sql: string } | 'unknown' | undefined;
  /** What stands in the parentheses of `WITH`: `fillfactor = 70`. */
  readonly parameters: string | undefined;
  readonly tablespace: string | undefined;
}

export interface Constraint {
  readonly kind: 'check' | 'unique' | 'foreign-key' | 'primary-key' | 'exclusion' | 'not-null';
  readonly name: string;
  readonly nameIsExact: boolean;
  /**
   * Nobody has written a name: the database makes one up, a naming convention does, or the framework refuses to build it
   * without one.
   */
  readonly unnamed?: 'named-by-database' | 'named-by-convention' | 'refused';
  readonly columns: readonly string[];
  /** For checks, as SQL where it can be written. */
  readonly condition: string | undefined;
  /** A check that is exactly `column IS NOT NULL`. */
  readonly provesNotNull: string | undefined;
  /** Of a check that says more: the columns that it keeps from NULL whatever else it asks for. */
  readonly alsoNotNull?: readonly string[];
  readonly references: TableName | undefined;
  /** The columns that a foreign key refers to, where they are known. */
  readonly referencedColumns?: readonly string[];
  /**
   * What the statement that builds it says behind the name, where its other facts do not tell; made when it is asked
   * for. Its answer is `undefined` where it cannot be written.
   */
  readonly definition?: () => string | undefined;
  readonly written?: WrittenOptions;
  /** The elements of an exclusion constraint, as a directive spells them. */
  readonly writtenElements?: readonly Value[];
  /** Of a foreign key: checked when the transaction ends. */
  readonly deferred?: true;
  /** What else is said of a key: what becomes of its rows, when it is checked. */
  readonly options?: ConstraintOptions;
  /** False from NOT VALID until VALIDATE. */
  readonly validated: boolean;
  /** `NOT ENFORCED`: no row is ever checked. */
  readonly enforced?: false;
  /** Of a unique one: two NULLs are the same. */
  readonly nullsDistinct?: false;
  /** Something was dropped by a name that nothing here has: it may have been this. */
  readonly maybeGone?: true;
  readonly bornIn: MigrationId | undefined;
}

/** In the words of SQL: `CASCADE`, `FULL`, `DEFERRED`. */
export interface ConstraintOptions {
  readonly match?: string;
  readonly onDelete?: string;
  readonly onUpdate?: string;
  readonly deferrable?: boolean;
  readonly initially?: string;
}

export const emptySchema: Schema = { tables: new Map() };

/** A table of which nothing is known but that it is there. */
export function emptyTable(name: TableName): Table {
  return {
    name,
    model: undefined,
    columns: new Map(),
    indexes: new Map(),
    constraints: new Map(),
    bornIn: undefined,
    complete: false,
    hasRows: false,
  };
}

/** Of a table in a schema that is not known, the name has to do. */
export function findTable(schema: Schema, table: TableName): Table | undefined {
  const found = schema.tables.get(tableKeyOf(table));
  return found === undefined && table.unknown === 'schema' ? schema.tables.get(table.name) : found;
}

export function findColumn(schema: Schema, table: TableName, column: string): Column | undefined {
  return findTable(schema, table)?.columns.get(column);
}

/** @param schema `public` for the tables without one */
export function tablesInSchema({ tables }: Schema, schema: string): readonly Table[] {
  return [...tables.values()].filter(({ name }) => (name.schema ?? 'public') === schema);
}

/** The tables with a column of a type. */
export function tablesWithType({ tables }: Schema, type: string): readonly Table[] {
  return [...tables.values()].filter(({ columns }) =>
    [...columns.values()].some((column) => column.type.name === type),
  );
}
