import { isMysqlOrMariadb } from '../base/target.ts';
import { quotedText } from '../database/quoted-names.ts';
import type { AddConstraint, AlterColumn, Change, ChangeOf, CreateIndex } from '../schema/change.ts';
import { type Column, unknownType } from '../schema/column.ts';
import { findColumn, findTable } from '../schema/schema.ts';
import type { WrittenColumn } from '../schema/written.ts';
import { withConditions } from './check-condition.ts';
import { columnTypeOf } from './column-types.ts';
import { isFalse, isTrue, readColumn } from './columns.ts';
import { nameInBatch } from './lower-keys.ts';
import { columnAnew } from './mysql-columns.ts';
import { serverDefaultOf } from './server-default.ts';
import {
  argumentOf,
  columnSetting,
  type DirectiveStep,
  opaque,
  placeOf,
  tableArgument,
  textArgument,
  unknownTable,
} from './step.ts';

/** The column, then what Alembic writes as statements of their own: its foreign key, unique constraint and index. */
export function addColumn(step: DirectiveStep): readonly Change[] {
  const table = tableArgument(step);
  if (table === undefined) return unknownTable(step);
  const { base } = step;
  const setting = columnSetting(table, step);
  const read = readColumn(argumentOf(step, 'column'), setting);
  if (read === undefined) return [opaque(step, 'its column is only known at run time')];
  const ifNotExists = isTrue(argumentOf(step, 'if_not_exists'));
  const isInline = isTrue(argumentOf(step, 'inline_references'));
  const apart = read.constraints.filter(({ kind }) => kind !== 'check' && !(isInline && kind === 'foreign-key'));
  const column: Column = {
    ...read.column,
    unique: false,
    references: isInline ? read.column.references : undefined,
  };
  const inline = read.constraints.filter((constraint) => !apart.includes(constraint));
  const there = [...(findTable(step.before, table)?.columns.keys() ?? []), column.name];
  const constraints = withConditions(inline, there, setting);
  const keys = apart.map(
    (each): AddConstraint => ({
      ...base,
      kind: 'AddConstraint',
      table,
      constraint: nameInBatch(each, step),
      usingIndex: undefined,
    }),
  );
  const index = read.index;
  const built: readonly CreateIndex[] =
    index === undefined
      ? []
      : [{ ...base, kind: 'CreateIndex', table, index, concurrently: false, ifNotExists: false }];
  const added = { ...base, kind: 'AddColumn', table, column, constraints, transientDefault: undefined } as const;
  return [{ ...added, ...(ifNotExists ? { ifNotExists } : {}) }, ...keys, ...built];
}

export function dropColumn(step: DirectiveStep): readonly Change[] {
  const table = tableArgument(step);
  const column = textArgument(step, 'column_name') ?? columnNameIn(step);
  if (table === undefined || column === undefined) return unknownTable(step);
  const ifExists = isTrue(argumentOf(step, 'if_exists'));
  return [{ ...step.base, kind: 'DropColumn', table, column, cascade: false, ...(ifExists ? { ifExists } : {}) }];
}

/** `op.drop_column("a", sa.Column("b"))` */
function columnNameIn(step: DirectiveStep): string | undefined {
  const value = argumentOf(step, 'column_name');
  const [first] = value?.kind === 'call' ? value.positional : [];
  return first?.kind === 'string' ? first.value : undefined;
}

/** What changes is what is named; the rest is as the schema has it, or as `existing_…` says. */
export function alterColumn(step: DirectiveStep): readonly Change[] {
  const table = tableArgument(step);
  const name = textArgument(step, 'column_name');
  if (table === undefined || name === undefined) return unknownTable(step);
  const { base } = step;
  const known = findColumn(step.before, table, name);
  const before = known ?? existing(name, step);
  const [nullable, type, fallback] = ['nullable', 'type_', 'server_default'].map((each) =>
    step.directive.arguments.get(each),
  );
  const changes: Change[] = [];
  const { database } = step.context.target;
  const to = altered(before, step);
  const anew = isMysqlOrMariadb(database) ? columnAnew(before, to, step) : undefined;
  const forgets = anew?.forgets ?? [];
  if (nullable !== undefined || type !== undefined || fallback !== undefined || forgets.length > 0) {
    changes.push({
      ...base,
      kind: 'AlterColumn',
      table,
      column: name,
      to: anew?.to ?? to,
      ...(known === undefined ? { was: before } : {}),
      facets: {
        type: type && placeOf(type, step),
        nullable: nullable && placeOf(nullable, step),
        ...(fallback === undefined ? {} : { default: placeOf(fallback, step) }),
      },
      fillsNulls: undefined,
      sendsEach: true,
      ...(forgets.length > 0 ? { forgets } : {}),
      written: step.directive.arguments,
      ...usingOf(step),
    });
  }
  if (step.directive.arguments.has('comment')) {
    changes.push({ ...base, kind: 'SetTableOption', table, option: 'comment', column: name, ...commentFacts(step) });
  }
  const renamed = textArgument(step, 'new_column_name');
  if (renamed !== undefined && renamed !== name) {
    changes.push({ ...base, kind: 'RenameColumn', table, column: name, to: renamed });
  }
  return changes;
}

function usingOf(step: DirectiveStep): Pick<AlterColumn, 'using' | 'usingIsUnread'> {
  if (argumentOf(step, 'postgresql_using') === undefined) return {};
  const using = textArgument(step, 'postgresql_using');
  return using === undefined ? { usingIsUnread: true } : { using };
}

/** What a comment says from now on, as a literal and as it is. */
export function commentFacts(step: DirectiveStep): Pick<ChangeOf<'SetTableOption'>, 'comment' | 'says' | 'written'> {
  const text = textArgument(step, 'comment');
  const written = step.directive.arguments;
  if (text !== undefined) return { comment: quotedText(text), says: text, written };
  return argumentOf(step, 'comment') === undefined ? { comment: 'NULL', says: null, written } : { written };
}

function altered(before: Column, step: DirectiveStep): Column {
  const { database } = step.context.target;
  const type = argumentOf(step, 'type_');
  const nullable = argumentOf(step, 'nullable');
  const written = serverDefaultOf(step.directive.arguments.get('server_default'));
  const kept = written?.kind === 'dropped' ? undefined : before.default;
  return {
    ...before,
    type: type === undefined ? before.type : columnTypeOf(type, database),
    nullable: nullable === undefined ? before.nullable : !isFalse(nullable),
    default: written?.kind === 'set' ? written.default : kept,
    written: writtenAfter(before, step),
  };
}

function writtenAfter({ written }: Column, step: DirectiveStep): WrittenColumn {
  return {
    items: [],
    options: new Map(),
    ...written,
    type: argumentOf(step, 'type_') ?? written?.type,
    default: argumentOf(step, 'server_default') ?? written?.default,
  };
}

/** A column that no revision in sight has created. */
function existing(name: string, step: DirectiveStep): Column {
  const type = argumentOf(step, 'existing_type');
  const fallback = serverDefaultOf(argumentOf(step, 'existing_server_default'));
  return {
    name,
    type: type === undefined ? unknownType : columnTypeOf(type, step.context.target.database),
    nullable: !isFalse(argumentOf(step, 'existing_nullable')),
    default: fallback?.kind === 'set' ? fallback.default : undefined,
    primaryKey: false,
    unique: false,
    autoIncrement: false,
    generated: undefined,
    check: undefined,
    references: undefined,
    collation: undefined,
    bornIn: undefined,
    written: {
      type,
      default: argumentOf(step, 'existing_server_default'),
      items: [],
      options: new Map(),
    },
  };
}
