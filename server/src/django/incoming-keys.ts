import type { Change } from '../schema/change.ts';
import { columnOfField, targetFieldOf } from './columns.ts';
import type { Field } from './field.ts';
import { type FieldSite, type PlacedField, tableOfPlaced } from './field-site.ts';
import { foreignKeyOf } from './foreign-keys.ts';
import {
  concreteModelOf,
  findModel,
  type ModelState,
  modelOf,
  modelsOf,
  type ProjectState,
  refOf,
} from './project-state.ts';
import { hasOwnJoinTable, joinModelOf } from './tables.ts';

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
        columns,
      });
    }
    const facets = { type: facts.at, nullable: undefined };
    altered.push({ ...facts, kind: 'AlterColumn', table, column, to: newColumn, facets, fillsNulls: undefined });
    if (newColumn.references?.enforced === true) {
      const constraint = foreignKeyOf(newColumn, table, site);
      added.push({ ...facts, kind: 'AddConstraint', table, constraint, usingIndex: undefined });
    }
  }
  return { dropped, altered, added };
}

/** The foreign keys that take their type from a field, those of join tables and of child models' links included. */
function referencesTo(target: PlacedField, site: FieldSite, depth: number): readonly PlacedField[] {
  const found: PlacedField[] = [];
  for (const model of modelsOf(target.state)) {
    if (model.options.proxy || !model.options.managed) continue;
    for (const each of tablesOf(model, site)) {
      for (const field of each.fields.values()) {
        if (!pointsTo(field, target)) continue;
        const place = { field, model: each, state: target.state };
        found.push(place);
        if (field.primaryKey && depth < 10) found.push(...referencesTo(place, site, depth + 1));
      }
    }
  }
  return found;
}

/** A model and the join models that Django makes up for its many-to-many fields. */
function tablesOf(model: ModelState, site: FieldSite): readonly ModelState[] {
  const joins = [...model.fields.values()].filter(hasOwnJoinTable);
  return [model, ...joins.map((field) => joinModelOf(field, model, site.context))];
}

function pointsTo(field: Field, target: PlacedField): boolean {
  const to = field.relation?.form === 'many-to-many' ? undefined : field.relation?.to;
  if (!to || field === target.field) return false;
  const found = findModel(target.state, to);
  const model = found && concreteModelOf(target.state, found);
  return model === target.model && targetFieldOf(field, model) === target.field;
}

function samePlaceIn(state: ProjectState, place: PlacedField, site: FieldSite): PlacedField | undefined {
  const model = findModel(state, refOf(place.model));
  if (model) {
    const field = model.fields.get(place.field.name);
    return field && { field, model, state };
  }
  // A join model is made up anew from its owner in the other state.
  const [owner] = place.model.name.split('_');
  const owning =
    owner === undefined ? undefined : findModel(state, { app: place.model.app, name: owner.toLowerCase() });
  const manyToMany = owning?.fields.get(place.model.name.slice((owner ?? '').length + 1));
  if (!owning || !manyToMany) return undefined;
  const join = joinModelOf(manyToMany, modelOf(state, refOf(owning), owning.name), site.context);
  const field = join.fields.get(place.field.name);
  return field && { field, model: join, state };
}
