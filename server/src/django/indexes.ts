import type { DatabaseKind } from '../base/target.ts';
import { isMysqlOrMariadb } from '../base/target.ts';
import type { Column } from '../schema/column.ts';
import { typeText } from '../schema/column.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { Constraint, Index, IndexDefinition } from '../schema/schema.ts';
import type { Expression, Module } from '../syntax/module.ts';
import type { Value } from '../syntax/value.ts';
import { type ConstraintState, isBuiltAsIndex } from './constraint-state.ts';
import { constraintDefinitionOf } from './expressions/constraint-definition.ts';
import { indexDefinitionOf } from './expressions/index-definition.ts';
import { quoted } from './expressions/reading.ts';
import { type Field, isUnique } from './field.ts';
import { generatedName } from './identifiers.ts';
import type { IndexState } from './index-state.ts';
import type { ModelState, ProjectState } from './project-state.ts';
import { columnsNamed } from './tables.ts';

/** A table as index and constraint names need it. */
export interface NamedTable {
  /** Without its schema. */
  readonly name: string;
  readonly database: DatabaseKind;
  readonly bornIn: MigrationId | undefined;
  /** Where indexes are kept that do not say so themselves. */
  readonly tablespace?: string | undefined;
  /** What a part of an expression is worth, in the module that it stands in. */
  operand(expression: Expression, module: Module): Value;
}

/** The index that `db_index=True` (the default of foreign keys) builds; `undefined` where none is built. */
export function fieldIndexOf(field: Field, column: Column, table: NamedTable): Index | undefined {
  if (!field.dbIndex || isUnique(field)) return undefined;
  const isMysql = isMysqlOrMariadb(table.database);
  // InnoDB builds the index of a foreign key by itself, and cannot index a whole text or json column.
  if (isMysql && column.references?.enforced === true) return undefined;
  if (isMysql && ['longtext', 'longblob', 'json'].includes(column.type.name)) return undefined;
  return plainIndex(generatedName(table.name, [column.name], '', table.database), [column.name], table);
}

/** The second index that Django builds on PostgreSQL beside every indexed or unique text column, for LIKE. */
export function likeIndexOf(
  field: Field,
  column: Column,
  table: NamedTable,
  { looseCollations }: ProjectState,
): Index | undefined {
  if (table.database !== 'postgresql' || !(field.dbIndex || isUnique(field))) return undefined;
  if (column.type.isArray || (column.collation !== undefined && looseCollations.has(column.collation)))
    return undefined;
  const base = ['varchar', 'text'].find((name) => typeText(column.type).startsWith(name));
  if (base === undefined) return undefined;
  const name = generatedName(table.name, [column.name], '_like', table.database);
  return plainIndex(name, [column.name], table, `${base}_pattern_ops`);
}

/** The index that an entry of `index_together` builds. */
export function togetherIndexOf(model: ModelState, fields: readonly string[], table: NamedTable): Index {
  const columns = columnsNamed(model, fields);
  return plainIndex(generatedName(table.name, columns, '_idx', table.database), columns, table);
}

/** The constraint that an entry of `unique_together`, or `unique=True` added later, builds. */
export function uniqueConstraintOf(
  columns: readonly string[],
  table: Pick<NamedTable, 'name' | 'database' | 'bornIn'>,
): Constraint {
  return {
    kind: 'unique',
    name: generatedName(table.name, columns, '_uniq', table.database),
    nameIsExact: true,
    columns,
    condition: undefined,
    provesNotNull: undefined,
    references: undefined,
    validated: true,
    bornIn: table.bornIn,
  };
}

/** An index of `Meta.indexes`; `undefined` where the database cannot build it and Django leaves it out. */
export function namedIndexOf(model: ModelState, index: IndexState, table: NamedTable): Index | undefined {
  if (index.expressions && table.database === 'mariadb') return undefined;
  const columns = columnsNamed(model, index.fields);
  const isMysql = isMysqlOrMariadb(table.database);
  return {
    ...plainIndex(index.name || `${table.name}_${columns.join('_')}_idx`, columns, table),
    nameIsExact: index.name !== '',
    method: index.method,
    partial: index.conditional && !isMysql,
    expressions: index.expressions && columns.length === 0,
    operatorClass: index.operatorClasses.length > 0 ? index.operatorClasses.join(' ') : undefined,
    ...definedBy(index.value, model, table),
  };
}

/** What SQL says of an index beyond its columns, from the call that declares it. */
function definedBy(value: Value | undefined, model: ModelState, table: NamedTable): Pick<Index, 'definition'> {
  if (value?.kind !== 'call') return {};
  return { definition: () => indexDefinitionOf(value, { model, operand: table.operand }, table.tablespace) };
}

/** How a constraint of `Meta.constraints` is built: as a constraint, as a unique index, or not at all. */
export function builtConstraintOf(
  model: ModelState,
  constraint: ConstraintState,
  table: NamedTable,
): { readonly constraint: Constraint } | { readonly index: Index } | undefined {
  if (!isSupported(constraint, table.database)) return undefined;
  const columns = columnsNamed(model, constraint.fields);
  const nameIsExact = constraint.name !== '';
  if (isBuiltAsIndex(constraint)) {
    return {
      index: {
        ...plainIndex(constraint.name, columns, { ...table, tablespace: undefined }),
        nameIsExact,
        unique: true,
        partial: constraint.conditional,
        expressions: constraint.expressions && columns.length === 0,
        operatorClass: constraint.operatorClasses.length > 0 ? constraint.operatorClasses.join(' ') : undefined,
        // A tablespace of the model's is none of its.
        ...definedBy(constraint.value, model, { ...table, tablespace: undefined }),
      },
    };
  }
  const checked = constraint.check && columnsNamed(model, [constraint.check.field])[0];
  const isNotNull = constraint.check?.test === 'IS NOT NULL';
  return {
    constraint: {
      kind: constraint.kind === 'unknown' ? 'check' : constraint.kind,
      name: constraint.name,
      nameIsExact,
      columns: checked !== undefined && columns.length === 0 ? [checked] : columns,
      condition: checked === undefined ? undefined : `"${checked}" ${constraint.check?.test}`,
      provesNotNull: isNotNull ? checked : undefined,
      ...(isNotNull || constraint.notNullFields.length === 0
        ? {}
        : { alsoNotNull: columnsNamed(model, constraint.notNullFields) }),
      references: undefined,
      validated: true,
      bornIn: table.bornIn,
      ...constraintDefinedBy(constraint, model, table),
    },
  };
}

function constraintDefinedBy(
  { kind, value }: ConstraintState,
  model: ModelState,
  table: NamedTable,
): Pick<Constraint, 'definition'> {
  if (value?.kind !== 'call') return {};
  return { definition: () => constraintDefinitionOf(kind, value, { model, operand: table.operand }) };
}

function isSupported(constraint: ConstraintState, database: DatabaseKind): boolean {
  if (database === 'postgresql') return true;
  if (constraint.kind === 'exclusion') return false;
  if (constraint.kind !== 'unique') return true;
  if (constraint.include || constraint.deferrable || constraint.nullsDistinct) return false;
  if (database === 'sqlite') return true;
  return !constraint.conditional && !(constraint.expressions && database === 'mariadb');
}

/** On PostgreSQL Django drops indexes with `IF EXISTS`. */
export function dropsIfExists(database: DatabaseKind): { readonly ifExists?: true } {
  return database === 'postgresql' ? { ifExists: true } : {};
}

export function plainIndex(
  name: string,
  columns: readonly string[],
  table: Pick<NamedTable, 'bornIn' | 'tablespace'>,
  operatorClass?: string,
): Index {
  return {
    name,
    nameIsExact: true,
    columns,
    unique: false,
    method: 'btree',
    partial: false,
    expressions: false,
    operatorClass,
    ownedBy: undefined,
    bornIn: table.bornIn,
    ...(table.tablespace !== undefined && { definition: () => keptIn(table.tablespace, columns, operatorClass) }),
  };
}

function keptIn(
  tablespace: string | undefined,
  columns: readonly string[],
  operatorClass: string | undefined,
): IndexDefinition {
  const keys = columns.map((column) => [quoted(column), ...(operatorClass ? [operatorClass] : [])].join(' '));
  return { keys, include: [], condition: undefined, parameters: undefined, tablespace };
}
