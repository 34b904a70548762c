import type { Constraint, Index } from '../../schema/schema.ts';
import type { TableName } from '../../schema/table-name.ts';
import type { FollowUp } from '../new-migration.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';

type Quote = '"' | "'";

/** A unique constraint or a primary key that is made of an index which was built while the table was in use. */
export interface BuiltKey {
  readonly table: TableName;
  readonly constraint: Pick<Constraint, 'name' | 'columns'> & { readonly kind: 'unique' | 'primary-key' };
  /** What follows the columns of the index: `NULLS NOT DISTINCT`; `''` for nothing. */
  readonly nulls: string;
  /** What follows the constraint: `DEFERRABLE INITIALLY DEFERRED`; `''` for nothing. */
  readonly timing: string;
  /** Indexes to build with it: that of a text column for LIKE. */
  readonly beside: readonly BuiltIndex[];
}

/** What the two migrations of a key are called and say about themselves. */
interface Told {
  /** The slug of their file names. */
  readonly slug: string;
  /** What they are about: `"code" of "shop_order"`. */
  readonly what: string;
}

/** An index as it is built for a key, a foreign key or a text column. */
type BuiltIndex = Pick<Index, 'name' | 'columns' | 'operatorClass'>;

/** Builds the indexes of keys concurrently; in column 0. */
export function buildOperation(keys: readonly BuiltKey[], quote: Quote): string {
  return builds(
    keys.flatMap((key) => [
      ...rebuilt(key.table, key.constraint.name, 'UNIQUE INDEX', columnList(key.constraint.columns), key.nulls),
      ...key.beside.flatMap((index) => rebuiltIndex(key.table, index)),
    ]),
    quote,
  );
}

/** A migration that builds indexes which are no keys. */
export function plainIndexMigration(
  table: TableName,
  indexes: readonly BuiltIndex[],
  told: Told,
  after: string,
  quote: Quote,
): FollowUp {
  return {
    slug: `${told.slug}_index`,
    docstring: [
      `Builds the index on ${told.what} without blocking writes to it.`,
      '',
      `Runs after ${after}, in the same deploy.`,
      '',
    ].join('\n'),
    imports: [],
    code: '',
    atomic: false,
    operations: [
      builds(
        indexes.flatMap((index) => rebuiltIndex(table, index)),
        quote,
      ),
    ],
  };
}

/**
 * Builds indexes concurrently, in column 0.
 *
 * @param build the builds, each behind the statement that drops what a failed one has left
 */
export function builds(build: readonly string[], quote: Quote): string {
  const drop = build.filter((statement) => statement.startsWith('DROP '));
  return `# A build that fails leaves an invalid index: that is dropped first.\n${runSqlText('migrations', build, drop, quote)}`;
}

/** Makes the constraints of the indexes, which takes an instant. In column 0. */
export function constraintOperation(keys: readonly BuiltKey[], quote: Quote): string {
  const [first] = keys;
  const table = first === undefined ? '' : writtenTable(first.table);
  const add = keys.map(({ constraint, timing }) => {
    const name = writtenName(constraint.name);
    const kind = constraint.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY';
    return spaced(`ADD CONSTRAINT ${name} ${kind} USING INDEX ${name}`, timing);
  });
  const drop = keys.map(({ constraint }) => `DROP CONSTRAINT ${writtenName(constraint.name)}`);
  const alter = (actions: readonly string[]): readonly string[] => [`ALTER TABLE ${table} ${actions.join(', ')}`];
  return runSqlText('migrations', alter(add), alter(drop), quote);
}

export function indexMigration(keys: readonly BuiltKey[], told: Told, after: string, quote: Quote): FollowUp {
  return {
    slug: `${told.slug}_index`,
    docstring: [
      `Builds the unique index on ${told.what} while the table is in use.`,
      '',
      `Runs after ${after}, in the same deploy. It fails if two rows share a value: mend them and run it again.`,
      '',
    ].join('\n'),
    imports: [],
    code: '',
    atomic: false,
    operations: [buildOperation(keys, quote)],
  };
}

export function keyMigration(
  keys: readonly BuiltKey[],
  told: Told,
  operations: readonly string[],
  imports: readonly string[],
): FollowUp {
  const kind = keys.some(({ constraint }) => constraint.kind === 'primary-key') ? 'primary key' : 'unique constraint';
  return {
    slug: `${told.slug}_${kind === 'primary key' ? 'key' : 'unique'}`,
    docstring: [
      `Makes the index on ${told.what} the ${kind}: nothing is built or read for that.`,
      '',
      'Runs when the index is built, in the same deploy.',
      '',
    ].join('\n'),
    imports,
    code: '',
    atomic: true,
    operations,
  };
}

function rebuiltIndex(table: TableName, { name, columns, operatorClass }: BuiltIndex): readonly string[] {
  return rebuilt(table, name, 'INDEX', columnList(columns, operatorClass), '');
}

/** Drops and builds an index, each by a statement of its own. */
function rebuilt(table: TableName, name: string, kind: string, columns: string, nulls: string): readonly string[] {
  const schema = table.schema === undefined ? '' : `${writtenName(table.schema)}.`;
  return [
    `DROP INDEX CONCURRENTLY IF EXISTS ${schema}${writtenName(name)}`,
    spaced(`CREATE ${kind} CONCURRENTLY ${writtenName(name)} ON ${writtenTable(table)} ${columns}`, nulls),
  ];
}

function columnList(columns: readonly string[], operatorClass?: string): string {
  const written = columns.map((column) => spaced(writtenName(column), operatorClass ?? ''));
  return `(${written.join(', ')})`;
}

function spaced(text: string, tail: string): string {
  return tail === '' ? text : `${text} ${tail}`;
}
