import type { Change, ChangeOf } from '../../../server/src/schema/change.ts';
import { type Column, type ColumnDefault, typeText } from '../../../server/src/schema/column.ts';
import type { Constraint, Index } from '../../../server/src/schema/schema.ts';
import { type TableName, tableKeyOf } from '../../../server/src/schema/table-name.ts';
import { printSqlChange } from '../sql/print-sql-change.ts';

/** A change as one line (several for a table): what it does, and what of the text is underlined. */
export function printChange(change: Change, text: string): string {
  const underlined = text.slice(change.at.start, change.at.end);
  return [`${change.kind} ${bodyOf(change)}`.trim(), ...marksOf(change), `@ ${underlined}`].join(' ');
}

function marksOf(change: Change): readonly string[] {
  const marks: string[] = [];
  if (!change.applies.database) marks.push('[state]');
  if (!change.applies.state) marks.push('[database]');
  if (change.certainty === 'conditional') marks.push('[conditional]');
  if (change.guarded === true && change.kind !== 'WriteRows') marks.push('[guarded]');
  if (change.reverse !== 'generated') marks.push(`[reverse ${change.reverse}]`);
  return marks;
}

function bodyOf(change: Change): string {
  switch (change.kind) {
    case 'CreateTable':
      return [
        tableKeyOf(change.table),
        ...change.columns.map((column) => `\n  ${printColumn(column)}`),
        ...change.indexes.map((index) => `\n  ${printIndex(index)}`),
        ...change.constraints.map((constraint) => `\n  ${printConstraint(constraint)}`),
        change.complete ? '' : '\n  …',
        tableOptions(change),
        '\n ',
      ].join('');
    case 'DropTable':
      return `${tableKeyOf(change.table)}${change.cascade ? ' cascade' : ''}`;
    case 'RenameTable':
      return `${tableKeyOf(change.table)} to ${tableKeyOf(change.to)}`;
    case 'AddColumn':
      return `${tableKeyOf(change.table)}.${printColumn(change.column)}${transient(change.transientDefault)}${named(change.constraints)}`;
    case 'DropColumn':
      return `${place(change.table, change.column)}${change.cascade ? ' cascade' : ''}`;
    case 'RenameColumn':
      return `${place(change.table, change.column)} to ${change.to}`;
    case 'AlterColumn':
      return [
        `${place(change.table, change.column)} to ${printColumn(change.to)}${fills(change.fillsNulls)}`,
        change.using === undefined ? '' : ` using ${change.using}`,
      ].join('');
    case 'CreateIndex':
      return `${tableKeyOf(change.table)}: ${printIndex(change.index)}${change.concurrently ? ' concurrently' : ''}`;
    case 'DropIndex':
      return `${indexPlace(change.table, change.index)}${change.concurrently ? ' concurrently' : ''}`;
    case 'RenameIndex':
      return `${indexPlace(change.table, change.index)} to ${change.to}`;
    case 'AddConstraint':
      return `${tableKeyOf(change.table)}: ${printConstraint(change.constraint)}${using(change.usingIndex)}`;
    case 'DropConstraint':
      return `${place(change.table, change.constraint)} ${change.constraintKind ?? 'unknown'}${change.cascade === true ? ' cascade' : ''}`;
    case 'ValidateConstraint':
      return place(change.table, change.constraint);
    case 'RunSql':
      return change.statements.map((statement) => (statement === undefined ? '?' : `«${statement}»`)).join(' ');
    case 'RunCode':
      return `${change.functionName ?? '?'}${change.isNoop ? ' noop' : ''}`;
    case 'WriteRows':
      return `${change.operation} ${change.label}${writesOf(change)}`;
    case 'Opaque':
      return change.reason;
    default:
      return printSqlChange(change);
  }
}

function tableOptions({ partitionOf, temporary, withRows, ifNotExists }: ChangeOf<'CreateTable'>): string {
  return [
    partitionOf === undefined ? '' : ` partition of ${tableKeyOf(partitionOf)}`,
    temporary === true ? ' temporary' : '',
    withRows === true ? ' with rows' : '',
    ifNotExists === true ? ' if not exists' : '',
  ].join('');
}

function named(constraints: readonly Constraint[] | undefined): string {
  return constraints === undefined || constraints.length === 0
    ? ''
    : ` with ${constraints.map(({ name }) => name).join(', ')}`;
}

/** Which rows a statement writes and how. */
function writesOf({ origin, rows, assignments, batched, guarded }: ChangeOf<'WriteRows'>): string {
  if (origin.kind === 'django-operation') return '';
  return [
    ` ${rows}`,
    ...assignments.map(({ column, value }) => ` ${column}=${value}`),
    batched ? ' batched' : '',
    guarded ? ' guarded' : '',
  ].join('');
}

function indexPlace(table: TableName | undefined, index: string): string {
  return table === undefined ? index : place(table, index);
}

export function printColumn(column: Column): string {
  return [
    column.name,
    typeText(column.type),
    column.nullable ? 'null' : 'not null',
    column.primaryKey ? 'primary key' : '',
    column.unique ? 'unique' : '',
    column.autoIncrement ? 'identity' : '',
    column.generated ?? '',
    column.default ? `default ${printDefault(column.default)}` : '',
    column.check === undefined ? '' : `check (${column.check})`,
    column.collation === undefined ? '' : `collate ${column.collation}`,
    referenceOf(column),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function referenceOf({ references }: Column): string {
  if (!references) return '';
  return `${references.enforced ? 'references' : 'looks at'} ${tableKeyOf(references.table)}.${references.column ?? '?'}`;
}

function printDefault({ kind, sql }: ColumnDefault): string {
  return kind === 'constant' ? (sql ?? '?') : `${kind} ${sql ?? '?'}`;
}

function transient(value: ColumnDefault | undefined): string {
  return value ? ` filled with ${printDefault(value)}` : '';
}

function fills(value: ColumnDefault | undefined): string {
  return value ? ` filling nulls with ${printDefault(value)}` : '';
}

function using(index: string | undefined): string {
  return index === undefined ? '' : ` using ${index}`;
}

export function printIndex(index: Index): string {
  return [
    index.unique ? 'unique index' : 'index',
    index.nameIsExact ? index.name : `~${index.name}`,
    `(${index.columns.join(', ')})`,
    index.method === 'btree' ? '' : index.method,
    index.partial ? 'partial' : '',
    index.expressions ? 'expressions' : '',
    index.operatorClass ?? '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

export function printConstraint(constraint: Constraint): string {
  return [
    constraint.kind,
    constraint.nameIsExact ? constraint.name : `~${constraint.name}`,
    `(${constraint.columns.join(', ')})`,
    constraint.condition ?? '',
    constraint.references ? `references ${tableKeyOf(constraint.references)}` : '',
    constraint.provesNotNull === undefined ? '' : `proves ${constraint.provesNotNull}`,
    constraint.validated ? '' : 'not valid',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function place(table: TableName, name: string): string {
  return `${tableKeyOf(table)}.${name}`;
}
