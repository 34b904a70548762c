import type { Change } from '../../schema/change.ts';
import type { Effects } from '../effects.ts';
import { type EffectsSetting, isEmptyHere } from '../setting.ts';
import { holdsColumn } from './held-columns.ts';

export type SqliteRefusal = Pick<Effects, 'fails' | 'refusal'>;

/**
 * What SQLite's ALTER TABLE cannot do, measured on SQLite 3.40 and on Alembic 1.20; a clause that begins with "SQLite".
 * Undefined for what it does, and for what a framework does by a new table.
 */
export function refusalOf(change: Change, setting: EffectsSetting): SqliteRefusal | undefined {
  if (change.origin.kind === 'django-operation' || change.origin.copiesTable === true) return undefined;
  const reason = reasonOf(change, setting);
  if (reason !== undefined) return { fails: 'always', refusal: `SQLite ${reason}` };
  if (change.kind !== 'AddColumn' || isEmptyHere(change.table, setting)) return undefined;
  const { default: given, generated } = change.column;
  if (generated === 'stored') return { fails: 'with rows', refusal: 'SQLite adds no stored column' };
  return given?.kind === 'stable' || given?.kind === 'volatile'
    ? { fails: 'with rows', refusal: 'SQLite adds no column with a default that is not constant' }
    : undefined;
}

function reasonOf(change: Change, setting: EffectsSetting): string | undefined {
  switch (change.kind) {
    case 'AlterColumn':
      return 'alters no column that is there';
    case 'AddConstraint':
      return 'adds no constraint to a table that is there';
    case 'DropConstraint':
      return 'drops no constraint';
    case 'SetTableOption':
      return change.option === 'comment' ? 'keeps no comments' : undefined;
    case 'DropColumn':
      return holdsColumn(change, setting) ? 'drops no column that an index or a key is on' : undefined;
    default:
      return undefined;
  }
}
