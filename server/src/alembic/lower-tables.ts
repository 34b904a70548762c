import type { Change, ChangeBase, ChangeOf } from '../schema/change.ts';
import type { Column } from '../schema/column.ts';
import type { Constraint, Index } from '../schema/schema.ts';
import { findTable } from '../schema/schema.ts';
import { isSameTable, type TableName, tableName } from '../schema/table-name.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { checkFactsOf, withConditions } from './check-condition.ts';
import {
  calledName,
  conditionOf,
  countsAsKey,
  deferral,
  isTrue,
  optionsOf,
  type ReadColumn,
  readColumn,
  textOf,
  writtenNameOf,
} from './columns.ts';
import { createdEnums } from './enums.ts';
import { excludedColumns, exclusionSql } from './exclusions.ts';
import { indexDefinitionOf } from './index-definition.ts';
import { commentFacts } from './lower-columns.ts';
import { keyName } from './naming.ts';
import {
  argumentOf,
  columnSetting,
  type DirectiveStep,
  namesOf,
  tableArgument,
  textArgument,
  unknownTable,
} from './step.ts';

export function createTable(step: DirectiveStep): readonly Change[] {
  const table = tableArgument(step);
  if (table === undefined) return unknownTable(step);
  const { directive, base, before } = step;
  const ifNotExists = isTrue(argumentOf(step, 'if_not_exists'));
  if (ifNotExists && findTable(before, table) !== undefined) return [];
  const setting = columnSetting(table, step);
  const read = directive.elements.map((element) => readColumn(element, setting));
  const columns = read.filter((column): column is ReadColumn => column !== undefined);
  const keys = directive.elements.flatMap((element) => tableConstraints(element, table, step));
  const key = keys.find(({ kind }) => kind === 'primary-key') ?? keyOfColumns(columns, table, step);
  const rest = keys.filter((each) => each !== key);
  const constraints = withConditions(
    [...(key ? [key] : []), ...rest, ...columns.flatMap(({ constraints: inline }) => inline)],
    columns.map(({ column }) => column.name),
    setting,
  );
  const indexes = [
    ...columns.flatMap(({ index }) => (index === undefined ? [] : [index])),
    ...directive.elements.flatMap((element) => tableIndexes(element, table, step)),
  ];
  const isRead = (element: Value, index: number) => read[index] !== undefined || isTableItem(element);
  return [
    ...createdEnums(
      columns.map(({ type }) => type),
      step,
    ),
    {
      ...base,
      kind: 'CreateTable',
      table,
      model: undefined,
      columns: typedByKeys(
        columns.map((column) => asKey(column, key?.columns ?? [])),
        constraints,
        table,
      ),
      indexes,
      constraints,
      complete: directive.elements.every(isRead) && !directive.call.partial,
      inlineConstraints: 'listed',
      ...(ifNotExists ? { ifNotExists } : {}),
      ...commentOf(step),
    },
  ];
}

function commentOf(step: DirectiveStep): Pick<ChangeOf<'CreateTable'>, 'comment'> {
  const comment = textArgument(step, 'comment');
  return comment === undefined ? {} : { comment };
}

/** The primary key of the columns that say of themselves that they are it. */
function keyOfColumns(
  all: readonly ReadColumn[],
  table: TableName,
  { context, source }: DirectiveStep,
): Constraint | undefined {
  const columns = all.filter(({ column }) => column.primaryKey).map(({ column }) => column.name);
  if (columns.length === 0) return undefined;
  return {
    ...keyName({ kind: 'primary-key', written: undefined, table, columns }, context.naming, context.target.database),
    kind: 'primary-key',
    columns,
    condition: undefined,
    provesNotNull: undefined,
    references: undefined,
    validated: true,
    bornIn: source.revision,
  };
}

/** SQLAlchemy gives a column without a type that of the key it points to: of one in the same table, it sees no other. */
function typedByKeys(
  columns: readonly Column[],
  constraints: readonly Constraint[],
  table: TableName,
): readonly Column[] {
  return columns.map((column) => {
    const key = constraints.find(
      ({ kind, columns: own, references }) =>
        kind === 'foreign-key' && own.join() === column.name && references && isSameTable(references, table),
    );
    const target = columns.find(({ name }) => name === key?.referencedColumns?.[0]);
    if (column.untyped === undefined || target === undefined || target.untyped !== undefined) return column;
    const { untyped: _, ...typed } = column;
    return { ...typed, type: target.type };
  });
}

function asKey({ column, call, type }: ReadColumn, key: readonly string[]): Column {
  if (!key.includes(column.name)) return column;
  const isOnly = key.length === 1;
  // Of several columns none counts, unless it is told to.
  const autoIncrement = isOnly
    ? column.autoIncrement || countsAsKey(call, column, type)
    : column.autoIncrement && (call.keywords.has('autoincrement') || column.counter !== 'serial');
  return { ...column, nullable: false, primaryKey: isOnly, autoIncrement };
}

const tableItems: ReadonlySet<string> = new Set([
  'CheckConstraint',
  'ExcludeConstraint',
  'ForeignKeyConstraint',
  'Index',
  'PrimaryKeyConstraint',
  'UniqueConstraint',
]);

function isTableItem(value: Value): boolean {
  return value.kind === 'call' && tableItems.has(calledName(value));
}

/** `sa.UniqueConstraint("a", "b", name="…")` and the like, beside the columns of a table. */
function tableConstraints(value: Value, table: TableName, { context, source }: DirectiveStep): readonly Constraint[] {
  if (value.kind !== 'call') return [];
  const kind = kindOf(value);
  if (kind === undefined) return [];
  const isKey = kind === 'foreign-key';
  const columns = isKey ? namesOf(value.positional[0] ?? value.keywords.get('columns')) : columnsIn(value, kind);
  const references = isKey ? referencedTable(value) : undefined;
  const remote = isKey ? referencedColumns(value) : undefined;
  const written = writtenNameOf(value.keywords.get('name'));
  const [condition] = kind === 'check' ? conditionOf(value) : [];
  const thing = { written, table, columns: columns ?? [], references, referencedColumns: remote };
  return [
    {
      ...(kind === 'exclusion'
        ? { name: written?.text ?? `${table.name}_excl`, nameIsExact: written !== undefined }
        : keyName({ kind, ...thing }, context.naming, context.target.database)),
      kind,
      columns: columns ?? [],
      condition: kind === 'check' ? checkFactsOf(condition?.[1]).condition : undefined,
      provesNotNull: undefined,
      references,
      ...(isKey && thing.referencedColumns !== undefined ? { referencedColumns: thing.referencedColumns } : {}),
      ...(isKey ? deferral(value.keywords) : {}),
      ...optionsOf((option) => value.keywords.get(option)),
      ...(kind === 'exclusion'
        ? {
            definition: () => exclusionSql(value.positional, (option) => value.keywords.get(option)),
            writtenElements: value.positional,
          }
        : {}),
      validated: true,
      bornIn: source.revision,
      written: new Map([...value.keywords, ...(condition === undefined ? [] : [condition])]),
    },
  ];
}

function kindOf(call: CallValue): Exclude<Constraint['kind'], 'not-null'> | undefined {
  switch (calledName(call)) {
    case 'CheckConstraint':
      return 'check';
    case 'ExcludeConstraint':
      return 'exclusion';
    case 'ForeignKeyConstraint':
      return 'foreign-key';
    case 'PrimaryKeyConstraint':
      return 'primary-key';
    case 'UniqueConstraint':
      return 'unique';
    default:
      return undefined;
  }
}

function columnsIn({ positional }: CallValue, kind: Constraint['kind']): readonly string[] {
  if (kind === 'check') return [];
  if (kind === 'exclusion') return excludedColumns(positional);
  return positional.flatMap((value) => textOf(value) ?? []);
}

function targetsOf({ positional, keywords }: CallValue): readonly string[] | undefined {
  return namesOf(positional[1] ?? keywords.get('refcolumns'));
}

function referencedColumns(key: CallValue): readonly string[] | undefined {
  return targetsOf(key)?.map((target) => target.slice(target.lastIndexOf('.') + 1));
}

/** `["users.id"]`: the table of the first. */
function referencedTable(key: CallValue): TableName | undefined {
  const parts = targetsOf(key)?.[0]?.split('.') ?? [];
  const table = parts.at(-2);
  return table === undefined ? undefined : tableName(table, parts.at(-3));
}

function tableIndexes(value: Value, table: TableName, { context, source }: DirectiveStep): readonly Index[] {
  if (value.kind !== 'call' || calledName(value) !== 'Index') return [];
  const [first, ...rest] = value.positional;
  const columns = rest.flatMap((column) => textOf(column) ?? []);
  const thing = { kind: 'index', written: writtenNameOf(first), table, columns } as const;
  return [
    {
      ...keyName(thing, context.naming, context.target.database),
      columns,
      unique: isTrue(value.keywords.get('unique')),
      method: textOf(value.keywords.get('postgresql_using')) ?? 'btree',
      partial: value.keywords.has('postgresql_where'),
      expressions: columns.length < rest.length && columns.length === 0,
      operatorClass: undefined,
      ownedBy: undefined,
      bornIn: source.revision,
      ...(context.target.database === 'postgresql' && {
        definition: () => indexDefinitionOf(rest, (name) => value.keywords.get(name)),
      }),
      ...(columns.length === rest.length ? { written: value.keywords } : {}),
    },
  ];
}

export function dropTable(step: DirectiveStep): readonly Change[] {
  const table = tableArgument(step);
  if (table === undefined) return unknownTable(step);
  const ifExists = isTrue(argumentOf(step, 'if_exists'));
  return [{ ...step.base, kind: 'DropTable', table, cascade: false, ...(ifExists ? { ifExists } : {}) }];
}

export function renameTable(step: DirectiveStep): readonly Change[] {
  const table = tableArgument(step, 'old_table_name');
  const to = textArgument(step, 'new_table_name');
  if (table === undefined || to === undefined) return unknownTable(step);
  return [{ ...step.base, kind: 'RenameTable', table, to: tableName(to, table.schema) }];
}

export function tableComment(step: DirectiveStep): readonly Change[] {
  const table = tableArgument(step);
  if (table === undefined) return unknownTable(step);
  const base: ChangeBase = step.base;
  return [{ ...base, kind: 'SetTableOption', table, option: 'comment', column: undefined, ...commentFacts(step) }];
}
