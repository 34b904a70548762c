import type { Change } from '../schema/change.ts';
import type { TableName } from '../schema/table-name.ts';
import { type ConstraintState, isBuiltAsIndex, readConstraint } from './constraint-state.ts';
import { namedTable } from './field-site.ts';
import { type IndexState, readIndex } from './index-state.ts';
import {
  builtConstraintOf,
  dropsIfExists,
  type NamedTable,
  namedIndexOf,
  plainIndex,
  togetherIndexOf,
} from './indexes.ts';
import { factsFor, modelAfter, modelBefore, type Step } from './lower-fields.ts';
import { argumentSpan, type ChangeFacts } from './operation-scope.ts';
import type { ModelState } from './project-state.ts';
import { columnsNamed, tableOfModel } from './tables.ts';
import { textOf, textsOf } from './values.ts';

interface Place {
  readonly model: ModelState;
  readonly table: TableName;
  readonly named: NamedTable;
  readonly facts: ChangeFacts;
}

export function addIndex(step: Step): readonly Change[] {
  const index = readIndex(step.operation.arguments.get('index'), step.scope.id);
  const place = placeOf(step, modelAfter(step));
  return index ? indexCreated(index, place, isConcurrent(step)) : [];
}

/** `AddIndexConcurrently`, and the operations of other packages that build concurrently. */
function isConcurrent({ operation }: Step): boolean {
  return operation.name.endsWith('Concurrently') || operation.name === 'SaferRemoveUniqueConstraint';
}

function indexCreated(
  index: IndexState,
  { model, table, named, facts }: Place,
  concurrently: boolean,
): readonly Change[] {
  const built = namedIndexOf(model, index, named);
  return built ? [{ ...facts, kind: 'CreateIndex', table, index: built, concurrently, ifNotExists: false }] : [];
}

export function removeIndex(step: Step): readonly Change[] {
  const name = textOf(step.operation.arguments.get('name'));
  if (name === undefined) return [];
  const { table, facts } = placeOf(step, modelBefore(step));
  const { database } = step.scope.context.target;
  const concurrently = isConcurrent(step);
  return [{ ...facts, kind: 'DropIndex', table, index: name, concurrently, ...dropsIfExists(database) }];
}

export function renameIndex(step: Step): readonly Change[] {
  const { operation, scope } = step;
  const newName = textOf(operation.arguments.get('new_name'));
  if (newName === undefined) return [];
  const model = modelAfter(step);
  const { table, named, facts } = placeOf(step, model, argumentSpan(operation, scope, 'new_name'));
  const oldFields = textsOf(operation.arguments.get('old_fields'));
  const oldName = textOf(operation.arguments.get('old_name'));
  const index = oldName ?? togetherIndexOf(model, oldFields, named).name;
  if (index === newName) return [];
  const columns = oldName === undefined ? { columns: columnsNamed(model, oldFields) } : {};
  if (scope.context.target.database !== 'sqlite') {
    return [{ ...facts, kind: 'RenameIndex', table, index, to: newName, ...columns }];
  }
  // SQLite cannot rename an index: Django drops it and builds it again.
  const state = model.options.indexes.find((each) => each.name === newName);
  const created = state ? indexCreated(state, { model, table, named, facts }, false) : [];
  return [{ ...facts, kind: 'DropIndex', table, index, concurrently: false, ...columns }, ...created];
}

export function addConstraint(step: Step): readonly Change[] {
  const constraint = readConstraint(step.operation.arguments.get('constraint'), step.scope.id);
  const place = placeOf(step, modelAfter(step));
  return constraint ? constraintAdded(constraint, place, 'validated') : [];
}

export function addConstraintNotValid(step: Step): readonly Change[] {
  const constraint = readConstraint(step.operation.arguments.get('constraint'), step.scope.id);
  const place = placeOf(step, modelAfter(step));
  return constraint ? constraintAdded(constraint, place, 'not valid') : [];
}

function constraintAdded(
  constraint: ConstraintState,
  { model, table, named, facts }: Place,
  validity: 'validated' | 'not valid',
): readonly Change[] {
  const built = builtConstraintOf(model, constraint, named);
  if (!built) return [];
  if ('index' in built) {
    return [{ ...facts, kind: 'CreateIndex', table, index: built.index, concurrently: false, ifNotExists: false }];
  }
  const added = { ...built.constraint, validated: validity === 'validated' };
  return [{ ...facts, kind: 'AddConstraint', table, constraint: added, usingIndex: undefined }];
}

export function removeConstraint(step: Step): readonly Change[] {
  const name = textOf(step.operation.arguments.get('name'));
  if (name === undefined) return [];
  const model = modelBefore(step);
  const { table, named, facts } = placeOf(step, model, argumentSpan(step.operation, step.scope, 'name'));
  const constraint = model.options.constraints.find((each) => each.name === name);
  if (constraint && !builtConstraintOf(model, constraint, named)) return [];
  if (constraint && isBuiltAsIndex(constraint)) {
    const { database } = step.scope.context.target;
    const concurrently = isConcurrent(step);
    return [{ ...facts, kind: 'DropIndex', table, index: name, concurrently, ...dropsIfExists(database) }];
  }
  const kind = constraint?.kind === 'unknown' ? undefined : constraint?.kind;
  return [{ ...facts, kind: 'DropConstraint', table, constraint: name, constraintKind: kind }];
}

export function validateConstraint(step: Step): readonly Change[] {
  const name = textOf(step.operation.arguments.get('name'));
  if (name === undefined) return [];
  const { table, facts } = placeOf(step, modelBefore(step));
  return [{ ...facts, kind: 'ValidateConstraint', table, constraint: name }];
}

/** Both steps in one: not validated, then validated. */
export function addConstraintInSteps(step: Step): readonly Change[] {
  const added = addConstraintNotValid(step);
  return added.flatMap((change): readonly Change[] => {
    if (change.kind !== 'AddConstraint') return [change];
    const { facts } = placeOf(step, modelAfter(step));
    return [change, { ...facts, kind: 'ValidateConstraint', table: change.table, constraint: change.constraint.name }];
  });
}

/** A unique index built concurrently, which then becomes the constraint. */
export function addUniqueInSteps(step: Step): readonly Change[] {
  return addConstraint(step).flatMap((change): readonly Change[] => {
    if (change.kind === 'CreateIndex') return [{ ...change, concurrently: true }];
    if (change.kind !== 'AddConstraint') return [change];
    const { table, constraint } = change;
    const { facts } = placeOf(step, modelAfter(step));
    const { name, nameIsExact, columns } = constraint;
    const index = { ...plainIndex(name, columns, { bornIn: step.scope.id }), nameIsExact, unique: true };
    return [
      { ...facts, kind: 'CreateIndex', table, index, concurrently: true, ifNotExists: false },
      { ...change, usingIndex: index.name },
    ];
  });
}

function placeOf(step: Step, model: ModelState, at: ChangeFacts['at'] = step.operation.at): Place {
  const { to, scope } = step;
  const table = tableOfModel(to, model, scope.context.target.database);
  return { model, table, named: namedTable(table, model, scope.context, scope.id), facts: factsFor(step, model, at) };
}
