import type { TableName } from '../schema/table-name.ts';
import type { Effects, LockMode } from './effects.ts';

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
 * Short sentences for a hover: the lock on each table and whom it keeps waiting, what is done under it, what fails, is
 * lost or breaks. Empty where nothing is known to happen to the database.
 */
export function describeEffects(effects: Effects): readonly string[] {
  return [
    ...effects.locks.map(({ table, mode }) => `Takes ${mode} on "${nameOf(table)}", which ${conflicts[mode]}.`),
    ...workUnderLock(effects),
    ...consequences(effects),
  ];
}

function workUnderLock(effects: Effects): readonly string[] {
  if (effects.rewrites) return [`Writes the whole table and its indexes anew; ${waiting(effects)}.`];
  if (effects.scans) return [`Reads every row; ${waiting(effects)}.`];
  const onlyRows = effects.locks.every(({ mode }) => mode === 'ROW EXCLUSIVE');
  if (effects.locks.length === 0) return [];
  return [
    onlyRows
      ? 'Each row that is written stays locked until the transaction ends.'
      : 'Changes the catalog alone: an instant, once it has the lock. The lock stays until the transaction ends.',
  ];
}

function waiting({ blocks }: Effects): string {
  switch (blocks) {
    case 'reads and writes':
      return 'reads and writes wait until it is done';
    case 'writes':
      return 'writes wait until it is done';
    case 'schema changes':
      return 'reads and writes go on';
    case 'nothing':
      return 'nobody has to wait for it';
  }
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

function nameOf({ schema, name }: TableName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}
