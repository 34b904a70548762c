import type { Change } from '../schema/change.ts';
import { isSameType } from '../schema/column.ts';
import { columnOfField, targetFieldOf } from './columns.ts';
import type { Field } from './field.ts';
import { type FieldSite, type PlacedField, tableOfPlaced } from './field-site.ts';
import { foreignKeyOf, restoredKeyOf } from './foreign-keys.ts';
import { concreteModelOf, findModel, type ModelState, modelsOf, type ProjectState, refOf } from './project-state.ts';
import { hasOwnJoinTable, joinModelOf } from './tables.ts';
import { textOf } from './values.ts';

/** What an altered key does to the foreign keys that point to it. */
interface IncomingKeys {
  readonly dropped: readonly Change[];
  readonly altered: readonly Change[];
  readonly added: readonly Change[];
}

const nothing: IncomingKeys = { dropped: [], altered: [], added: [] };

/** Foreign keys that point to a key whose type changes are dropped, their columns altered, and the keys added again. */
export function incomingKeysOf(
  old: PlacedField,
  changed: PlacedField,
  site: FieldSite,
  isTypeChange: boolean,
): IncomingKeys {
  if (!isTypeChange) return nothing;
  const facts = site.facts();
  const dropped: Change[] = [];
  const altered: Change[] = [];
  const added: Change[] = [];
  for (const before of referencesTo(old, site, 0)) {
    const after = samePlaceIn(changed.state, before, site);
    const oldColumn = columnOfField(before.field, before.state, site.context.target.database, before.field.bornIn);
    const newColumn =
      after && columnOfField(after.field, after.state, site.context.target.database, before.field.bornIn);
    if (!oldColumn || !newColumn) continue;
    const table = tableOfPlaced(before, site.context);
    const column = newColumn.name;
    if (oldColumn.references?.enforced === true) {
      const { name } = foreignKeyOf(oldColumn, table, site);
      const columns = [oldColumn.name];
      dropped.push({
        ...facts,
        kind: 'DropConstraint',
        table,
        constraint: name,
        constraintKind: 'foreign-key',
        ...(oldColumn.references.deferred && { checksFirst: true as const }),
        columns,
      });
    }
    const facets = { type: facts.at, nullable: undefined };
    const isOtherType = !isSameType(oldColumn.type, newColumn.type);
    altered.push({
      ...facts,
      kind: 'AlterColumn',
      table,
      column,
      to: newColumn,
      facets,
      fillsNulls: undefined,
      ...(isOtherType && { casts: true as const }),
    });
    if (newColumn.references?.enforced === true) {
      const constraint = restoredKeyOf(newColumn, table, site);
      added.push({ ...facts, kind: 'AddConstraint', table, constraint, usingIndex: undefined });
    }
  }
  return { dropped, altered, added };
}

/** A foreign key of a model, or of the join model that Django makes up for a many-to-many field of it. */
interface PlacedKey extends PlacedField {
  readonly owner: ModelState;
  readonly joins: Field | undefined;
}

/** The foreign keys that take their type from a field, those of join tables and of child models' links included. */
function referencesTo(target: PlacedField, site: FieldSite, depth: number): readonly PlacedKey[] {
  const found: PlacedKey[] = [];
  for (const owner of modelsOf(target.state)) {
    if (owner.options.proxy || !owner.options.managed) continue;
    for (const { model, joins } of tablesOf(owner, site)) {
      for (const field of model.fields.values()) {
        if (!pointsTo(field, target)) continue;
        found.push({ field, model, state: target.state, owner, joins });
      }
    }
  }
  const sorted = found.sort((one, other) => (reverseNameOf(one) < reverseNameOf(other) ? -1 : 1));
  const isFollowed = ({ field }: PlacedKey) => field.primaryKey && depth < 10;
  return sorted.flatMap((place) => [place, ...(isFollowed(place) ? referencesTo(place, site, depth + 1) : [])]);
}

/** What Django calls the way back along a foreign key, by which it puts them in order. */
function reverseNameOf({ field, owner, joins }: PlacedKey): string {
  if (joins) return `${owner.name}_${joins.name}+`;
  const written = field.arguments.get('related_query_name') ?? field.arguments.get('related_name');
  return textOf(written) ?? owner.name.toLowerCase();
}

/** A model and the join models that Django makes up for its many-to-many fields. */
function tablesOf(
  owner: ModelState,
  site: FieldSite,
): readonly { readonly model: ModelState; readonly joins: Field | undefined }[] {
  const joins = [...owner.fields.values()].filter(hasOwnJoinTable);
  return [
    { model: owner, joins: undefined },
    ...joins.map((field) => ({ model: joinModelOf(field, owner, site.context), joins: field })),
  ];
}

function pointsTo(field: Field, target: PlacedField): boolean {
  const to = field.relation?.form === 'many-to-many' ? undefined : field.relation?.to;
  if (!to || field === target.field) return false;
  const found = findModel(target.state, to);
  const model = found && concreteModelOf(target.state, found);
  return model === target.model && targetFieldOf(field, model) === target.field;
}

/** The same foreign key in another state. */
function samePlaceIn(state: ProjectState, place: PlacedKey, site: FieldSite): PlacedField | undefined {
  const owner = findModel(state, refOf(place.owner));
  const joins = place.joins && owner?.fields.get(place.joins.name);
  if (!owner || (place.joins && !joins)) return undefined;
  const model = joins ? joinModelOf(joins, owner, site.context) : owner;
  const field = model.fields.get(place.field.name);
  return field && { field, model, state };
}
