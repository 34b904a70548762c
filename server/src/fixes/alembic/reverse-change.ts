import type { Change, ChangeOf } from '../../schema/change.ts';
import { type Constraint, findTable, type Index, type Schema } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import { reversedAlteration } from './reverse-alteration.ts';
import { broughtBackColumn } from './reverse-column.ts';
import { reversedComment } from './reverse-comment.ts';
import { broughtBackConstraint, broughtBackIndex, reversedKey } from './reverse-key.ts';
import { type Reversed, type Reversing, settingAt, styleOf } from './reversing.ts';
import { type CallStyle, directive } from './written-constraint.ts';
import type { PlainCode, Step } from './written-directive.ts';
import { createdTable } from './written-table.ts';
import { enumArguments } from './written-type.ts';
import { nameText, text, type Writing } from './written-value.ts';

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
      return isNew(change, reversing) ? [] : reversedAlteration(change, styleOf(change, reversing), reversing);
    case 'CreateIndex':
    case 'AddConstraint':
    case 'DropIndex':
    case 'DropConstraint':
      return reversedKey(change, reversing);
    case 'AlterEnum':
    case 'DropObject':
      return reversedType(change, reversing);
    case 'SetTableOption':
      return isCommentOnNew(change, reversing) ? [] : reversedComment(change, styleOf(change, reversing), reversing);
    default:
      return undefined;
  }
}

function droppedColumn(table: TableName, column: string, style: CallStyle, { writing }: Reversing): Step {
  return directive(style, 'drop_column', table, { rest: [text(column, writing)] });
}

function renamedColumn(change: ChangeOf<'RenameColumn'>, reversing: Reversing): Reversed {
  const { writing } = reversing;
  const { table, column, to } = change;
  const rest = [text(to, writing)];
  const keywords = [`new_column_name=${text(column, writing)}`];
  return [directive(styleOf(change, reversing), 'alter_column', table, { rest, keywords })];
}

/** Whether the column is as new as the revision: it goes with all that is said about it. */
function isNew(
  { table, column }: Pick<ChangeOf<'AlterColumn'>, 'table' | 'column'>,
  { start, migration: { forward } }: Reversing,
): boolean {
  if (findTable(start, table)?.columns.has(column) === true) return false;
  return forward.some(
    (each) =>
      (each.kind === 'AddColumn' && each.column.name === column && isSameTable(each.table, table)) ||
      (each.kind === 'CreateTable' && isSameTable(each.table, table)),
  );
}

/** `COMMENT ON` what goes with all that is said about it; other options of a table are not followed. */
function isCommentOnNew(change: ChangeOf<'SetTableOption'>, reversing: Reversing): boolean {
  const { table, column } = change;
  if (column !== undefined) return isNew({ table, column }, reversing);
  const isCreated = reversing.migration.forward.some(
    (each) => each.kind === 'CreateTable' && isSameTable(each.table, table),
  );
  return isCreated && findTable(reversing.start, table) === undefined;
}

function broughtBackTable(change: ChangeOf<'DropTable'>, reversing: Reversing): Reversed {
  const before = reversing.before(change);
  const table = findTable(before, change.table);
  const style = styleOf(change, reversing);
  if (table === undefined || (change.cascade && isReferredTo(table.name, before))) return undefined;
  const setting = settingAt(before, reversing);
  const place = { ...style, concurrently: false };
  const apart = {
    constraint: (each: Constraint) => broughtBackConstraint(each, table.name, style, reversing, setting),
    index: (each: Index) => broughtBackIndex(each, table.name, place, reversing, setting),
  };
  const steps = createdTable(table, reversing.op, style, apart, setting);
  const isScratch = table.bornIn === reversing.migration.id;
  return steps && withRemark(steps, isScratch ? [] : ['The rows that it had are gone.']);
}

function withRemark([first, ...others]: readonly Step[], comments: readonly string[]): readonly Step[] {
  return first === undefined ? [] : [{ ...first, comments: [...comments, ...first.comments] }, ...others];
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

/** Whether the keys of other tables go with it, where CASCADE lets them. */
function isReferredTo(table: TableName, { tables }: Schema): boolean {
  return [...tables.values()].some(
    (other) =>
      !isSameTable(other.name, table) &&
      [...other.constraints.values()].some(({ references }) => references && isSameTable(references, table)),
  );
}
