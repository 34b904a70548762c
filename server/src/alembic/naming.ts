import type { TableName } from '../schema/table-name.ts';

/** What a name is for. */
export type Named = 'index' | 'unique' | 'check' | 'foreign-key' | 'primary-key';

/** The `naming_convention` of the project's metadata: the pattern of each kind, as it is written. */
export type Naming = ReadonlyMap<Named, string>;

export const noNaming: Naming = new Map();

/** SQLAlchemy's own convention: it has a name for indexes only. */
const indexPattern = 'ix_%(column_0_label)s';

/** PostgreSQL's suffix for a constraint that nobody has named. */
const suffixes: Readonly<Record<Exclude<Named, 'index'>, string>> = {
  check: 'check',
  'foreign-key': 'fkey',
  'primary-key': 'pkey',
  unique: 'key',
};

/**
 * The name of an index or constraint: as written, by the project's convention, or as the database makes it up.
 *
 * @param written `op.f("…")` and plain names alike: Alembic applies no convention to the names of its directives
 */
export function keyName(
  kind: Named,
  written: string | undefined,
  table: TableName,
  columns: readonly string[],
  naming: Naming,
  referred?: TableName,
): { readonly name: string; readonly nameIsExact: boolean } {
  if (written !== undefined) return { name: written, nameIsExact: true };
  const pattern = naming.get(kind) ?? (kind === 'index' ? indexPattern : undefined);
  if (pattern !== undefined) return filled(pattern, table, columns, referred);
  const suffix = kind === 'index' ? 'idx' : suffixes[kind];
  const middle = kind === 'primary-key' ? [] : columns;
  return { name: [table.name, ...middle, suffix].join('_'), nameIsExact: false };
}

function filled(pattern: string, table: TableName, columns: readonly string[], referred: TableName | undefined) {
  let nameIsExact = true;
  const name = pattern.replace(/%\((\w+)\)s/g, (token: string, word: string) => {
    const value = tokenValue(word, table, columns, referred);
    nameIsExact &&= value !== undefined;
    return value ?? token;
  });
  return { name, nameIsExact };
}

function tokenValue(
  token: string,
  table: TableName,
  columns: readonly string[],
  referred: TableName | undefined,
): string | undefined {
  const [first = ''] = columns;
  switch (token) {
    case 'table_name':
      return table.name;
    case 'referred_table_name':
      return referred?.name;
    case 'column_0_name':
    case 'column_0_key':
      return first;
    case 'column_0_label':
      return [...(table.schema === undefined ? [] : [table.schema]), table.name, first].join('_');
    case 'column_0_N_name':
      return columns.join('');
    case 'column_0_N_label':
      return [table.name, columns.join('_')].join('_');
    default:
      return undefined;
  }
}
