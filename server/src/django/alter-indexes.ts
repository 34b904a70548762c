import { isVersionAtLeast } from '../base/target.ts';
import type { Change, ChangeOf } from '../schema/change.ts';
import { typeText } from '../schema/column.ts';
import type { Index } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';
import type { Alteration } from './alteration.ts';
import { isUnique } from './field.ts';
import type { FieldSite } from './field-site.ts';
import { generatedName } from './identifiers.ts';
import { builtConstraintOf, dropsIfExists, fieldIndexOf, likeIndexOf, uniqueConstraintOf } from './indexes.ts';

export function uniqueDropped(alteration: Alteration): readonly Change[] {
  const { old, new: changed, site, table, named } = alteration;
  const becameKey = !old.field.primaryKey && changed.field.primaryKey;
  if (!old.column.unique || (isUnique(changed.field) && !becameKey)) return [];
  const { name } = uniqueConstraintOf([old.column.name], named);
  return [
    {
      ...site.facts('unique'),
      kind: 'DropConstraint',
      table,
      constraint: name,
      constraintKind: 'unique',
      columns: [old.column.name],
      ...likeDroppedUnseen(alteration),
    },
  ];
}

export function uniqueAdded({ old, new: changed, site, table, named }: Alteration): readonly Change[] {
  if (changed.field.primaryKey || !isUnique(changed.field)) return [];
  if (isUnique(old.field) && !old.field.primaryKey) return [];
  const constraint = uniqueConstraintOf([changed.column.name], named);
  return [{ ...site.facts('unique'), kind: 'AddConstraint', table, constraint, usingIndex: undefined }];
}

export function indexesDropped({ old, new: changed, site, table, named }: Alteration): readonly Change[] {
  if (changed.field.dbIndex && !isUnique(changed.field)) return [];
  const index = fieldIndexOf(old.field, old.column, named);
  if (!index) return [];
  // Django drops every index on the column alone that Meta.indexes does not name: the one for LIKE is among them, and
  // so are unique constraints that are built as indexes.
  const like = likeIndexOf(old.field, old.column, named, old.state);
  const unique = old.model.options.constraints.flatMap((constraint) => {
    const built = builtConstraintOf(old.model, constraint, named);
    return built && 'index' in built && built.index.columns.join() === old.column.name ? built.index : [];
  });
  return [index, ...(like ? [like] : []), ...unique].map((each) => indexDropped(each, site, table));
}

function indexDropped(index: Index, site: FieldSite, table: TableName): Change {
  return { ...namedIndexDropped(index, site, table), columns: index.columns };
}

/** Django drops the index for LIKE under the name it would have now: one that was named otherwise stays. */
function namedIndexDropped(index: Index, site: FieldSite, table: TableName): ChangeOf<'DropIndex'> {
  return {
    ...site.facts('db_index', 'unique'),
    kind: 'DropIndex',
    table,
    index: index.name,
    concurrently: false,
    ...dropsIfExists(site.context.target.database),
  };
}

export function indexAdded({ old, new: changed, site, table, named }: Alteration): readonly Change[] {
  if (old.field.dbIndex && !isUnique(old.field)) return [];
  const index = fieldIndexOf(changed.field, changed.column, named);
  return index ? [indexCreated(index, site, table)] : [];
}

function indexCreated(index: Index, site: FieldSite, table: TableName): Change {
  return {
    ...site.facts('db_index', 'unique'),
    kind: 'CreateIndex',
    table,
    index,
    concurrently: false,
    ifNotExists: false,
  };
}

/** Django drops the index for LIKE of every field that was unique and is not indexed any more, be it there or not. */
export function likeDroppedUnseen({ old, new: changed, named }: Alteration): {
  readonly dropsIfThere?: readonly string[];
} {
  if (named.database !== 'postgresql' || changed.field.dbIndex || isUnique(changed.field)) return {};
  if (likeIndexOf(old.field, old.column, named, old.state)) return {};
  return { dropsIfThere: [generatedName(named.name, [old.column.name], '_like', named.database)] };
}

function leavesText({ old, new: changed, site, typeDiffers }: Alteration): boolean {
  if (site.context.target.database !== 'postgresql' || !typeDiffers) return false;
  if (!old.field.dbIndex && !isUnique(old.field)) return false;
  const [from, to] = [typeText(old.column.type), typeText(changed.column.type)];
  return ['varchar', 'text', 'citext'].some((name) => from.startsWith(name) && !to.startsWith(name));
}

export function likeDroppedForType(alteration: Alteration): readonly Change[] {
  const { old, site, table, named } = alteration;
  const like = leavesText(alteration) ? likeIndexOf(old.field, old.column, named, old.state) : undefined;
  // An index that goes because the field is no longer indexed has been dropped already.
  if (!like || indexesDropped(alteration).length > 0) return [];
  return [namedIndexDropped(like, site, table)];
}

export function likeIndexesChanged(alteration: Alteration): readonly Change[] {
  const { old, new: changed, site, table, named } = alteration;
  const wasIndexed = old.field.dbIndex || isUnique(old.field);
  const isAdded =
    (!wasIndexed && changed.field.dbIndex) ||
    (!isUnique(old.field) && isUnique(changed.field)) ||
    // Before Django 5.1 it is dropped and not built again.
    (leavesText(alteration) && isVersionAtLeast(site.context.target.django, 5, 1));
  if (isAdded) {
    const like = likeIndexOf(changed.field, changed.column, named, changed.state);
    return like ? [indexCreated(like, site, table)] : [];
  }
  if (!isUnique(old.field) || changed.field.dbIndex || isUnique(changed.field)) return [];
  const like = likeIndexOf(old.field, old.column, named, old.state);
  return like && !leavesText(alteration) ? [namedIndexDropped(like, site, table)] : [];
}
