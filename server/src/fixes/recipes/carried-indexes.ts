import type { ModelState } from '../../django/project-state.ts';
import type { Index, Table } from '../../schema/schema.ts';
import type { TableName } from '../../schema/table-name.ts';
import { refusal } from '../fix.ts';
import type { FollowUp } from '../new-migration.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { suffixedName, writtenName, writtenTable } from '../sql/sql-names.ts';
import { buildDocstring } from './build-docstring.ts';

/** The indexes of a column, to be built again on one that takes its place. */
export interface CarriedIndexes {
  readonly model: string;
  readonly table: TableName;
  readonly column: string;
  /** The column that takes its place. */
  readonly to: string;
  readonly indexes: readonly Index[];
  /** All that the table has. */
  readonly known: Table['indexes'];
  readonly quote: '"' | "'";
}

/** The indexes that a column is in; `undefined` where one of them cannot be written again from what is known of it. */
export function indexesOn(column: string, table: Table, model: ModelState): readonly Index[] | undefined {
  const indexes = [...table.indexes.values()].filter(
    ({ columns, expressions, partial }) => columns.includes(column) || expressions || partial,
  );
  return indexes.every((index) => isPlain(index, model)) ? indexes : undefined;
}

/** Of a column that {@link indexesOn} gives up. */
export const intricateIndexes = refusal(
  'An index that covers the column, or might, is more than one of plain columns.',
);

/** What `db_index=True` builds, or an `Index` of which nothing but fields is said. */
function isPlain(index: Index, model: ModelState): boolean {
  const { columns, unique, partial, expressions, method, operatorClass, ownedBy, nameIsExact } = index;
  if (unique || partial || expressions || method !== 'btree' || ownedBy !== undefined || !nameIsExact) return false;
  const named = model.options.indexes.find(({ name }) => name === index.name);
  if (named === undefined) {
    const isLike = operatorClass?.endsWith('_pattern_ops') === true;
    const isOfField = [...model.fields.values()].some(
      (field) => field.dbIndex && (field.dbColumn ?? field.name) === columns[0],
    );
    return columns.length === 1 && isOfField && (operatorClass === undefined || isLike);
  }
  if (named.value?.kind !== 'call' || operatorClass !== undefined) return false;
  const isBare = [...named.value.keywords.keys()].every((keyword) => ['fields', 'name'].includes(keyword));
  const fields = named.value.keywords.get('fields');
  const isAscending =
    (fields?.kind === 'list' || fields?.kind === 'tuple') &&
    fields.items.every((item) => item.kind === 'string' && !item.value.startsWith('-'));
  return isBare && isAscending && named.value.positional.length === 0;
}

/** Builds them on the new column while the table is in use; a migration for each, as a failure leaves one half. */
export function indexMigrations(carried: CarriedIndexes, after: string): readonly FollowUp[] {
  const { table, quote } = carried;
  return carried.indexes.map((index) => {
    const name = writtenName(temporaryIndexName(index));
    return {
      slug: `index_${carried.model.toLowerCase()}_${carried.to}`,
      docstring: buildDocstring(
        `Builds the index "${index.name}" of "${table.name}" for "${carried.to}", without blocking writes.`,
        after,
      ),
      imports: [],
      code: '',
      atomic: false,
      operations: [
        runSqlText(
          'migrations',
          [`CREATE INDEX CONCURRENTLY ${name} ON ${writtenTable(table)} (${columnsOf(index, carried)})`],
          [`DROP INDEX CONCURRENTLY IF EXISTS ${schemaOf(table)}${name}`],
          quote,
        ),
      ],
    };
  });
}

/** Gives the new indexes the names of the old ones, in column 0; nothing where there are none. */
export function swapIndexNames({ indexes, table, known, quote }: CarriedIndexes): readonly string[] {
  if (indexes.length === 0) return [];
  const { forward, backward } = swappedIndexNames(indexes, table, known);
  return [runSqlText('migrations', forward, backward, quote)];
}

/**
 * The same as statements, and what takes them back.
 *
 * @param known the indexes that the table has
 */
export function swappedIndexNames(
  indexes: readonly Index[],
  table: TableName,
  known: Table['indexes'],
): { readonly forward: readonly string[]; readonly backward: readonly string[] } {
  const rename = (from: string, to: string): string =>
    `ALTER INDEX ${schemaOf(table)}${writtenName(from)} RENAME TO ${writtenName(to)}`;
  const pairs = indexes.flatMap((index) => [
    [index.name, oldIndexName(index, known)] as const,
    [temporaryIndexName(index), index.name] as const,
  ]);
  return {
    forward: pairs.map(([from, to]) => rename(from, to)),
    backward: pairs.toReversed().map(([from, to]) => rename(to, from)),
  };
}

/** What the new one is called until the old one gives up its name. */
export function temporaryIndexName(index: Index): string {
  return suffixedName(index.name, '_new');
}

/** An earlier one may still have the name, of a column that is owed a drop. */
function oldIndexName({ name }: Index, known: Table['indexes']): string {
  let old = suffixedName(name, '_old');
  for (let number = 2; known.has(old); number++) old = suffixedName(name, `_old${number}`);
  return old;
}

function schemaOf({ schema }: TableName): string {
  return schema === undefined ? '' : `${writtenName(schema)}.`;
}

function columnsOf({ columns, operatorClass }: Index, { column, to }: CarriedIndexes): string {
  const written = columns.map((each) => writtenName(each === column ? to : each)).join(', ');
  return operatorClass === undefined ? written : `${written} ${operatorClass}`;
}
