import type { ChangeOf } from '../../schema/change.ts';
import { findTable } from '../../schema/schema.ts';
import type { EffectsSetting } from '../setting.ts';

/** Whether a key or an index is known to be on the column, so that SQLite does not drop it. */
export function holdsColumn({ table: name, column }: ChangeOf<'DropColumn'>, { before }: EffectsSetting): boolean {
  const table = findTable(before, name);
  const known = table?.columns.get(column);
  if (table === undefined || known === undefined) return false;
  const keys = [...table.constraints.values()].filter(({ kind }) => kind === 'unique' || kind === 'primary-key');
  const isCovered = [...keys, ...table.indexes.values()].some(({ columns }) => columns.includes(column));
  return known.primaryKey || known.unique || isCovered;
}
