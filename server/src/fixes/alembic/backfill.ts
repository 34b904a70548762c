import type { AlembicRevision } from '../../alembic/revision-file.ts';
import type { Schema } from '../../schema/schema.ts';
import { findTable } from '../../schema/schema.ts';
import type { TableName } from '../../schema/table-name.ts';
import { fitted, widest } from '../edits/fitted.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { backfillDocstring } from '../recipes/backfill.ts';
import { copyDocstring } from '../recipes/column-beside.ts';
import { inAutocommitBlock } from './directive-text.ts';
import type { NewRevision } from './new-revision.ts';
import { opImportOf } from './revision-text.ts';

/** What a backfill fills: the rows of a table in which one column is NULL. */
export interface ColumnToFill {
  readonly table: TableName;
  readonly column: string;
  /** By which the rows are taken in slices. */
  readonly key: string;
}

/** Undefined where no single column tells the rows apart, or its name cannot be written in Python. */
export function columnToFill(table: TableName, column: string, schema: Schema): ColumnToFill | undefined {
  const known = findTable(schema, table);
  const marked = [...(known?.columns.values() ?? [])].filter(({ primaryKey }) => primaryKey).map(({ name }) => name);
  const declared = [...(known?.constraints.values() ?? [])].find(({ kind }) => kind === 'primary-key')?.columns ?? [];
  const [key, ...others] = marked.length > 0 ? marked : declared;
  if (key === undefined || others.length > 0 || !isAttribute(key) || !isAttribute(column)) return undefined;
  return { table, column, key };
}

/** Names that rows and collections of columns have for something else, and those of Python. */
const taken = new Set(
  'and as assert async await break class continue count def del elif else except finally for from get global if import in index is items keys lambda nonlocal not or pass raise return try update values while with yield'.split(
    ' ',
  ),
);

function isAttribute(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name) && !taken.has(name);
}

/** Names that the code has for other things. */
const local = new Set(['batch', 'connection', 'empty', 'keys', 'op', 'row', 'rows', 'sa']);

/**
 * A revision that fills NULLs in slices of the primary key, each in a transaction of its own: memory stays flat, locks are
 * short, and after an interruption it goes on where rows are still NULL. Rows that have a value are left alone.
 *
 * @param value as Python code, the same for all rows; undefined where somebody has to write how it is found: until then it raises
 */
export function backfillRevision(fill: ColumnToFill, value: string | undefined, like: AlembicRevision): NewRevision {
  const { table, column } = fill;
  const setting = settingOf(fill, like);
  return {
    slug: `fill_${table.name}_${column}`.toLowerCase(),
    docstring: (previous) => backfillDocstring(table.name, column, previous),
    imports: ['import sqlalchemy as sa'],
    code: value === undefined ? [batchSize, '', '', ...valueFunction(setting)].join('\n') : batchSize,
    upgrade: [
      tableText(setting, [fill.key, column]),
      inAutocommitBlock(setting.op, value === undefined ? rowByRow(setting) : sameForAll(setting, value)),
    ],
    downgrade: [],
  };
}

const batchSize = 'BATCH_SIZE = 1000';

interface Setting extends ColumnToFill {
  /** The variable that holds the table. */
  readonly named: string;
  readonly op: string;
  q(text: string): string;
}

function settingOf(fill: ColumnToFill, like: AlembicRevision): Setting {
  const { name } = fill.table;
  const named = isAttribute(name) && !local.has(name) ? name : 'table';
  const quote = quoteOf(like.text);
  return { ...fill, named, op: opImportOf(like).name, q: (text: string) => quoted(text, quote) };
}

function tableText({ table, named, q }: Setting, names: readonly string[]): string {
  const columns = names.map((name) => `sa.column(${q(name)})`);
  const schema = table.schema === undefined ? [] : [`schema=${q(table.schema)}`];
  return fitted(`${named} = sa.table(${[q(table.name), ...columns, ...schema].join(', ')})`, 4);
}

function valueFunction({ table, column, q }: Setting): readonly string[] {
  return [
    `def ${column}_of(row):`,
    `    """The ${column} of a row that was there before the column."""`,
    `    raise NotImplementedError(${q(`Write how ${table.name}.${column} is found for rows that have none.`)})`,
  ];
}

/** A column that is filled from another one, by a trigger that is there. */
export interface ColumnToCopy extends ColumnToFill {
  readonly from: string;
}

/** Undefined as above. */
export function columnToCopy(from: string, to: string, table: TableName, schema: Schema): ColumnToCopy | undefined {
  const fill = columnToFill(table, to, schema);
  return fill === undefined || !isAttribute(from) ? undefined : { ...fill, from };
}

/**
 * A revision that has the trigger fill the new column of the rows that are there, in slices of the primary key: how a value
 * is converted is said in one place, the trigger. After an interruption it goes on with what is not filled.
 *
 * @param before statements that run first and find the values that have no place in the new column, in column 0
 */
export function copyRevision(copy: ColumnToCopy, before: readonly string[], like: AlembicRevision): NewRevision {
  const { table, column, from, key } = copy;
  const setting = settingOf(copy, like);
  const { named, op } = setting;
  return {
    slug: `fill_${table.name}_${column}`.toLowerCase(),
    docstring: (after) => copyDocstring({ to: column, table: table.name, after, checks: before.length > 0 }),
    imports: ['import sqlalchemy as sa'],
    code: batchSize,
    upgrade: [
      ...before,
      tableText(setting, [key, from, column]),
      inAutocommitBlock(op, [
        `connection = ${op}.get_bind()`,
        ...inParentheses('empty = ', '', 8, [
          `sa.select(${named}.c.${key})`,
          `.where(${named}.c.${from}.is_not(None), ${named}.c.${column}.is_(None))`,
          `.order_by(${named}.c.${key})`,
        ]),
        'batch = empty',
        'while keys := connection.scalars(batch.limit(BATCH_SIZE)).all():',
        '    # The trigger fills the new column of each row that is written.',
        ...inParentheses('connection.execute', '()', 12, [
          `sa.update(${named})`,
          `.where(${named}.c.${key}.in_(keys))`,
          `.values(${from}=${named}.c.${from})`,
        ]).map((line) => `    ${line}`),
        `    batch = empty.where(${named}.c.${key} > keys[-1])`,
      ]),
    ],
    downgrade: [],
  };
}

/** Calls on one object, in as few lines as Black needs for them. */
function inParentheses(head: string, own: '' | '()', depth: number, calls: readonly string[]): readonly string[] {
  const together = calls.join('');
  const whole = own === '' ? head + together : `${head}(${together})`;
  if (depth + whole.length <= widest) return [whole];
  const isShort = own === '()' && depth + 4 + together.length <= widest;
  return [`${head}(`, ...(isShort ? [together] : calls).map((call) => `    ${call}`), ')'];
}

function sameForAll({ named, column, key, op }: Setting, value: string): readonly string[] {
  return [
    `connection = ${op}.get_bind()`,
    `empty = sa.select(${named}.c.${key}).where(${named}.c.${column}.is_(None)).order_by(${named}.c.${key})`,
    'batch = empty',
    'while keys := connection.scalars(batch.limit(BATCH_SIZE)).all():',
    '    connection.execute(',
    `        sa.update(${named})`,
    `        .where(${named}.c.${key}.in_(keys), ${named}.c.${column}.is_(None))`,
    `        .values(${column}=${value})`,
    '    )',
    `    batch = empty.where(${named}.c.${key} > keys[-1])`,
  ];
}

function rowByRow({ named, column, key, op, q }: Setting): readonly string[] {
  return [
    `connection = ${op}.get_bind()`,
    `empty = sa.select(${named}).where(${named}.c.${column}.is_(None)).order_by(${named}.c.${key})`,
    'batch = empty',
    'while rows := connection.execute(batch.limit(BATCH_SIZE)).all():',
    '    connection.execute(',
    `        sa.update(${named})`,
    `        .where(${named}.c.${key} == sa.bindparam(${q('row_key')}), ${named}.c.${column}.is_(None))`,
    `        .values(${column}=sa.bindparam(${q('new_value')})),`,
    `        [{${q('row_key')}: row.${key}, ${q('new_value')}: ${column}_of(row)} for row in rows],`,
    '    )',
    `    batch = empty.where(${named}.c.${key} > rows[-1].${key})`,
  ];
}
