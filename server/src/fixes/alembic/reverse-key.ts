import type { Project } from '../../project/project.ts';
import { type Change, type ChangeOf, changesOf } from '../../schema/change.ts';
import { type Constraint, findTable, type Index, type Table } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import { indexDefinitionBefore } from '../sql/earlier-sql.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';
import { executed, type Reversed, type Reversing, settingAt, styleOf } from './reversing.ts';
import {
  type CallStyle,
  createdConstraint,
  createdIndex,
  droppedConstraint,
  droppedIndex,
} from './written-constraint.ts';
import type { Step } from './written-directive.ts';
import type { TypeSetting } from './written-type.ts';

/** A directive that adds a column adds its key and its index too, and PostgreSQL drops them with it. */
function isPartOfColumn({ origin }: Change, { database }: Reversing): boolean {
  return origin.name === 'add_column' && database === 'postgresql';
}

export function reversedKey(
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
    const taken = constraintTakenBack(change, style, reversing);
    if (change.usingIndex === undefined || taken === undefined) return taken;
    // The index that became the constraint goes with it.
    const used = findTable(setting.schema, change.table)?.indexes.get(change.usingIndex);
    const index = used && createdIndex(used, change.table, { ...style, concurrently: false }, setting);
    return index && [...taken, ...index];
  }
  const table = change.table && findTable(setting.schema, change.table);
  if (change.kind === 'DropIndex') {
    const index = table?.indexes.get(change.index);
    const place = { ...style, concurrently: change.concurrently };
    if (index === undefined || table === undefined) return builtBySql(change.index, place, reversing);
    return broughtBackIndex(index, table.name, place, reversing, setting);
  }
  // The foreign keys of other tables that go with it are not followed.
  if (change.kind === 'DropConstraint' && change.cascade === true) return undefined;
  const constraint = table?.constraints.get(change.constraint);
  if (change.ifExists === true && table?.complete === true && constraint === undefined) return [];
  const created = constraint && table && broughtBackConstraint(constraint, table.name, style, reversing, setting);
  return created && [created];
}

type IndexStyle = CallStyle & { readonly concurrently: boolean };

/** Undefined where it is not known what it is built on. */
export function broughtBackIndex(
  index: Index,
  table: TableName,
  style: IndexStyle,
  reversing: Reversing,
  setting: TypeSetting,
): Reversed {
  return createdIndex(index, table, style, setting) ?? builtBySql(index.name, style, reversing);
}

/** By the statement of an earlier revision that has built it. */
function builtBySql(index: string, style: IndexStyle, reversing: Reversing): Reversed {
  if (reversing.database !== 'postgresql') return undefined;
  const sql = indexDefinitionBefore(index, reversing.migration, reversing.project);
  if (sql === undefined) return undefined;
  const how = style.concurrently ? 'INDEX CONCURRENTLY ' : 'INDEX ';
  return [executed(sql.replace(/\bINDEX\s+(CONCURRENTLY\s+)?/i, how), style, reversing)];
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
  const name = freeName(`${table.name}${middle}_check`, known);
  return [droppedConstraint({ kind, name }, table, style, reversing.writing)];
}

/** PostgreSQL numbers the names that are taken. */
function freeName(name: string, { constraints }: Table): string {
  for (let number = 1, candidate = name; ; number++) {
    if (!constraints.has(candidate)) return candidate;
    candidate = `${name}${number}`;
  }
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
export function broughtBackConstraint(
  constraint: Constraint,
  table: TableName,
  style: CallStyle,
  reversing: Reversing,
  setting: TypeSetting,
): Step | undefined {
  const { migration, database, project } = reversing;
  const { forward } = migration;
  if (constraint.kind === 'check' && isOfRenamedColumn(constraint, table, project)) return undefined;
  const created =
    createdConstraint(constraint, table, style, setting) ?? addedBySql(constraint, table, style, reversing);
  const { references } = constraint;
  const losesRows =
    references !== undefined &&
    changesOf(forward, 'DropTable').some((each) => isSameTable(each.table, references)) &&
    !changesOf(forward, 'DropTable').some((each) => isSameTable(each.table, table));
  // A column that comes back empty refers to nothing.
  const isEmpty = changesOf(forward, 'DropColumn').some(
    (each) => isSameTable(each.table, table) && constraint.columns.includes(each.column),
  );
  if (created === undefined || !losesRows || isEmpty || database !== 'postgresql') return created;
  if (created.kind === 'code' || !constraint.validated) return created;
  const comments = [`Not validated: the rows of ${references.name} that rows here refer to are gone.`];
  return { ...created, keywords: [...created.keywords, 'postgresql_not_valid=True'], comments };
}

/** What no directive can say. */
function addedBySql(
  constraint: Constraint,
  table: TableName,
  style: CallStyle,
  { database, op, writing }: Reversing,
): Step | undefined {
  const definition = constraint.written === undefined ? constraint.definition?.() : undefined;
  if (definition === undefined || database !== 'postgresql') return undefined;
  const sql = `ALTER TABLE ${writtenTable(table)} ADD CONSTRAINT ${writtenName(constraint.name)} ${definition}`;
  return executed(sql, style, { op, writing });
}
