import type { ChangeOf } from '../../../schema/change.ts';
import type { Column } from '../../../schema/column.ts';
import type { Constraint } from '../../../schema/schema.ts';
import { quotedName, quotedTable, quotedText } from '../../quoted-names.ts';
import { columnComment, columnSql, plainColumnSql } from './columns-sql.ts';
import { addConstraint, inlineConstraint } from './constraints-sql.ts';
import { indexOfTable } from './indexes-sql.ts';
import { type Draft, type SentStatement, sent, sentLast, unknownPart } from './sent-statement.ts';

/** The table, what is said of it, and what is added to it afterwards. */
export function createTable(change: ChangeOf<'CreateTable'>): readonly SentStatement[] {
  const { table, comment, columns, constraints, indexes } = change;
  if (change.inlineConstraints === 'listed') return plainTable(change);
  const last = new Set(change.sentLast);
  const uniques = constraints.filter(({ name, definition }) => last.has(name) && definition === undefined);
  const defined = constraints.filter(({ name, definition }) => last.has(name) && definition !== undefined);
  const added = [...uniques, ...columns.flatMap((column) => keyOf(column) ?? []), ...defined];
  return [
    sent((draft) => createTableSql(change, last, draft)),
    ...commentsOn(table, comment, columns),
    ...added.map((constraint) => constraintLast(change, constraint)),
    // An index that stands for a constraint is built with the constraints.
    ...[...indexes.filter(({ unique }) => unique), ...indexes.filter(({ unique }) => !unique)].map((index) =>
      sentLast(indexOfTable(table, index), [{ table, columns: index.columns }]),
    ),
  ];
}

/** The table with all of its keys, its indexes, and what is said of it. */
function plainTable(change: ChangeOf<'CreateTable'>): readonly SentStatement[] {
  const { table, columns, constraints, indexes, complete, ifNotExists, comment } = change;
  const ofColumn = ({ name, check }: Column) =>
    constraints.filter((each) => check !== undefined && isCheckOf(each, name, check));
  const own = new Set(columns.flatMap(ofColumn));
  const create = sent((draft) => {
    const parts = [
      ...columns.map((column) => plainColumnSql(column, ofColumn(column), draft)),
      ...(complete ? [] : [unknownPart('columns', draft)]),
      ...constraints.filter((each) => !own.has(each)).map((constraint) => inlineConstraint(constraint, draft)),
    ];
    const how = ifNotExists ? ' IF NOT EXISTS' : '';
    return `CREATE TABLE${how} ${quotedTable(table, 'postgresql')} (\n    ${parts.join(',\n    ')}\n)`;
  });
  return [create, ...indexes.map((index) => indexOfTable(table, index)), ...commentsOn(table, comment, columns)];
}

/** Whether it stands with the column; one on the same column that stands beside the columns says something else. */
function isCheckOf({ kind, columns, condition }: Constraint, column: string, check: string): boolean {
  return kind === 'check' && columns.includes(column) && (condition ?? '') === check;
}

function commentsOn(
  table: ChangeOf<'CreateTable'>['table'],
  comment: string | undefined,
  columns: readonly Column[],
): readonly SentStatement[] {
  return [
    ...(comment === undefined ? [] : [tableComment(table, comment)]),
    ...columns.flatMap(({ name, comment: said }) => (said === undefined ? [] : [columnComment(table, name, said)])),
  ];
}

function createTableSql(change: ChangeOf<'CreateTable'>, last: ReadonlySet<string>, draft: Draft): string {
  const { columns, constraints, table, tablespace, complete } = change;
  const inherited = (column: Column) =>
    columnSql(tablespace === undefined ? column : { tablespace, ...column }, undefined, draft);
  const parts = [
    ...columns.map(inherited),
    ...(complete ? [] : [unknownPart('columns', draft)]),
    ...constraints.filter(({ name }) => !last.has(name)).map((constraint) => inlineConstraint(constraint, draft)),
  ];
  const where = tablespace === undefined ? '' : ` TABLESPACE ${quotedName(tablespace, 'postgresql')}`;
  return `CREATE TABLE ${quotedTable(table, 'postgresql')} (\n    ${parts.join(',\n    ')}\n)${where}`;
}

function constraintLast(change: ChangeOf<'CreateTable'>, constraint: Constraint): SentStatement {
  const { table } = change;
  const { columns, references } = constraint;
  const statement = addConstraint({ ...change, kind: 'AddConstraint', constraint, usingIndex: undefined });
  const named = references ? [{ table: references, columns: constraint.referencedColumns ?? [] }] : [];
  return sentLast(statement, [{ table, columns }, ...named]);
}

/** The foreign key of a column, which is added when all tables are there. */
function keyOf({ name, references }: Column): Constraint | undefined {
  if (references?.enforced !== true) return undefined;
  return {
    kind: 'foreign-key',
    name: references.constraint ?? '',
    nameIsExact: references.constraint !== undefined,
    columns: [name],
    condition: undefined,
    provesNotNull: undefined,
    references: references.table,
    ...(references.column === undefined ? {} : { referencedColumns: [references.column] }),
    ...(references.deferred && { deferred: true }),
    validated: true,
    bornIn: undefined,
  };
}

function tableComment(table: ChangeOf<'CreateTable'>['table'], comment: string): SentStatement {
  return sent(() => `COMMENT ON TABLE ${quotedTable(table, 'postgresql')} IS ${quotedText(comment)}`);
}

export function dropTable({ table, cascade, ifExists }: ChangeOf<'DropTable'>): SentStatement {
  const name = quotedTable(table, 'postgresql');
  return sent(() => `DROP TABLE ${ifExists ? 'IF EXISTS ' : ''}${name}${cascade ? ' CASCADE' : ''}`);
}

export function renameTable({ table, to }: ChangeOf<'RenameTable'>): SentStatement {
  return sent(() => `ALTER TABLE ${quotedTable(table, 'postgresql')} RENAME TO ${quotedName(to.name, 'postgresql')}`);
}
