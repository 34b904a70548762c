import type { Span } from '../base/span.ts';
import type { Change } from '../schema/change.ts';
import { isSameTable } from '../schema/table-name.ts';
import { joinTableAltered } from './alter-many-to-many.ts';
import type { Field } from './field.ts';
import { namedTable } from './field-site.ts';
import { dropsIfExists, togetherIndexOf, uniqueConstraintOf } from './indexes.ts';
import {
  columnAdded,
  columnDropped,
  factsFor,
  fieldAltered,
  modelAfter,
  modelBefore,
  type Step,
  siteOf,
} from './lower-fields.ts';
import { createTable, dropTable } from './lower-tables.ts';
import { isSameModel, modelRef } from './model-ref.ts';
import { argumentSpan } from './operation-scope.ts';
import { findModel, type ModelState, modelOf, modelsOf, refOf } from './project-state.ts';
import { columnsNamed, hasOwnJoinTable, joinModelOf, tableOfModel } from './tables.ts';
import { textOf } from './values.ts';

export function createModel(step: Step): readonly Change[] {
  const { operation, to, scope } = step;
  const model = modelAfter(step);
  if (textOf(operation.arguments.get('name')) === undefined || model.options.proxy) return [];
  const facts = factsFor(step, model, argumentSpan(operation, scope, 'name'));
  const joins = joinModelsOf(model, step);
  return [createTable(model, to, scope, facts), ...joins.map((join) => createTable(join, to, scope, facts))];
}

export function deleteModel(step: Step): readonly Change[] {
  const { operation, from, scope } = step;
  const model = modelBefore(step);
  if (textOf(operation.arguments.get('name')) === undefined || model.options.proxy) return [];
  const facts = factsFor(step, model, argumentSpan(operation, scope, 'name'));
  const joins = joinModelsOf(model, step);
  return [...joins.map((join) => dropTable(join, from, scope, facts)), dropTable(model, from, scope, facts)];
}

function joinModelsOf(model: ModelState, { scope }: Step): readonly ModelState[] {
  const fields = [...model.fields.values()].filter(hasOwnJoinTable);
  return fields.map((field) => joinModelOf(field, model, scope.context));
}

export function alterModelTable(step: Step): readonly Change[] {
  const { operation, from, to, scope } = step;
  const before = modelBefore(step);
  const after = modelAfter(step);
  if (after.options.proxy) return [];
  const facts = factsFor(step, after, argumentSpan(operation, scope, 'table', 'name'));
  const { database } = scope.context.target;
  const pairs = [[before, after] as const, ...joinPairsOf(before, after, step)];
  return pairs.flatMap(([old, changed]): readonly Change[] => {
    const table = tableOfModel(from, old, database);
    const renamed = tableOfModel(to, changed, database);
    return isSameTable(table, renamed) ? [] : [{ ...facts, kind: 'RenameTable', table, to: renamed }];
  });
}

function joinPairsOf(
  before: ModelState,
  after: ModelState,
  { scope }: Step,
): readonly (readonly [ModelState, ModelState])[] {
  return [...before.fields.values()].filter(hasOwnJoinTable).flatMap((field) => {
    const changed = after.fields.get(field.name);
    if (!changed) return [];
    return [[joinModelOf(field, before, scope.context), joinModelOf(changed, after, scope.context)] as const];
  });
}

export function renameModel(step: Step): readonly Change[] {
  const { operation, from, to, scope } = step;
  const [oldName, newName] = [textOf(operation.arguments.get('old_name')), textOf(operation.arguments.get('new_name'))];
  if (oldName === undefined || newName === undefined) return [];
  const before = modelOf(from, modelRef(scope.source.app, oldName), oldName);
  const after = modelOf(to, modelRef(scope.source.app, newName), newName);
  if (before.options.proxy) return [];
  const at = argumentSpan(operation, scope, 'new_name');
  const { database } = scope.context.target;
  const table = tableOfModel(from, before, database);
  const renamed = tableOfModel(to, after, database);
  const facts = factsFor(step, after, at);
  const moved: readonly Change[] = isSameTable(table, renamed)
    ? []
    : [{ ...facts, kind: 'RenameTable', table, to: renamed }];
  return [...moved, ...referencesRenamed(step, before, after, at), ...ownJoinsRenamed(step, before, after, at)];
}

/**
 * Foreign keys and join tables that point to the renamed model, its own ones included. Django does not see foreign keys
 * whose reverse side is hidden (`related_name='+'`) and leaves them as they are.
 */
function referencesRenamed(step: Step, before: ModelState, after: ModelState, at: Span): readonly Change[] {
  const old = refOf(before);
  const changes: Change[] = [];
  for (const model of modelsOf(step.from)) {
    const ref = refOf(model);
    const later = findModel(step.to, isSameModel(ref, old) ? refOf(after) : ref);
    if (!later || model.options.proxy) continue;
    // Django looks at all columns of a model first.
    const fields = [...model.fields.values()].sort((one, other) => rankOf(one) - rankOf(other));
    for (const field of fields) {
      const changed =
        isSameModel(field.relation?.to, old) && !isHidden(field) ? later.fields.get(field.name) : undefined;
      if (!changed) continue;
      const site = siteOf(step, later, at);
      changes.push(
        ...fieldAltered({ field, model, state: step.from }, { field: changed, model: later, state: step.to }, site),
      );
    }
  }
  return changes;
}

function rankOf({ relation }: Field): number {
  return relation?.form === 'many-to-many' ? 1 : 0;
}

function isHidden(field: Field): boolean {
  const isKey = field.relation?.form !== 'many-to-many';
  return isKey && textOf(field.arguments.get('related_name'))?.endsWith('+') === true;
}

/** Join tables of the renamed model's own fields are named after it, and so are their columns. */
function ownJoinsRenamed(step: Step, before: ModelState, after: ModelState, at: Span): readonly Change[] {
  return [...before.fields.values()].flatMap((field) => {
    const changed = after.fields.get(field.name);
    const isSelf = isSameModel(field.relation?.to, refOf(before));
    if (!changed || isSelf || !hasOwnJoinTable(field) || !hasOwnJoinTable(changed)) return [];
    const site = siteOf(step, after, at);
    return joinTableAltered(
      { field, model: before, state: step.from },
      { field: changed, model: after, state: step.to },
      site,
    );
  });
}

type Together = 'uniqueTogether' | 'indexTogether';

export function alterUniqueTogether(step: Step): readonly Change[] {
  return alterTogether(step, 'uniqueTogether', 'unique_together');
}

export function alterIndexTogether(step: Step): readonly Change[] {
  return alterTogether(step, 'indexTogether', 'index_together');
}

/** Django looks up what it drops by its columns: constraints and indexes that `Meta` names are left alone. */
function alterTogether(step: Step, option: Together, argument: string): readonly Change[] {
  const { operation, from, to, scope } = step;
  const before = modelBefore(step);
  const after = modelAfter(step);
  const facts = factsFor(step, after, operation.at);
  const gone = setOf(before.options[option], after.options[option]);
  const added = setOf(after.options[option], before.options[option]);
  const table = tableOfModel(to, after, scope.context.target.database);
  const named = namedTable(table, after, scope.context, scope.id);
  const droppedAt = { ...facts, at: argumentSpan(operation, scope, argument) };
  const dropped = gone.map((fields): Change => {
    const columns = columnsNamed(after, fields);
    if (option === 'indexTogether') {
      const { name } = togetherIndexOf(before, fields, named);
      const ifExists = dropsIfExists(named.database);
      return { ...droppedAt, kind: 'DropIndex', table, index: name, concurrently: false, columns, ...ifExists };
    }
    const { name } = uniqueConstraintOf(columns, named);
    return { ...droppedAt, kind: 'DropConstraint', table, constraint: name, constraintKind: 'unique', columns };
  });
  const created = added.map((fields): Change => {
    if (option === 'indexTogether') {
      const index = togetherIndexOf(after, fields, named);
      return { ...facts, kind: 'CreateIndex', table, index, concurrently: false, ifNotExists: false };
    }
    const constraint = uniqueConstraintOf(columnsNamed(after, fields), named);
    return { ...facts, kind: 'AddConstraint', table, constraint, usingIndex: undefined };
  });
  return from === to ? [] : [...dropped, ...created];
}

function setOf(
  ones: readonly (readonly string[])[],
  others: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const known = new Set(others.map((fields) => fields.join()));
  return ones.filter((fields) => !known.has(fields.join()));
}

export function alterOrder(step: Step): readonly Change[] {
  const { operation, from, to, scope } = step;
  const before = modelBefore(step);
  const after = modelAfter(step);
  const facts = factsFor(step, after, argumentSpan(operation, scope, 'order_with_respect_to', 'name'));
  const [old, added] = [before.fields.get('_order'), after.fields.get('_order')];
  if (old && !added) return [columnDropped(before, from, '_order', scope, facts)];
  if (old || !added) return [];
  const changes = columnAdded({ field: added, model: after, state: to }, siteOf(step, after), facts);
  return changes.map((change) =>
    change.kind === 'AddColumn' ? { ...change, transientDefault: { kind: 'constant', sql: '0' } } : change,
  );
}
