import type { Change } from '../schema/change.ts';
import { isSameTable } from '../schema/table-name.ts';
import { alterationsOf } from './alter-field.ts';
import { isAlteration } from './field-difference.ts';
import { type FieldSite, type PlacedField, tableOfPlaced } from './field-site.ts';
import { hasOwnJoinTable, joinFieldNamesOf, joinModelOf } from './tables.ts';

/** A many-to-many field that is altered or renamed: Django's own join table follows, one that is written does not. */
export function alterManyToMany(before: PlacedField, after: PlacedField, site: FieldSite): readonly Change[] {
  if (!hasOwnJoinTable(before.field) || !hasOwnJoinTable(after.field)) return [];
  if (!isAlteration(before, after, site.context.target)) return [];
  return joinTableAltered(before, after, site);
}

/** The join table of a many-to-many field, renamed and pointed anew where the models behind it are others now. */
export function joinTableAltered(before: PlacedField, after: PlacedField, site: FieldSite): readonly Change[] {
  const { context } = site;
  const oldJoin = joinModelOf(before.field, before.model, context);
  const newJoin = joinModelOf(after.field, after.model, context);
  const table = tableOfPlaced({ model: oldJoin, state: before.state }, context);
  const to = tableOfPlaced({ model: newJoin, state: after.state }, context);
  const renamed: readonly Change[] = isSameTable(table, to)
    ? []
    : [{ ...site.facts(), kind: 'RenameTable', table, to }];
  const oldNames = joinFieldNamesOf(before.field, before.model);
  const newNames = joinFieldNamesOf(after.field, after.model);
  const altered = (['to', 'from'] as const).flatMap((end) => {
    const old = oldJoin.fields.get(oldNames[end]);
    const changed = newJoin.fields.get(newNames[end]);
    if (!old || !changed) return [];
    return alterationsOf(
      { field: old, model: oldJoin, state: before.state },
      { field: changed, model: newJoin, state: after.state },
      site,
    );
  });
  return [...renamed, ...altered];
}
