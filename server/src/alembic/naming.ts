import { md5 } from '../base/md5.ts';
import type { DatabaseKind } from '../base/target.ts';
import type { Constraint } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';
import { generatedName } from '../sql/postgresql/names.ts';

/** What a name is for. */
export type Named = 'index' | 'unique' | 'check' | 'foreign-key' | 'primary-key';

/** How names come about that nobody has written. */
export interface Naming {
  /** The patterns of the `naming_convention`, as they are written. What has none is named by the database. */
  readonly patterns: ReadonlyMap<Named, string>;
  /** False where the metadata, and with it the convention, cannot be found. */
  readonly isKnown: boolean;
}

/** SQLAlchemy's own convention has a name for indexes only. */
const ownPatterns: Naming['patterns'] = new Map([['index', 'ix_%(column_0_label)s']]);

export const defaultNaming: Naming = { patterns: ownPatterns, isKnown: true };
export const unknownNaming: Naming = { patterns: ownPatterns, isKnown: false };

/** A name that somebody has written. */
export interface WrittenName {
  readonly text: string;
  /** `op.f("…")`: the convention is not applied to it. */
  readonly isFinal: boolean;
}

/** What is named: patterns are filled with what is known of it. */
export interface NamedThing {
  readonly kind: Named;
  readonly written: WrittenName | undefined;
  readonly table: TableName;
  readonly columns: readonly string[];
  readonly references?: TableName | undefined;
  readonly referencedColumns?: readonly string[] | undefined;
}

export type KeyName = Pick<Constraint, 'name' | 'nameIsExact' | 'unnamed'>;

/**
 * The name of an index or constraint: as written, by the project's convention, or as the database makes it up. A
 * convention applies to what has no name, and to names where it builds on them (`%(constraint_name)s`).
 *
 * @param isTaken of a name that the database makes up: it takes another then
 */
export function keyName(
  thing: NamedThing,
  naming: Naming,
  database: DatabaseKind,
  isTaken: (name: string) => boolean = () => false,
): KeyName {
  const { kind, written } = thing;
  const pattern = naming.patterns.get(kind);
  if (written !== undefined && (written.isFinal || !buildsOnName(pattern))) {
    return { name: written.isFinal ? fitted(written.text, database) : written.text, nameIsExact: true };
  }
  if (pattern === undefined) {
    return { name: databaseName(thing, isTaken), nameIsExact: false, unnamed: 'named-by-database' };
  }
  if (written !== undefined) return filled(pattern, thing, database);
  if (buildsOnName(pattern)) return { name: databaseName(thing, isTaken), nameIsExact: false, unnamed: 'refused' };
  return { ...filled(pattern, thing, database), unnamed: 'named-by-convention' };
}

/** Whether a name that is written becomes another by the convention, unless it is written as `op.f("…")`. */
export function changesNames(naming: Naming, kind: string): boolean {
  return [...naming.patterns].some(([named, pattern]) => named === kind && buildsOnName(pattern));
}

function buildsOnName(pattern: string | undefined): boolean {
  return pattern?.includes('%(constraint_name)s') === true;
}

/** PostgreSQL's suffix for what nobody has named. */
const suffixes: Readonly<Record<Named, string>> = {
  check: 'check',
  'foreign-key': 'fkey',
  index: 'idx',
  'primary-key': 'pkey',
  unique: 'key',
};

/** What PostgreSQL calls it. */
function databaseName(
  { kind, table, columns }: Omit<NamedThing, 'written'>,
  isTaken: (name: string) => boolean,
): string {
  // A check is named after a column only where it reads no other.
  const isNamedByTable = kind === 'primary-key' || (kind === 'check' && columns.length !== 1);
  return generatedName(table.name, isNamedByTable ? undefined : columns.join('_'), suffixes[kind], isTaken);
}

function filled(pattern: string, thing: NamedThing, database: DatabaseKind) {
  let isWhole = true;
  const text = pattern.replace(/%\((\w+)\)s|%%/g, (token: string, word: string | undefined) => {
    if (word === undefined) return '%';
    const value = tokenValue(word, thing);
    isWhole &&= value !== undefined;
    return value ?? token;
  });
  return { name: fitted(text, database), nameIsExact: isWhole };
}

function tokenValue(token: string, { table, columns, written, ...thing }: NamedThing): string | undefined {
  if (token === 'table_name') return table.name;
  if (token === 'constraint_name') return written?.text;
  if (token === 'referred_table_name') return thing.references?.name;
  const [, referred, first = '', all, form] = /^(referred_)?column_(\d+)(_?N)?_(name|key|label)$/.exec(token) ?? [];
  const named = referred === undefined ? columns : thing.referencedColumns;
  const chosen = all === undefined ? named?.slice(Number(first), Number(first) + 1) : named;
  if (form === undefined || chosen === undefined || chosen.length === 0) return undefined;
  const label = form === 'label' ? `${[table.schema, table.name].filter(Boolean).join('_')}_` : '';
  return chosen.map((column) => label + column).join(all === '_N' ? '_' : '');
}

/** The longest name of a constraint or index that SQLAlchemy writes, in characters; it keeps 9999 on SQLite. */
const longest: Readonly<Record<DatabaseKind, number>> = {
  mariadb: 64,
  mysql: 64,
  oracle: 128,
  postgresql: 63,
  sqlite: 9999,
};

/** SQLAlchemy cuts a name that is too long, and puts the end of its digest behind it. */
function fitted(name: string, database: DatabaseKind): string {
  const most = longest[database];
  return name.length <= most ? name : `${name.slice(0, most - 8)}_${md5(name).slice(-4)}`;
}
