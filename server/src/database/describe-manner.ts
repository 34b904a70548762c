import type { Change } from '../schema/change.ts';
import type { Effects } from './effects.ts';

/** A change, and what it does. */
export interface DescribedChange {
  readonly change: Change;
  readonly effects: Effects;
}

type Manner = NonNullable<Effects['manner']>;

/** How MySQL, MariaDB or SQLite goes about changes that are made together, and who waits; empty for PostgreSQL. */
export function describeManner(described: readonly DescribedChange[]): readonly string[] {
  const all = described.map(({ effects }) => effects);
  const worst = Object.keys(sentences).findLast((manner) => all.some((effects) => effects.manner === manner));
  const effects = all.find(({ manner }) => manner === worst);
  if (effects?.manner === undefined) return [];
  const isOnSqlite = effects.manner.startsWith('native') || effects.manner === 'framework-copy';
  return isOnSqlite
    ? [sentences[effects.manner]]
    : [`${sentences[effects.manner]}; ${waiting[effects.blocks]}.`, metadataLock];
}

/** Cheapest first: those of MySQL and MariaDB, then those of SQLite. */
const sentences: Readonly<Record<Manner, string>> = {
  instant: 'Changes what is known of the table alone',
  'in-place': 'Reads every row for an index (`ALGORITHM=INPLACE`)',
  rebuild: 'Writes the whole table anew in place (`ALGORITHM=INPLACE`)',
  shared: 'Writes the whole table anew in place (`ALGORITHM=INPLACE, LOCK=SHARED`)',
  copy: 'Copies the whole table, row by row (`ALGORITHM=COPY`)',
  native: 'Changes what is known of the table alone: an instant.',
  'native-scan': 'Reads every row for an index; nobody else writes to the database meanwhile.',
  'native-write': 'Writes every row anew; nobody else writes to the database meanwhile.',
  'framework-copy':
    'Makes a new table, copies all rows into it, drops the old one and gives its name and its indexes to the new one; nobody else writes to the database meanwhile.',
};

const waiting: Readonly<Record<Effects['blocks'], string>> = {
  'reads and writes': 'reads and writes wait until it is done',
  writes: 'writes wait until it is done',
  'schema changes': 'reads and writes go on',
  nothing: 'an instant',
};

const metadataLock =
  'To begin and to end it needs the table for itself: it waits for every transaction that has used the table, and whoever comes later waits behind it.';
