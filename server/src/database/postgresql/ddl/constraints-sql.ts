import type { ChangeOf } from '../../../schema/change.ts';
import { findConstraint } from '../../../schema/replay-constraints.ts';
import { type Constraint, findColumn, findTable } from '../../../schema/schema.ts';
import type { TableName } from '../../../schema/table-name.ts';
import { quotedName, quotedTable } from '../../quoted-names.ts';
import { columnList } from './indexes-sql.ts';
import { type DdlSetting, type Draft, type SentStatement, sent, unknownPart } from './sent-statement.ts';

export function addConstraint(change: ChangeOf<'AddConstraint'>): SentStatement {
  const { table, constraint, usingIndex, only } = change;
  const validity = constraint.validated ? '' : ' NOT VALID';
  return sent((draft) => {
    const what =
      usingIndex === undefined
        ? constraintSql(constraint, draft)
        : `${labels[constraint.kind]} USING INDEX ${quotedName(usingIndex, 'postgresql')}`;
    const target = `${only ? 'ONLY ' : ''}${quotedTable(table, 'postgresql')}`;
    return `ALTER TABLE ${target} ADD ${named(constraint, draft)}${what}${validity}`;
  });
}

/** The constraint of a table, as it stands in CREATE TABLE. */
export function inlineConstraint(constraint: Constraint, draft: Draft): string {
  const what = constraintSql(constraint, draft);
  return named(constraint, draft) + what;
}

function named({ name, nameIsExact, unnamed }: Constraint, draft: Draft): string {
  if (unnamed === 'named-by-database' || unnamed === 'refused') return '';
  return `CONSTRAINT ${nameIsExact ? quotedName(name, 'postgresql') : unknownPart('name', draft)} `;
}

const labels: Readonly<Record<Constraint['kind'], string>> = {
  check: 'CHECK',
  exclusion: 'EXCLUDE',
  'foreign-key': 'FOREIGN KEY',
  'not-null': 'NOT NULL',
  'primary-key': 'PRIMARY KEY',
  unique: 'UNIQUE',
};

function constraintSql(constraint: Constraint, draft: Draft): string {
  const { kind, columns, condition, definition } = constraint;
  const written = definition?.();
  if (written !== undefined) return written;
  switch (kind) {
    case 'primary-key':
    case 'unique':
    case 'not-null':
      if (definition) return unknownPart('constraint', draft);
      return `${labels[kind]} (${columnList(columns)})${timeSql(constraint)}`;
    case 'check':
      return `CHECK (${condition ?? unknownPart('condition', draft)})`;
    case 'foreign-key':
      return `FOREIGN KEY (${columnList(columns)}) ${referenceSql(constraint, draft)}`;
    case 'exclusion':
      return unknownPart('constraint', draft);
  }
}

function referenceSql(constraint: Constraint, draft: Draft): string {
  const { references, referencedColumns, options = {} } = constraint;
  const to = references ? quotedTable(references, 'postgresql') : unknownPart('name', draft);
  const columns = referencedColumns ? columnList(referencedColumns) : unknownPart('column', draft);
  const { match, onDelete, onUpdate } = options;
  return [
    `REFERENCES ${to} (${columns})`,
    ...(match === undefined ? [] : [` MATCH ${match}`]),
    ...(onDelete === undefined ? [] : [` ON DELETE ${onDelete}`]),
    ...(onUpdate === undefined ? [] : [` ON UPDATE ${onUpdate}`]),
    timeSql(constraint),
  ].join('');
}

/** When it is checked. */
function timeSql({ deferred, options }: Constraint): string {
  if (options === undefined) return deferred ? ' DEFERRABLE INITIALLY DEFERRED' : '';
  const { deferrable, initially } = options;
  const first = deferrable === undefined ? '' : `${deferrable ? ' DEFERRABLE' : ' NOT DEFERRABLE'}`;
  return `${first}${initially === undefined ? '' : ` INITIALLY ${initially}`}`;
}

export function dropConstraint(change: ChangeOf<'DropConstraint'>, setting: DdlSetting): readonly SentStatement[] {
  const cascade = change.cascade ? ' CASCADE' : '';
  const table = quotedTable(change.table, 'postgresql');
  const drop = sent((draft) => `ALTER TABLE ${table} DROP CONSTRAINT ${nameBefore(change, setting, draft)}${cascade}`);
  const leftovers = (change.dropsIfThere ?? []).map((index): SentStatement => {
    return { ...sent(() => `DROP INDEX IF EXISTS ${quotedName(index, 'postgresql')}`), when: 'operation done' };
  });
  if (!change.checksFirst) return [drop, ...leftovers];
  return [sent((draft) => checksNow(change.table, nameBefore(change, setting, draft))), drop, ...leftovers];
}

/** Checks that wait for the end of the transaction run at once. */
export function checksNow(table: TableName, name: string): string {
  const schema = table.schema === undefined ? '' : `${quotedName(table.schema, 'postgresql')}.`;
  return `SET CONSTRAINTS ${schema}${name} IMMEDIATE`;
}

/** The name that the constraint has by now, where the framework looks that up. */
function nameBefore(change: ChangeOf<'DropConstraint'>, { before }: DdlSetting, draft: Draft): string {
  const table = findTable(before, change.table);
  if (change.columns === undefined) return quotedName(change.constraint, 'postgresql');
  const [column] = change.columns;
  const key = column === undefined ? undefined : table?.columns.get(column)?.references?.constraint;
  if (change.constraintKind === 'foreign-key' && key !== undefined) return quotedName(key, 'postgresql');
  // PostgreSQL names the key of a table after it.
  if (change.constraintKind === 'primary-key') return quotedName(change.constraint, 'postgresql');
  const found = table && findConstraint(table, change);
  return found ? quotedName(found.name, 'postgresql') : unknownPart('name', draft);
}

/** The name of the foreign key of a column. */
export function keyNameOf(table: TableName, column: string, { before }: DdlSetting, draft: Draft): string {
  const name = findColumn(before, table, column)?.references?.constraint;
  return name === undefined ? unknownPart('name', draft) : quotedName(name, 'postgresql');
}
