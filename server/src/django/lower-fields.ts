import { isVersionAtLeast } from '../base/target.ts';
import type { Change, ChangeOf } from '../schema/change.ts';
import { alterationsOf } from './alter-field.ts';
import { alterManyToMany } from './alter-many-to-many.ts';
import { effectiveDefaultOf, isGenerated } from './column-defaults.ts';
import { columnOfField } from './columns.ts';
import { columnNameOf, type Field, hasColumn, readField } from './field.ts';
import { type FieldSite, namedTable, type PlacedField, tableOfPlaced } from './field-site.ts';
import { withNamedKey } from './foreign-keys.ts';
import { fieldIndexOf, likeIndexOf } from './indexes.ts';
import { createTable, dropTable } from './lower-tables.ts';
import type { DjangoOperation } from './migration-file.ts';
import { modelRef } from './model-ref.ts';
import {
  argumentSpan,
  type ChangeFacts,
  facetSpan,
  factsOf,
  modelScopeOf,
  type OperationScope,
} from './operation-scope.ts';
import { type ModelState, modelOf, type ProjectState } from './project-state.ts';
import { modelNameOf } from './state-forwards.ts';
import { hasOwnJoinTable, isInDatabase, joinModelOf } from './tables.ts';
import { textOf } from './values.ts';

/** An operation with the models before and after it. */
export interface Step {
  readonly operation: DjangoOperation;
  readonly from: ProjectState;
  readonly to: ProjectState;
  readonly scope: OperationScope;
}

export function modelBefore({ operation, from, scope }: Step): ModelState {
  const name = modelNameOf(operation) ?? '';
  return modelOf(from, modelRef(scope.source.app, name), name);
}

export function modelAfter({ operation, to, scope }: Step): ModelState {
  const name = modelNameOf(operation) ?? '';
  return modelOf(to, modelRef(scope.source.app, name), name);
}

/** The facts of a change to a model's table: unmanaged, proxy and swapped models have none that Django would touch. */
export function factsFor(step: Step, model: ModelState, at: ChangeFacts['at']): ChangeFacts {
  const facts = factsOf(step.operation, step.scope, at);
  if (isInDatabase(model, step.scope.context)) return facts;
  return { ...facts, applies: { state: facts.applies.state, database: false } };
}

export function addField(step: Step): readonly Change[] {
  const { operation, to, scope } = step;
  const model = modelAfter(step);
  const field = writtenField(step, model);
  if (!field) return [];
  const facts = factsFor(step, model, argumentSpan(operation, scope, 'name', 'field'));
  const place = { field, model, state: to };
  if (hasOwnJoinTable(field)) return [createTable(joinModelOf(field, model, scope.context), to, scope, facts)];
  return columnAdded(place, siteOf(step, model), facts);
}

/** A new column, and the indexes that Django builds for it. */
export function columnAdded(place: PlacedField, site: FieldSite, facts: ChangeFacts): readonly Change[] {
  const { context, id } = site;
  const { database } = context.target;
  const unnamed = columnOfField(place.field, place.state, database, id);
  if (!unnamed) return [];
  const table = tableOfPlaced(place, context);
  const column = withNamedKey(unnamed, table, database);
  const named = namedTable(table, place.model, context, id);
  const fills = column.default === undefined && !isGenerated(place.field) && !column.autoIncrement;
  const changes: Change[] = [
    {
      ...facts,
      kind: 'AddColumn',
      table,
      column,
      transientDefault: fills ? effectiveDefaultOf(place.field, database) : undefined,
    },
  ];
  for (const index of [
    fieldIndexOf(place.field, column, named),
    likeIndexOf(place.field, column, named, place.state),
  ]) {
    if (!index) continue;
    const at = site.facts('db_index', 'unique');
    changes.push({
      ...at,
      kind: 'CreateIndex',
      table,
      index,
      concurrently: false,
      ifNotExists: false,
      sentLast: true,
    });
  }
  return changes;
}

export function removeField(step: Step): readonly Change[] {
  const { operation, from, scope } = step;
  const model = modelBefore(step);
  const name = textOf(operation.arguments.get('name'));
  if (name === undefined) return [];
  const field = model.fields.get(name);
  const facts = factsFor(step, model, argumentSpan(operation, scope, 'name'));
  if (field && hasOwnJoinTable(field)) {
    return [dropTable(joinModelOf(field, model, scope.context), from, scope, facts)];
  }
  if (field && !hasColumn(field)) return [];
  const key = field?.relation?.dbConstraint === true ? { dropsKeyFirst: true as const } : {};
  return [{ ...columnDropped(model, from, field ? columnNameOf(field) : name, scope, facts), ...key }];
}

export function columnDropped(
  model: ModelState,
  state: ProjectState,
  column: string,
  { context }: OperationScope,
  facts: ChangeFacts,
): ChangeOf<'DropColumn'> {
  const { database, django } = context.target;
  return {
    ...facts,
    kind: 'DropColumn',
    table: tableOfPlaced({ model, state }, context),
    column,
    cascade: database === 'postgresql' && !isVersionAtLeast(django, 6, 0),
  };
}

export function alterField(step: Step): readonly Change[] {
  const { operation, from, to } = step;
  const name = textOf(operation.arguments.get('name'));
  const before = modelBefore(step);
  const model = modelAfter(step);
  const old = name === undefined ? undefined : before.fields.get(name);
  const written = writtenField(step, model);
  if (!written) return [];
  const site = siteOf(step, model);
  if (!old) return unseenFieldAltered({ field: written, model, state: to }, site);
  return fieldAltered({ field: old, model: before, state: from }, { field: written, model, state: to }, site);
}

/** What becomes of a field, whatever is behind it: a column, a join table, or nothing. */
export function fieldAltered(before: PlacedField, after: PlacedField, site: FieldSite): readonly Change[] {
  const forms = [before.field.class.form, after.field.class.form];
  if (forms.every((form) => form === 'many-to-many')) return alterManyToMany(before, after, site);
  return forms.some((form) => form === 'many-to-many' || form === 'none') ? [] : alterationsOf(before, after, site);
}

/** A field that no migration in sight added: the column afterwards is known, what it was before is not. */
function unseenFieldAltered(place: PlacedField, site: FieldSite): readonly Change[] {
  const column = columnOfField(place.field, place.state, site.context.target.database, undefined);
  if (!column) return [];
  return [
    {
      ...site.facts('null'),
      certainty: 'conditional',
      kind: 'AlterColumn',
      table: tableOfPlaced(place, site.context),
      column: column.name,
      to: column,
      // Which of them it changes is not known.
      facets: { type: undefined, nullable: undefined },
      fillsNulls: undefined,
    },
  ];
}

export function renameField(step: Step): readonly Change[] {
  const { operation, from, to, scope } = step;
  const [oldName, newName] = [textOf(operation.arguments.get('old_name')), textOf(operation.arguments.get('new_name'))];
  if (oldName === undefined || newName === undefined) return [];
  const before = modelBefore(step);
  const after = modelAfter(step);
  const old = before.fields.get(oldName);
  const renamed = after.fields.get(newName);
  const site = siteOf(step, after, argumentSpan(operation, scope, 'old_name'));
  if (old && renamed) {
    return fieldAltered({ field: old, model: before, state: from }, { field: renamed, model: after, state: to }, site);
  }
  const table = tableOfPlaced({ model: before, state: from }, scope.context);
  return [{ ...site.facts(), certainty: 'conditional', kind: 'RenameColumn', table, column: oldName, to: newName }];
}

/** The field of an operation with the default that is used once, although the state may not keep it. */
function writtenField({ operation, scope }: Step, model: ModelState): Field | undefined {
  const name = textOf(operation.arguments.get('name'));
  const value = operation.arguments.get('field');
  if (name === undefined || !value) return undefined;
  const kept = model.fields.get(name);
  return readField(name, value, modelScopeOf(scope, model.name), kept?.bornIn ?? scope.id);
}

/** @param at where everything about the alteration is told, where that is not the operation's field */
export function siteOf(step: Step, model: ModelState, at?: ChangeFacts['at']): FieldSite {
  const span = (...parameters: readonly string[]): ChangeFacts['at'] =>
    at ?? facetSpan(step.operation, step.scope, ...parameters);
  return {
    context: step.scope.context,
    id: step.scope.id,
    span,
    facts: (...parameters) => factsFor(step, model, span(...parameters)),
  };
}
