import type { TextEdit } from '../../base/text-edit.ts';
import type { Project } from '../../project/project.ts';
import type { AddColumn } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { skipWords, sqlBetween, wordAt } from '../../sql/words.ts';
import { indentationAt, lineBreakOf, quoteOf } from '../edits/layout.ts';
import { indented } from '../edits/rewritten.ts';
import { type Answer, isRefused, refusal } from '../fix.ts';
import { chainAfter, type FollowUp } from '../new-migration.ts';
import { neededLater, notEditableSql } from '../refusals.ts';
import { tableBefore } from '../schema-before.ts';
import { editSql, findLiteral } from '../sql/edit-sql.ts';
import { isMovable } from '../sql/later-changes.ts';
import { runSqlText, sqlList, sqlLiteral } from '../sql/python-sql.ts';
import { placeOf, statementsOf } from '../sql/run-sql-site.ts';
import { suffixedName, writtenName } from '../sql/sql-names.ts';
import { type ActionSite, readActionSite } from '../sql/table-action.ts';
import { writtenNameAt } from '../sql/written-name.ts';
import { proveAndSetNotNullSql } from './not-null-sql.ts';
import { notNullCheckName } from './validated-not-null.ts';

/**
 * Adds a serial column of an SQL string as what it is made of: a column that may be NULL, a sequence that belongs to it,
 * and the default for new rows. The next migration numbers the rows that are there, batch by batch; the one behind it sets
 * NOT NULL on the proof of a check.
 *
 * A column that is a key at once, or an identity, is left to the author: a table without a key cannot be filled in slices.
 */
export function numberedInSteps(
  change: AddColumn,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readActionSite(change, migration, project);
  if (isRefused(found)) return found;
  const key = primaryKeyOf(change, migration, project);
  if (key === undefined) return refusal('The rows can only be numbered in the order of a primary key of one column.');
  if (!isMovable(change, migration)) return neededLater;
  const numbered = numberedColumnOf(change, found, writtenName(key));
  if (numbered === undefined) return [];
  const { source } = found.site;
  const edit = editOf(found, addedInSteps(numbered));
  if (edit === undefined) return notEditableSql;
  const quote = quoteOf(source.text);
  const chain = chainAfter(project, source, [numberRows(numbered, source.name, quote), setNotNull(numbered, quote)]);
  return [
    {
      title: `Add "${change.column.name}" in steps: a sequence, numbers in batches, NOT NULL`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [edit] }, ...chain.repointed, ...chain.created],
    },
  ];
}

/** The one column in whose order the rows are numbered. */
function primaryKeyOf(change: AddColumn, migration: Migration, project: Project): string | undefined {
  const table = tableBefore(change.table, change, migration, project);
  const keys = [...(table?.columns.values() ?? [])].filter(({ primaryKey }) => primaryKey);
  return keys.length === 1 ? keys[0]?.name : undefined;
}

/** Names as they are written in SQL. */
interface NumberedColumn {
  /** `ALTER TABLE shop.orders` */
  readonly head: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly sequence: string;
  readonly check: string;
  /** The primary key of the table. */
  readonly key: string;
  /** Without quotes. */
  readonly names: { readonly table: string; readonly column: string };
}

/** `ADD COLUMN number bigserial NOT NULL`: where nothing else is said of the column. */
function numberedColumnOf(
  change: AddColumn,
  { statement, action }: ActionSite,
  key: string,
): NumberedColumn | undefined {
  const { range, head, table } = action;
  const column = writtenNameAt(statement, skipWords(statement, range.first + 1, 'COLUMN'));
  if (!action.isOnly || wordAt(statement, range.first) !== 'ADD' || column === undefined) return undefined;
  if (!/SERIAL/.test(wordAt(statement, column.next))) return undefined;
  if (!/^(NOT NULL)?$/i.test(sqlBetween(statement, column.next + 1, range.end))) return undefined;
  const names = { table: change.table.name, column: change.column.name };
  const sequence = writtenName(suffixedName(`${names.table}_${names.column}`, '_seq'));
  return {
    head,
    table: table.text,
    column: column.text,
    type: change.column.type.name,
    sequence: `${table.schema}${sequence}`,
    check: writtenName(notNullCheckName(names)),
    key,
    names,
  };
}

function addedInSteps({ head, table, column, type, sequence }: NumberedColumn): readonly string[] {
  return [
    `${head} ADD COLUMN ${column} ${type}`,
    `CREATE SEQUENCE ${sequence} AS ${type} OWNED BY ${table}.${column}`,
    `${head} ALTER COLUMN ${column} SET DEFAULT nextval('${sequence}')`,
  ];
}

/** A line each: in a text that has lines, or as a list in the place of a string that is this one statement. */
function editOf({ site, statement }: ActionSite, statements: readonly string[]): TextEdit | undefined {
  const { source, form, forward } = site;
  const { string, piece } = statement;
  const place = placeOf(statement, source);
  const literal = place && findLiteral(source, place);
  if (place === undefined || literal === undefined) return undefined;
  const indentation = indentationAt(source.text, place.start);
  if (literal.part.quote.length === 3) {
    return editSql({ source, string }, piece.statement, statements.join(`;${lineBreakOf(source.text)}${indentation}`));
  }
  const isAlone = form === 'string' && forward.length === 1 && statementsOf(forward).length === 1;
  if (!isAlone || string.at.span.start !== literal.literal.span.start || string.isFormatted) {
    return editSql({ source, string }, piece.statement, statements.join('; '));
  }
  return { span: string.at.span, newText: indented(sqlList(statements, quoteOf(source.text)), indentation) };
}

function numberRows(numbered: NumberedColumn, after: string, quote: '"' | "'"): FollowUp {
  const { head, table, column, key, check, names } = numbered;
  const literal = (sql: string): string => sqlLiteral(sql, quote);
  const open = `SELECT ${key} FROM ${table} WHERE ${column} IS NULL`;
  const ordered = `ORDER BY ${key} LIMIT %s`;
  return {
    slug: `fill_${names.table}_${names.column}`.toLowerCase().replaceAll(/\W+/g, '_'),
    docstring: [
      `Numbers the rows of "${names.table}" that were there before "${names.column}", batch by batch.`,
      '',
      `Runs after ${after}, in the same deploy. It may be interrupted and run again.`,
      '',
    ].join('\n'),
    imports: [],
    code: [
      'BATCH_SIZE = 1000',
      '',
      '',
      'def number_rows(apps, schema_editor):',
      '    with schema_editor.connection.cursor() as cursor:',
      `        cursor.execute(${literal(`${open} ${ordered}`)}, [BATCH_SIZE])`,
      '        while keys := [key for (key,) in cursor.fetchall()]:',
      '            cursor.execute(',
      `                ${literal(`UPDATE ${table} SET ${column} = DEFAULT WHERE ${column} IS NULL AND ${key} BETWEEN %s AND %s`)},`,
      '                [keys[0], keys[-1]],',
      '            )',
      '            cursor.execute(',
      `                ${literal(`${open} AND ${key} > %s ${ordered}`)},`,
      '                [keys[-1], BATCH_SIZE],',
      '            )',
    ].join('\n'),
    atomic: false,
    operations: [
      'migrations.RunPython(number_rows, migrations.RunPython.noop)',
      runSqlText(
        'migrations',
        [`${head} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID`],
        [`${head} DROP CONSTRAINT ${check}`],
        quote,
      ),
    ],
  };
}

function setNotNull({ head, column, check, names }: NumberedColumn, quote: '"' | "'"): FollowUp {
  const [alter, drop] = [`${head} ALTER COLUMN ${column}`, `${head} DROP CONSTRAINT ${check}`];
  return proveAndSetNotNullSql({
    ...names,
    forward: [`${head} VALIDATE CONSTRAINT ${check}`, `${alter} SET NOT NULL`, drop],
    back: [`${head} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID`, `${alter} DROP NOT NULL`],
    quote,
  });
}
