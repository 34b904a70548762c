import type { Change, ChangeOf, Origin } from '../../schema/change.ts';
import { findTable } from '../../schema/schema.ts';
import type { Effects } from '../effects.ts';
import { type EffectsSetting, isEmptyHere } from '../setting.ts';

export type SqliteRefusal = Pick<Effects, 'fails' | 'refusal'>;

/**
 * What SQLite's ALTER TABLE cannot do, measured on SQLite 3.40 and on Alembic 1.20; a clause that begins with "SQLite".
 * Undefined for what it does, and for what a framework does by a new table.
 */
export function refusalOf(change: Change, setting: EffectsSetting): SqliteRefusal | undefined {
  if (change.origin.kind === 'django-operation' || isInCopy(change.origin)) return undefined;
  const reason = reasonOf(change, setting);
  if (reason !== undefined) return { fails: 'always', refusal: `SQLite ${reason}` };
  if (change.kind !== 'AddColumn' || isEmptyHere(change.table, setting)) return undefined;
  const { default: given, generated } = change.column;
  if (generated === 'stored') return { fails: 'with rows', refusal: 'SQLite adds no stored column' };
  return given?.kind === 'stable' || given?.kind === 'volatile'
    ? { fails: 'with rows', refusal: 'SQLite adds no column with a default that is not constant' }
    : undefined;
}

/** Inside `batch_alter_table`, where a new table may be made. */
function isInCopy({ within }: Origin): boolean {
  return within.some(({ callee, arguments: given }) => {
    if (callee.kind !== 'attribute' || callee.name !== 'batch_alter_table') return false;
    const recreate = given.find(({ name }) => name === 'recreate')?.value;
    return recreate?.kind !== 'string' || recreate.value !== 'never';
  });
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
      return isHeld(change, setting) ? 'drops no column that an index or a key is on' : undefined;
    default:
      return undefined;
  }
}

function isHeld({ table: name, column }: ChangeOf<'DropColumn'>, { before }: EffectsSetting): boolean {
  const table = findTable(before, name);
  const known = table?.columns.get(column);
  if (table === undefined || known === undefined) return false;
  const keys = [...table.constraints.values()].filter(({ kind }) => kind === 'unique' || kind === 'primary-key');
  const held = [...keys, ...table.indexes.values()].some(({ columns }) => columns.includes(column));
  return known.primaryKey || known.unique || held;
}
