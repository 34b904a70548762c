import type { ChangeBase } from '../../../server/src/schema/change.ts';
import { type Column, type ColumnDefault, columnType } from '../../../server/src/schema/column.ts';
import type { Constraint, Index, Schema, Table } from '../../../server/src/schema/schema.ts';
import { tableKeyOf, tableName } from '../../../server/src/schema/table-name.ts';

const span = { start: 0, end: 0 };

/** What every change tells about itself, for one that runs in a transaction. */
export const base: ChangeBase = {
  at: span,
  origin: { kind: 'django-operation', name: 'Operation', span, call: undefined, within: [] },
  applies: { state: true, database: true },
  transaction: 'one',
  certainty: 'certain',
  reverse: 'generated',
};

export const zero: ColumnDefault = { kind: 'constant', sql: '0' };
export const randomUuid: ColumnDefault = { kind: 'volatile', sql: 'gen_random_uuid()' };

/** A nullable integer column unless told otherwise. */
export function column(name: string, rest: Partial<Column> = {}): Column {
  return {
    name,
    type: columnType('integer'),
    nullable: true,
    default: undefined,
    primaryKey: false,
    unique: false,
    autoIncrement: false,
    generated: undefined,
    check: undefined,
    references: undefined,
    collation: undefined,
    bornIn: undefined,
    ...rest,
  };
}

export function constraint(kind: Constraint['kind'], name: string, rest: Partial<Constraint> = {}): Constraint {
  return {
    kind,
    name,
    nameIsExact: true,
    columns: [],
    condition: undefined,
    provesNotNull: undefined,
    references: undefined,
    validated: true,
    bornIn: undefined,
    ...rest,
  };
}

export function index(name: string, ...columns: readonly string[]): Index {
  return {
    name,
    nameIsExact: true,
    columns,
    unique: false,
    method: 'btree',
    partial: false,
    expressions: false,
    operatorClass: undefined,
    ownedBy: undefined,
    bornIn: undefined,
  };
}

interface TableParts {
  readonly columns?: readonly Column[];
  readonly indexes?: readonly Index[];
  readonly constraints?: readonly Constraint[];
  readonly bornIn?: string;
  readonly hasRows?: boolean;
}

export function table(name: string, parts: TableParts = {}): Table {
  const byName = <T extends { readonly name: string }>(items: readonly T[] = []): ReadonlyMap<string, T> =>
    new Map(items.map((item) => [item.name, item]));
  return {
    name: tableName(name),
    model: undefined,
    columns: byName(parts.columns),
    indexes: byName(parts.indexes),
    constraints: byName(parts.constraints),
    bornIn: parts.bornIn ?? 'shop.0001_initial',
    complete: true,
    hasRows: parts.hasRows ?? false,
  };
}

export function schemaOf(...tables: readonly Table[]): Schema {
  return { tables: new Map(tables.map((each) => [tableKeyOf(each.name), each])) };
}
