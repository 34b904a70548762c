import type { MigrationId } from './migration-id.ts';
import type { TableName } from './table-name.ts';

/**
 * A column type in the words of the target database: `varchar` with arguments `[255]`, `numeric` `[10, 2]`.
 * `unknown` is a type that cannot be told (a custom field class); nothing may be concluded from comparing it.
 */
export interface ColumnType {
  readonly name: string;
  readonly arguments: readonly number[];
  readonly isArray: boolean;
}

export const unknownType: ColumnType = { name: 'unknown', arguments: [], isArray: false };

export function columnType(name: string, ...args: readonly number[]): ColumnType {
  return { name, arguments: args, isArray: false };
}

export function isSameType(one: ColumnType, other: ColumnType): boolean {
  return (
    one.name === other.name &&
    one.isArray === other.isArray &&
    one.arguments.length === other.arguments.length &&
    one.arguments.every((argument, index) => argument === other.arguments[index])
  );
}

/** `varchar(255)`, `numeric(10, 2)`, `int4[]` as it is written in DDL. */
export function typeText(type: ColumnType): string {
  const args = type.arguments.length > 0 ? `(${type.arguments.join(', ')})` : '';
  return `${type.name}${args}${type.isArray ? '[]' : ''}`;
}

/**
 * A default as the database sees it.
 * - `constant`: one value for all rows, known when the statement is planned.
 * - `stable`: evaluated once per statement (`now()`): as cheap as a constant.
 * - `volatile`: evaluated per row (`gen_random_uuid()`, `nextval()`): rewrites the table.
 * - `unknown`: something is there that cannot be told.
 */
export interface ColumnDefault {
  readonly kind: 'constant' | 'stable' | 'volatile' | 'unknown';
  /** As SQL, where it can be written: `'active'`, `0`, `now()`. */
  readonly sql: string | undefined;
}

export interface ForeignKeyReference {
  readonly table: TableName;
  /** `undefined` where the referenced primary key is not known. */
  readonly column: string | undefined;
  /** False for Django's `db_constraint=False`: a column that only looks like a foreign key. */
  readonly enforced: boolean;
  /** Checked when the transaction ends (`INITIALLY DEFERRED`): until then, rows that are written have events pending. */
  readonly deferred?: true;
  /** The name of the constraint, where it is known. */
  readonly constraint?: string;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** The default that stays in the database; a default that is set and dropped again is in {@link AddColumn}. */
  readonly default: ColumnDefault | undefined;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  /** Serial, identity, AUTO_INCREMENT. */
  readonly autoIncrement: boolean;
  readonly generated: 'stored' | 'virtual' | undefined;
  /** The expression of a generated column as SQL; its answer is `undefined` where it cannot be written. */
  readonly expression?: () => string | undefined;
  /** The condition of an inline CHECK as SQL, `''` when there is one that cannot be written. */
  readonly check: string | undefined;
  readonly references: ForeignKeyReference | undefined;
  readonly collation: string | undefined;
  readonly comment?: string;
  /** Where the index of its key is kept. */
  readonly tablespace?: string;
  /** The migration that added it; `undefined` where no migration in sight did. */
  readonly bornIn: MigrationId | undefined;
  /** The migration that took it out of the framework's state and left it in the database, if one did. */
  readonly leftStateIn?: MigrationId | undefined;
  /** The migration that took it into the state again after that, for a while or for good. */
  readonly backInStateIn?: MigrationId | undefined;
}
