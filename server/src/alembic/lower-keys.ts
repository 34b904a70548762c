import { isMysqlOrMariadb } from '../base/target.ts';
import type { Change } from '../schema/change.ts';
import type { Constraint, Index } from '../schema/schema.ts';
import { findTable } from '../schema/schema.ts';
import { type TableName, tableName } from '../schema/table-name.ts';
import type { Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import { checkFactsOf, columnsReadBy } from './check-condition.ts';
import { deferral, isTrue, optionsOf, textOf } from './columns.ts';
import { excludedColumns, exclusionSql } from './exclusions.ts';
import { indexDefinitionOf } from './index-definition.ts';
import { type KeyName, keyName, type Named, type NamedThing } from './naming.ts';
import {
  argumentOf,
  type DirectiveStep,
  nameOf,
  namesOf,
  opaque,
  tableArgument,
  textArgument,
  unknownTable,
  writtenName,
} from './step.ts';

export function createIndex(step: DirectiveStep): readonly Change[] {
  const table = tableArgument(step);
  if (table === undefined) return unknownTable(step);
  const { base, context, source } = step;
  const written = argumentOf(step, 'columns');
  const items = isSequence(written) ? written.items : [];
  const columns = items.flatMap(columnOf);
  const isPostgresql = context.target.database === 'postgresql';
  const index: Index = {
    ...keyName(
      { kind: 'index', written: writtenName(step, 'index_name'), table, columns },
      context.naming,
      context.target.database,
    ),
    columns,
    unique: isTrue(argumentOf(step, 'unique')),
    method: textArgument(step, 'postgresql_using') ?? 'btree',
    partial: isPostgresql && argumentOf(step, 'postgresql_where') !== undefined,
    expressions: columns.length < items.length,
    operatorClass: isPostgresql ? operatorClassesOf(argumentOf(step, 'postgresql_ops')) : undefined,
    ...(isPostgresql && isTrue(argumentOf(step, 'postgresql_nulls_not_distinct')) ? { nullsDistinct: false } : {}),
    ownedBy: undefined,
    bornIn: source.revision,
    ...(isPostgresql && { definition: () => indexDefinitionOf(items, (name) => argumentOf(step, name)) }),
    written: step.directive.arguments,
  };
  const concurrently = isPostgresql && isTrue(argumentOf(step, 'postgresql_concurrently'));
  const ifNotExists = isTrue(argumentOf(step, 'if_not_exists'));
  return [{ ...base, kind: 'CreateIndex', table, index, concurrently, ifNotExists }];
}

/** A name, or `sa.text("name")`; an expression names no column. */
function columnOf(value: Value): readonly string[] {
  const name = nameOf(value);
  return name !== undefined && /^\w+$/.test(name) ? [name] : [];
}

function operatorClassesOf(value: Value | undefined): string | undefined {
  if (value?.kind !== 'dictionary') return undefined;
  const classes = value.entries.flatMap((entry) => textOf(entry.value) ?? []);
  return classes.length > 0 ? classes.join(' ') : undefined;
}

export function dropIndex(step: DirectiveStep): readonly Change[] {
  const written = writtenName(step, 'index_name');
  if (written === undefined) return [opaque(step, 'its index is only known at run time')];
  const isPostgresql = step.context.target.database === 'postgresql';
  const concurrently = isPostgresql && isTrue(argumentOf(step, 'postgresql_concurrently'));
  const ifExists = isTrue(argumentOf(step, 'if_exists'));
  const told = tableArgument(step);
  const { naming, target } = step.context;
  // Alembic makes up this table where none is told, and the convention puts it into the name.
  const named = { kind: 'index', written, table: told ?? tableName('no_table'), columns: [] } as const;
  const index = keyName(named, naming, target.database).name;
  const table = told ?? tableOfIndex(index, step);
  return [{ ...step.base, kind: 'DropIndex', table, index, concurrently, ...(ifExists ? { ifExists } : {}) }];
}

function tableOfIndex(index: string, { before }: DirectiveStep) {
  for (const table of before.tables.values()) if (table.indexes.has(index)) return table.name;
  return undefined;
}

/** `create_unique_constraint`, `create_primary_key` */
export function createKey(kind: 'unique' | 'primary-key', step: DirectiveStep): readonly Change[] {
  const columns = namesOf(argumentOf(step, 'columns')) ?? [];
  return addConstraint(
    kind,
    columns,
    optionsOf((name) => argumentOf(step, name)),
    step,
  );
}

export function createCheck(step: DirectiveStep): readonly Change[] {
  const condition = argumentOf(step, 'condition');
  const table = tableArgument(step);
  const there = (table && findTable(step.before, table)?.columns.keys()) ?? [];
  const columns = columnsReadBy(condition, there, step.context.target.database);
  return addConstraint('check', columns, checkFactsOf(condition), step);
}

export function createForeignKey(step: DirectiveStep): readonly Change[] {
  const columns = namesOf(argumentOf(step, 'local_cols')) ?? [];
  const references = tableArgument(step, 'referent_table', 'referent_schema');
  const referencedColumns = namesOf(argumentOf(step, 'remote_cols'));
  const more = {
    references,
    ...(referencedColumns === undefined ? {} : { referencedColumns }),
    ...deferral(step.directive.arguments),
    ...optionsOf((name) => argumentOf(step, name)),
  };
  return addConstraint('foreign-key', columns, more, step);
}

function addConstraint(
  kind: Exclude<Named, 'index'>,
  columns: readonly string[],
  more: Partial<
    Pick<
      Constraint,
      'condition' | 'provesNotNull' | 'alsoNotNull' | 'references' | 'referencedColumns' | 'deferred' | 'options'
    >
  >,
  step: DirectiveStep,
): readonly Change[] {
  const isKey = kind === 'foreign-key';
  const table = isKey ? tableArgument(step, 'source_table', 'source_schema') : tableArgument(step);
  if (table === undefined) return unknownTable(step);
  const { base, source } = step;
  const constraint: Constraint = {
    ...nameOfConstraint({ kind, table, columns, references: more.references }, step),
    kind,
    columns,
    condition: undefined,
    provesNotNull: undefined,
    references: undefined,
    ...more,
    validated: !isTrue(argumentOf(step, 'postgresql_not_valid')),
    bornIn: source.revision,
    written: step.directive.arguments,
  };
  return [{ ...base, kind: 'AddConstraint', table, constraint, usingIndex: undefined }];
}

function nameOfConstraint(thing: Omit<NamedThing, 'written'>, step: DirectiveStep): KeyName {
  const { naming, target } = step.context;
  const written = writtenName(step, 'constraint_name');
  const referencedColumns = thing.kind === 'foreign-key' ? namesOf(argumentOf(step, 'remote_cols')) : undefined;
  return nameInBatch(keyName({ ...thing, written, referencedColumns }, naming, target.database), step);
}

/** On SQLite `batch_alter_table` copies the table: it gets no constraint without a name. */
export function nameInBatch<Name extends KeyName>(name: Name, { directive, context }: DirectiveStep): Name {
  const isCopied = directive.batch !== undefined && context.target.database === 'sqlite';
  return isCopied && name.unnamed === 'named-by-database' ? { ...name, unnamed: 'refused' } : name;
}

export function createExclusion(step: DirectiveStep): readonly Change[] {
  const table = tableArgument(step);
  if (table === undefined) return unknownTable(step);
  const name = textArgument(step, 'constraint_name');
  const constraint: Constraint = {
    kind: 'exclusion',
    name: name ?? `${table.name}_excl`,
    nameIsExact: name !== undefined,
    columns: excludedColumns(step.directive.elements),
    condition: undefined,
    provesNotNull: undefined,
    references: undefined,
    validated: true,
    bornIn: step.source.revision,
    definition: () => exclusionSql(step.directive.elements, (option) => argumentOf(step, option)),
    written: step.directive.arguments,
    writtenElements: step.directive.elements,
  };
  return [{ ...step.base, kind: 'AddConstraint', table, constraint, usingIndex: undefined }];
}

const kinds: Readonly<Record<string, Exclude<Named, 'index'>>> = {
  check: 'check',
  foreignkey: 'foreign-key',
  primary: 'primary-key',
  unique: 'unique',
};

export function dropConstraint(step: DirectiveStep): readonly Change[] {
  const table = tableArgument(step);
  const written = writtenName(step, 'constraint_name');
  if (table === undefined) return unknownTable(step);
  const kind = kinds[textArgument(step, 'type_') ?? ''];
  if (written === undefined) {
    return argumentOf(step, 'constraint_name') === undefined
      ? dropUnnamed(table, kind, step)
      : dropNamedAtRunTime(table, kind, step);
  }
  const { naming, target } = step.context;
  const isUnsaid = isMysqlOrMariadb(target.database) && argumentOf(step, 'type_') === undefined;
  // Without a type Alembic knows no convention for it.
  const constraint =
    kind === undefined ? written.text : keyName({ kind, written, table, columns: [] }, naming, target.database).name;
  const constraintKind = kind ?? findTable(step.before, table)?.constraints.get(constraint)?.kind;
  const more = {
    ...(isUnsaid ? { kindUnsaid: true as const } : {}),
    ...(isTrue(argumentOf(step, 'if_exists')) ? { ifExists: true } : {}),
  };
  return [{ ...step.base, kind: 'DropConstraint', table, constraint, constraintKind, ...more }];
}

/** `op.drop_constraint(inspector.get_pk_constraint(…)["name"], …)`: of primary keys there is one at most. */
function dropNamedAtRunTime(table: TableName, kind: Named | undefined, step: DirectiveStep): readonly Change[] {
  if (kind !== 'primary-key') {
    return [opaque(step, `which constraint of "${table.name}" it drops is only known at run time`)];
  }
  const { before, context } = step;
  const there = [...(findTable(before, table)?.constraints.values() ?? [])];
  const key: NamedThing = { kind, written: undefined, table, columns: [] };
  const constraint =
    there.find((each) => each.kind === kind)?.name ?? keyName(key, context.naming, context.target.database).name;
  return [{ ...step.base, kind: 'DropConstraint', table, constraint, constraintKind: kind }];
}

/** `op.drop_constraint(None, …)`: what is meant is the one that nobody has named, or the only one of its kind. */
function dropUnnamed(table: TableName, kind: Named | undefined, step: DirectiveStep): readonly Change[] {
  const { base, before, context, source } = step;
  const all = [...(findTable(before, table)?.constraints.values() ?? [])];
  const meant = all.filter((constraint) => kind === undefined || constraint.kind === kind);
  const unnamed = meant.filter((constraint) => constraint.unnamed !== undefined);
  // What downgrade() drops is mostly what this very revision has made.
  const own = unnamed.filter(({ bornIn }) => bornIn === source.revision);
  const [constraint, other] = [own, unnamed, meant].find((found) => found.length > 0) ?? [];
  if (constraint === undefined || other !== undefined) {
    return [{ ...opaque(step, 'it does not say which constraint it drops'), dropsUnnamed: true }];
  }
  const dropped = { ...base, kind: 'DropConstraint', table, constraint: constraint.name } as const;
  const constraintKind = constraint.kind;
  // Alembic knows no columns of what it drops: only a pattern that asks for none makes the right name.
  const pattern = constraintKind === 'primary-key' ? context.naming.patterns.get('primary-key') : undefined;
  const isNamed = !context.naming.isKnown || (pattern !== undefined && !pattern.includes('column'));
  if (constraintKind === 'primary-key' && isNamed) return [{ ...dropped, constraintKind }];
  return [{ ...dropped, constraintKind, unnamed: true }];
}
