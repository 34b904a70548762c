import { isSameTable, tableText } from '../schema/table-name.ts';
import { type DescribedChange, describeManner } from './describe-manner.ts';
import { describeSqlChange } from './describe-sql.ts';
import { type Citation, type Effects, type LockMode, lockModes } from './effects.ts';

/** What each mode keeps waiting for as long as it is held. */
const conflicts: Readonly<Record<LockMode, string>> = {
  'ACCESS SHARE': 'keeps waiting only what needs the table for itself',
  'ROW SHARE': 'keeps waiting only what needs the table for itself',
  'ROW EXCLUSIVE': 'lets others read and write other rows',
  'SHARE UPDATE EXCLUSIVE': 'lets others read and write',
  SHARE: 'keeps writes waiting',
  'SHARE ROW EXCLUSIVE': 'keeps writes waiting',
  EXCLUSIVE: 'keeps writes waiting',
  'ACCESS EXCLUSIVE': 'keeps reads and writes waiting',
};

/**
 * Short sentences for a hover over what makes these changes, an operation or a statement: what it does, the lock on each
 * table and whom it keeps waiting, the work under it, what fails, is lost or breaks, and where that is written. Empty
 * where nothing is known to happen to the database. Markdown.
 */
export function describeChanges(described: readonly DescribedChange[]): readonly string[] {
  const all = described.map(({ effects }) => effects);
  const locks = locksOf(all);
  const sentences = [
    ...described.flatMap(({ change }) => (change.applies.database ? (describeSqlChange(change) ?? []) : [])),
    ...describeManner(described),
    ...locksByMode(locks),
    ...workUnderLock(described, locks),
    ...all.flatMap(consequences),
  ];
  const sources = all.map(({ source }) => source).filter((source) => source !== undefined);
  return [...new Set([...sentences, ...(sentences.length > 0 ? sources.map(sourceLine) : [])])];
}

/** The strongest lock on each table. */
function locksOf(all: readonly Effects[]): Effects['locks'] {
  const locks: Effects['locks'][number][] = [];
  for (const lock of all.flatMap((effects) => effects.locks)) {
    const known = locks.findIndex(({ table }) => isSameTable(table, lock.table));
    const held = locks[known];
    if (held === undefined) locks.push(lock);
    else if (lockModes.indexOf(lock.mode) > lockModes.indexOf(held.mode)) locks[known] = lock;
  }
  return locks;
}

/** One sentence for all tables with the same lock. */
function locksByMode(locks: Effects['locks']): readonly string[] {
  return [...new Set(locks.map(({ mode }) => mode))].map((mode) => {
    const tables = locks.filter((lock) => lock.mode === mode).map(({ table }) => tableText(table));
    return `Takes ${mode} on ${listOf(tables)}, which ${conflicts[mode]}.`;
  });
}

const mostNamed = 4;

function listOf(names: readonly string[]): string {
  const [last = '', ...others] = names.toReversed();
  if (names.length > mostNamed) return `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`;
  return others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`;
}

function workUnderLock(described: readonly DescribedChange[], locks: Effects['locks']): readonly string[] {
  const all = described.map(({ effects }) => effects);
  if (all.some(({ manner }) => manner !== undefined)) return [];
  const blocks = severity.findLast((each) => all.some((effects) => effects.blocks === each)) ?? 'nothing';
  if (all.some(({ rewrites }) => rewrites)) {
    return [`Writes the whole table and its indexes anew; ${waiting[blocks]}.`];
  }
  if (all.some(({ scans }) => scans)) return [`Reads every row; ${waiting[blocks]}.`];
  if (locks.length === 0) return [];
  // The lock itself, or a sample of the rows: the change has said so.
  if (blocks !== 'nothing' || described.every(({ change }) => change.kind === 'LockTable')) return [];
  if (locks.every(({ mode }) => mode === 'ROW EXCLUSIVE')) {
    return ['Each row that is written stays locked until the transaction ends.'];
  }
  if (locks.every(({ mode }) => mode === 'ROW SHARE' || mode === 'ROW EXCLUSIVE')) {
    return ['Each of these rows stays locked until the transaction ends.'];
  }
  const instant = 'Changes the catalog alone: an instant, once it has the lock.';
  const isInTransaction = described.some(({ change }) => change.transaction !== undefined);
  return [isInTransaction ? `${instant} The lock stays until the transaction ends.` : instant];
}

const severity: readonly Effects['blocks'][] = ['nothing', 'schema changes', 'writes', 'reads and writes'];

const waiting: Readonly<Record<Effects['blocks'], string>> = {
  'reads and writes': 'reads and writes wait until it is done',
  writes: 'writes wait until it is done',
  'schema changes': 'reads and writes go on',
  nothing: 'nobody has to wait for it',
};

function sourceLine({ title, url }: Citation): string {
  return `[${title}](${url})`;
}

function consequences({ fails, loses, breaksRunningCode }: Effects): readonly string[] {
  const sentences: string[] = [];
  if (fails === 'always') sentences.push('Fails whenever it runs.');
  if (fails === 'with rows') sentences.push('Fails on a table that has rows.');
  if (loses !== undefined) sentences.push(lost[loses]);
  if (breaksRunningCode) sentences.push('The release that is running does not expect it.');
  return sentences;
}

const lost: Readonly<Record<NonNullable<Effects['loses']>, string>> = {
  rows: 'Deletes rows. Rolling back does not bring them back.',
  column: 'Deletes the column with what is in it. Rolling back does not bring it back.',
  table: 'Deletes the table with all its rows. Rolling back does not bring it back.',
};
