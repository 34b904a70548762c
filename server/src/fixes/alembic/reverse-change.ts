import type { Project } from '../../project/project.ts';
import { type Change, type ChangeOf, changesOf } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { type Constraint, findTable, type Schema, type Table } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import { finalName, formed } from './final-name.ts';
import { reversedAlteration } from './reverse-alteration.ts';
import { columnText } from './written-column.ts';
import {
  type CallStyle,
  createdConstraint,
  createdIndex,
  directive,
  droppedConstraint,
  droppedIndex,
} from './written-constraint.ts';
import type { DirectiveCall, PlainCode, Step } from './written-directive.ts';
import { createdTable } from './written-table.ts';
import { enumArguments, type TypeSetting } from './written-type.ts';
import { nameText, text, type Writing } from './written-value.ts';

/** What the way back of a revision is written with. */
export interface Reversing {
  readonly writing: Writing;
  readonly migration: Migration;
  readonly project: Project;
  readonly database: TypeSetting['database'];
  /** What the file calls `alembic.op`. */
  readonly op: string;
  /** Before the revision, and before and after one of its changes. */
  readonly start: Schema;
  before(change: Change): Schema;
  after(change: Change): Schema;
}

/** The steps that take a change back; undefined where it is not known how things were before. */
export type Reversed = readonly Step[] | undefined;

/** Takes back a change that is not told by SQL. */
export function reversedChange(change: Change, reversing: Reversing): Reversed {
  switch (change.kind) {
    case 'CreateTable':
      return change.temporary === true ? [] : [directive(styleOf(change, reversing), 'drop_table', change.table, {})];
    case 'DropTable':
      return broughtBackTable(change, reversing);
    case 'RenameTable': {
      const rest = [text(change.table.name, reversing.writing)];
      return [directive(styleOf(change, reversing), 'rename_table', change.to, { rest })];
    }
    case 'AddColumn':
      return [droppedColumn(change.table, change.column.name, styleOf(change, reversing), reversing)];
    case 'DropColumn':
      return broughtBackColumn(change, reversing);
    case 'RenameColumn':
      return renamedColumn(change, reversing);
    case 'AlterColumn':
      return isNewColumn(change, reversing) ? [] : reversedAlteration(change, styleOf(change, reversing), reversing);
    case 'CreateIndex':
    case 'AddConstraint':
    case 'DropIndex':
    case 'DropConstraint':
      return reversedKey(change, reversing);
    case 'AlterEnum':
    case 'DropObject':
      return reversedType(change, reversing);
    default:
      return undefined;
  }
}

export function styleOf({ origin, transaction }: Change, { writing, op, project }: Reversing): CallStyle {
  const { span } = origin.call ?? origin;
  // The names of a project are formed by its convention, or as they are written.
  const isFormed = /\.f\(/.test(writing.source.text.slice(span.start, span.end));
  const isBatch = origin.within.some(
    ({ callee }) => callee.kind === 'attribute' && callee.name === 'batch_alter_table',
  );
  return {
    isBatch,
    isAutocommit: transaction === undefined,
    nameText: (name, kind) => {
      const literal = text(name, writing);
      return isFormed ? formed(literal, op) : finalName(literal, kind, { project, op });
    },
  };
}

export function settingAt(schema: Schema, { writing, database }: Reversing): TypeSetting {
  return { writing, database, schema };
}

function droppedColumn(table: TableName, column: string, style: CallStyle, { writing }: Reversing): Step {
  return directive(style, 'drop_column', table, { rest: [text(column, writing)] });
}

/** A directive that adds a column adds its key and its index too, and PostgreSQL drops them with it. */
function isPartOfColumn({ origin }: Change, { database }: Reversing): boolean {
  return origin.name === 'add_column' && database === 'postgresql';
}

function reversedKey(
  change: ChangeOf<'CreateIndex' | 'AddConstraint' | 'DropIndex' | 'DropConstraint'>,
  reversing: Reversing,
): Reversed {
  const style = styleOf(change, reversing);
  const setting = settingAt(reversing.before(change), reversing);
  if (change.kind === 'CreateIndex') {
    if (isPartOfColumn(change, reversing)) return [];
    return [droppedIndex(change.index.name, change.table, { ...style, concurrently: change.concurrently })];
  }
  if (change.kind === 'AddConstraint') {
    if (isPartOfColumn(change, reversing)) return [];
    return constraintTakenBack(change, style, reversing);
  }
  const table = change.table && findTable(setting.schema, change.table);
  if (change.kind === 'DropIndex') {
    const index = table?.indexes.get(change.index);
    return index && table && createdIndex(index, table.name, { ...style, concurrently: change.concurrently }, setting);
  }
  const constraint = table?.constraints.get(change.constraint);
  const created = constraint && table && broughtBackConstraint(constraint, table.name, style, reversing, setting);
  return created && [created];
}

function constraintTakenBack(change: ChangeOf<'AddConstraint'>, style: CallStyle, reversing: Reversing): Reversed {
  const { table, constraint } = change;
  const { kind, nameIsExact, condition = '' } = constraint;
  if (nameIsExact || kind !== 'check') {
    const isCut = !nameIsExact && constraint.name.length > 63;
    return isCut ? undefined : [droppedConstraint(constraint, table, style, reversing.writing)];
  }
  // PostgreSQL names a check after the one column in it, if it is one, and drops it with each of them.
  const known = findTable(reversing.before(change), table);
  const checked = [...(known?.columns.values() ?? [])].filter(({ name }) =>
    new RegExp(`\\b${name}\\b`).test(condition),
  );
  if (reversing.database !== 'postgresql' || checked.length === 0) return undefined;
  if (checked.some(({ bornIn }) => bornIn === reversing.migration.id)) return [];
  if (known?.complete !== true) return undefined;
  const [only, ...others] = checked;
  const middle = others.length === 0 && only !== undefined ? `_${only.name}` : '';
  const name = `${table.name}${middle}_check`;
  return known.constraints.has(name) ? undefined : [droppedConstraint({ kind, name }, table, style, reversing.writing)];
}

/** Its condition is remembered as it was written, and may name a column that has another name by now. */
function isOfRenamedColumn({ written, condition }: Constraint, { name }: TableName, project: Project): boolean {
  const value = written?.get('condition');
  const text = `${condition ?? ''} ${value?.kind === 'string' ? value.value : ''}`;
  const words = new Set(text.match(/\w+/g));
  return project.order.some((id) =>
    changesOf(project.migration(id)?.migration.forward ?? [], 'RenameColumn').some(
      ({ table, column }) => table.name === name && words.has(column),
    ),
  );
}

/** A foreign key to a table whose rows are gone is not held against the rows that refer to them. */
function broughtBackConstraint(
  constraint: Constraint,
  table: TableName,
  style: CallStyle,
  { migration: { forward }, database, project }: Reversing,
  setting: TypeSetting,
): DirectiveCall | undefined {
  if (constraint.kind === 'check' && isOfRenamedColumn(constraint, table, project)) return undefined;
  const created = createdConstraint(constraint, table, style, setting);
  const { references } = constraint;
  const losesRows =
    references !== undefined &&
    forward.some((each) => each.kind === 'DropTable' && isSameTable(each.table, references));
  if (created === undefined || !losesRows || database !== 'postgresql') return created;
  const comments = [`Not validated: the rows of ${references.name} that rows here refer to are gone.`];
  return { ...created, keywords: [...created.keywords, 'postgresql_not_valid=True'], comments };
}

function renamedColumn(change: ChangeOf<'RenameColumn'>, reversing: Reversing): Reversed {
  const { writing } = reversing;
  const { table, column, to } = change;
  const rest = [text(to, writing)];
  const keywords = [`new_column_name=${text(column, writing)}`];
  return [directive(styleOf(change, reversing), 'alter_column', table, { rest, keywords })];
}

/** Whether the column is as new as the revision: it goes with all that is said about it. */
function isNewColumn(
  { table, column }: ChangeOf<'AlterColumn'>,
  { start, migration: { forward } }: Reversing,
): boolean {
  if (findTable(start, table)?.columns.has(column) === true) return false;
  return forward.some(
    (each) =>
      (each.kind === 'AddColumn' && each.column.name === column && isSameTable(each.table, table)) ||
      (each.kind === 'CreateTable' && isSameTable(each.table, table)),
  );
}

function broughtBackTable(change: ChangeOf<'DropTable'>, reversing: Reversing): Reversed {
  const before = reversing.before(change);
  const table = findTable(before, change.table);
  const style = styleOf(change, reversing);
  const steps = table && createdTable(table, reversing.op, style, settingAt(before, reversing));
  const isScratch = table?.bornIn === reversing.migration.id;
  return steps && withRemark(steps, isScratch ? [] : ['The rows that it had are gone.']);
}

function withRemark([first, ...others]: readonly Step[], comments: readonly string[]): readonly Step[] {
  return first === undefined ? [] : [{ ...first, comments: [...comments, ...first.comments] }, ...others];
}

/** The column, then the keys and indexes that went with it. */
function broughtBackColumn(change: ChangeOf<'DropColumn'>, reversing: Reversing): Reversed {
  const [before, after] = [reversing.before(change), reversing.after(change)];
  const [table, now] = [before, after].map((schema) => findTable(schema, change.table));
  const column = table?.columns.get(change.column);
  if (table === undefined || now === undefined || column === undefined || column.primaryKey) return undefined;
  const { nullable, default: fallback, autoIncrement, generated, written } = column;
  // A sequence comes with the type of a new table only.
  if (autoIncrement && (written?.items ?? []).length === 0) return undefined;
  const fillsItself = nullable || fallback !== undefined || autoIncrement || generated !== undefined;
  const setting = settingAt(before, reversing);
  const code = columnText(column, { nullable: nullable || !fillsItself }, setting);
  if (code === undefined) return undefined;
  const style = styleOf(change, reversing);
  const remark = fillsItself
    ? ['The values that it had are gone.']
    : ['The values that it had are gone: it takes NULL until they are filled in again.'];
  const added = directive(style, 'add_column', table.name, { rest: [code], comments: generated ? [] : remark });
  const keys = keysLost(table, now, style, reversing, setting);
  return keys && [added, ...keys];
}

function keysLost(table: Table, now: Table, style: CallStyle, reversing: Reversing, setting: TypeSetting): Reversed {
  const constraints = [...table.constraints.values()].filter(({ name }) => !now.constraints.has(name));
  const indexes = [...table.indexes.values()].filter(
    ({ name, ownedBy }) => ownedBy === undefined && !now.indexes.has(name),
  );
  const steps = [
    ...constraints.map((each) => broughtBackConstraint(each, table.name, style, reversing, setting)),
    ...indexes.map((each) => createdIndex(each, table.name, { ...style, concurrently: false }, setting)),
  ];
  return steps.every((each) => each !== undefined) ? steps.flat() : undefined;
}

function reversedType(change: ChangeOf<'AlterEnum' | 'DropObject'>, reversing: Reversing): Reversed {
  const { writing, start } = reversing;
  if (change.kind === 'DropObject') {
    const known = reversing.before(change).enumTypes?.get(change.name);
    return known && [typeCall('create', change.name, known.values, change, writing)];
  }
  const { type, action, values } = change;
  if (action === 'add-value') {
    const comments = [
      `PostgreSQL cannot take ${values.map((each) => `'${each}'`).join(', ')} out of "${type}" again: it stays.`,
    ];
    return [{ kind: 'code', code: '', isAutocommit: false, comments }];
  }
  if (action !== 'create') return undefined;
  const wasThere = change.ifNotExists && start.enumTypes?.has(type) === true;
  return wasThere ? [] : [typeCall('drop', type, [], change, writing)];
}

function typeCall(
  method: 'create' | 'drop',
  type: string,
  values: readonly string[],
  { transaction }: Change,
  writing: Writing,
): PlainCode {
  const args = enumArguments(type, values, writing).join(', ');
  const bind = `${nameText('alembic.op.get_bind', writing) ?? 'op.get_bind'}()`;
  const code = `${nameText('sqlalchemy.Enum', writing)}(${args}).${method}(${bind}, checkfirst=True)`;
  return { kind: 'code', code, isAutocommit: transaction === undefined, comments: [] };
}
