import { truthOf } from '../syntax/truth.ts';
import { readConstraint } from './constraint-state.ts';
import { type Field, readField, withoutDefault } from './field.ts';
import { readIndex } from './index-state.ts';
import type { DjangoOperation } from './migration-file.ts';
import { managedAfter, readTogether } from './model-options.ts';
import { isSameModel, type ModelRef, modelRef } from './model-ref.ts';
import { modelScopeOf, type OperationScope } from './operation-scope.ts';
import {
  type ModelOptions,
  type ModelState,
  modelOf,
  modelsOf,
  type ProjectState,
  withModel,
  withoutModel,
} from './project-state.ts';
import { readModel, withOrder } from './read-model.ts';
import { textOf, textsOf } from './values.ts';

type Transition = (operation: DjangoOperation, state: ProjectState, scope: OperationScope) => ProjectState;

/** The models after an operation, as far as its arguments can be read. */
export function stateAfter(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const name = operation.known ? operation.name : operation.derivesFrom;
  const transition = name === undefined ? undefined : transitions[name];
  return transition ? transition(operation, state, scope) : state;
}

/** The lower-case name of the model that an operation is about. */
export function modelNameOf(operation: DjangoOperation): string | undefined {
  return textOf(operation.arguments.get('model_name') ?? operation.arguments.get('name'));
}

const transitions: Readonly<Record<string, Transition>> = {
  AddConstraint: addConstraint,
  AddConstraintNotValid: addConstraint,
  AddField: setField,
  AddIndex: addIndex,
  AddIndexConcurrently: addIndex,
  AlterConstraint: alterConstraint,
  AlterField: setField,
  AlterIndexTogether: (operation, state, scope) =>
    withOptions(operation, state, scope, () => ({
      indexTogether: readTogether(operation.arguments.get('index_together')),
    })),
  AlterModelOptions: (operation, state, scope) =>
    withOptions(operation, state, scope, () => ({ managed: managedAfter(operation.arguments.get('options')) })),
  AlterModelTable: (operation, state, scope) =>
    withOptions(operation, state, scope, () => ({ dbTable: textOf(operation.arguments.get('table')) })),
  AlterOrderWithRespectTo: alterOrder,
  AlterUniqueTogether: (operation, state, scope) =>
    withOptions(operation, state, scope, () => ({
      uniqueTogether: readTogether(operation.arguments.get('unique_together')),
    })),
  CreateCollation: createCollation,
  CreateModel: createModel,
  DeleteModel: (operation, state, scope) => {
    const name = textOf(operation.arguments.get('name'));
    return name === undefined ? state : withoutModel(state, modelRef(scope.source.app, name));
  },
  RemoveConstraint: removeConstraint,
  RemoveField: removeField,
  RemoveIndex: removeIndex,
  RemoveIndexConcurrently: removeIndex,
  RenameField: renameField,
  RenameIndex: renameIndex,
  RenameModel: renameModel,
  SaferAddCheckConstraint: addConstraint,
  SaferAddFieldForeignKey: setField,
  SaferAddFieldOneToOne: setField,
  SaferAddIndexConcurrently: addIndex,
  SaferAddUniqueConstraint: addConstraint,
  SaferAlterFieldSetNotNull: setField,
  SaferRemoveCheckConstraint: removeConstraint,
  SaferRemoveFieldForeignKey: removeField,
  SaferRemoveIndexConcurrently: removeIndex,
  SaferRemoveUniqueConstraint: removeConstraint,
};

function createModel(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const model = readModel(operation, scope);
  return model ? withModel(state, model) : state;
}

function alterOrder(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  return changeModel(operation, state, scope, (model) => {
    const options = {
      ...model.options,
      orderWithRespectTo: textOf(operation.arguments.get('order_with_respect_to')),
    };
    const fields = new Map(model.fields);
    if (options.orderWithRespectTo === undefined) fields.delete('_order');
    return { ...model, options, fields: withOrder(fields, options, scope) };
  });
}

function setField(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const name = textOf(operation.arguments.get('name'));
  const value = operation.arguments.get('field');
  if (name === undefined || !value) return state;
  return changeModel(operation, state, scope, (model) => {
    const before = model.fields.get(name);
    const field = readField(name, value, modelScopeOf(scope, model.name), before?.bornIn ?? scope.id);
    const kept = keepsDefault(operation) ? field : withoutDefault(field);
    return { ...model, fields: new Map(model.fields).set(name, kept) };
  });
}

/** `preserve_default=False`: the default was asked for once and is no part of the field. */
function keepsDefault(operation: DjangoOperation): boolean {
  const written = operation.arguments.get('preserve_default');
  return written === undefined || truthOf(written) !== false;
}

function removeField(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const name = textOf(operation.arguments.get('name'));
  if (name === undefined) return state;
  return changeModel(operation, state, scope, (model) => {
    const fields = new Map(model.fields);
    fields.delete(name);
    return { ...model, fields };
  });
}

function renameField(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const oldName = textOf(operation.arguments.get('old_name'));
  const newName = textOf(operation.arguments.get('new_name'));
  if (oldName === undefined || newName === undefined) return state;
  const renamed = (names: readonly string[]): readonly string[] =>
    names.map((name) => (name === oldName ? newName : name));
  const after = changeModel(operation, state, scope, (model) => {
    const fields = [...model.fields].map(([name, field]): [string, Field] =>
      name === oldName ? [newName, { ...field, name: newName }] : [name, field],
    );
    const { options } = model;
    return {
      ...model,
      fields: new Map(fields),
      options: {
        ...options,
        uniqueTogether: options.uniqueTogether.map(renamed),
        indexTogether: options.indexTogether.map(renamed),
        orderWithRespectTo: options.orderWithRespectTo === oldName ? newName : options.orderWithRespectTo,
      },
    };
  });
  const ref = modelRef(scope.source.app, modelNameOf(operation) ?? '');
  return mapModels(after, (model) =>
    namesTargets(model)
      ? mapFields(model, (field) =>
          field.relation?.toField === oldName && isSameModel(field.relation.to, ref)
            ? { ...field, relation: { ...field.relation, toField: newName } }
            : field,
        )
      : model,
  );
}

const targetsNamed = new WeakMap<ModelState['fields'], boolean>();

/** Whether a field of the model points to another by its name. Hardly any does, and every rename looks at all models. */
function namesTargets({ fields }: ModelState): boolean {
  let isNamed = targetsNamed.get(fields);
  if (isNamed === undefined) {
    isNamed = [...fields.values()].some(({ relation }) => relation?.toField !== undefined);
    targetsNamed.set(fields, isNamed);
  }
  return isNamed;
}

function renameModel(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const oldName = textOf(operation.arguments.get('old_name'));
  const newName = textOf(operation.arguments.get('new_name'));
  if (oldName === undefined || newName === undefined) return state;
  const from = modelRef(scope.source.app, oldName);
  const to = modelRef(scope.source.app, newName);
  const model = modelOf(state, from, oldName);
  const moved = withModel(withoutModel(state, from), { ...model, name: newName });
  const pointed = mapModels(moved, (each) => mapFields(each, (field) => repointed(field, from, to)));
  return mapModels(pointed, (each) =>
    each.bases.some((base) => isSameModel(base, from))
      ? { ...each, bases: each.bases.map((base) => (isSameModel(base, from) ? to : base)) }
      : each,
  );
}

function repointed(field: Field, from: ModelRef, to: ModelRef): Field {
  const relation = field.relation;
  if (!relation) return field;
  const through = relation.through === 'unknown' ? undefined : relation.through;
  const pointsThere = isSameModel(relation.to, from);
  const goesThrough = isSameModel(through, from);
  if (!pointsThere && !goesThrough) return field;
  return {
    ...field,
    relation: {
      ...relation,
      to: pointsThere ? to : relation.to,
      through: goesThrough ? to : relation.through,
    },
  };
}

function addIndex(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const index = readIndex(operation.arguments.get('index'), scope.id);
  if (!index) return state;
  return withOptions(operation, state, scope, ({ indexes }) => ({ indexes: [...indexes, index] }));
}

function removeIndex(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const name = textOf(operation.arguments.get('name'));
  return withOptions(operation, state, scope, ({ indexes }) => ({
    indexes: indexes.filter((index) => index.name !== name),
  }));
}

function renameIndex(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const newName = textOf(operation.arguments.get('new_name'));
  const oldName = textOf(operation.arguments.get('old_name'));
  const oldFields = textsOf(operation.arguments.get('old_fields'));
  if (newName === undefined) return state;
  if (oldName !== undefined) {
    return withOptions(operation, state, scope, ({ indexes }) => ({
      indexes: indexes.map((index) => (index.name === oldName ? { ...index, name: newName } : index)),
    }));
  }
  return withOptions(operation, state, scope, ({ indexes, indexTogether }) => ({
    indexes: [
      ...indexes,
      {
        name: newName,
        method: 'btree',
        fields: oldFields,
        expressions: false,
        conditional: false,
        operatorClasses: [],
        value: undefined,
        bornIn: scope.id,
      },
    ],
    indexTogether: indexTogether.filter((names) => names.join() !== oldFields.join()),
  }));
}

function addConstraint(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const constraint = readConstraint(operation.arguments.get('constraint'), scope.id);
  if (!constraint) return state;
  return withOptions(operation, state, scope, ({ constraints }) => ({ constraints: [...constraints, constraint] }));
}

function removeConstraint(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const name = textOf(operation.arguments.get('name'));
  return withOptions(operation, state, scope, ({ constraints }) => ({
    constraints: constraints.filter((constraint) => constraint.name !== name),
  }));
}

function alterConstraint(operation: DjangoOperation, state: ProjectState, scope: OperationScope): ProjectState {
  const name = textOf(operation.arguments.get('name'));
  const altered = readConstraint(operation.arguments.get('constraint'), scope.id);
  if (!altered) return state;
  return withOptions(operation, state, scope, ({ constraints }) => ({
    constraints: constraints.map((constraint) => (constraint.name === name ? altered : constraint)),
  }));
}

/** `CreateCollation(…, deterministic=False)` */
function createCollation(operation: DjangoOperation, state: ProjectState): ProjectState {
  const name = textOf(operation.arguments.get('name'));
  const deterministic = operation.arguments.get('deterministic');
  if (name === undefined || !deterministic || truthOf(deterministic) !== false) return state;
  return { ...state, looseCollations: new Set(state.looseCollations).add(name) };
}

function withOptions(
  operation: DjangoOperation,
  state: ProjectState,
  scope: OperationScope,
  change: (options: ModelOptions) => Partial<ModelOptions>,
): ProjectState {
  return changeModel(operation, state, scope, (model) => ({
    ...model,
    options: { ...model.options, ...change(model.options) },
  }));
}

/** Changes the model that the operation names; one that no migration in sight creates is known by name alone. */
function changeModel(
  operation: DjangoOperation,
  state: ProjectState,
  scope: OperationScope,
  change: (model: ModelState) => ModelState,
): ProjectState {
  const name = modelNameOf(operation);
  if (name === undefined) return state;
  const model = change(modelOf(state, modelRef(scope.source.app, name), name));
  return withModel(state, operation.certainty === 'certain' ? model : { ...model, complete: false });
}

function mapFields(model: ModelState, change: (field: Field) => Field): ModelState {
  let fields: Map<string, Field> | undefined;
  for (const [name, field] of model.fields) {
    const changed = field.relation ? change(field) : field;
    if (changed === field) continue;
    fields ??= new Map(model.fields);
    fields.set(name, changed);
  }
  return fields ? { ...model, fields } : model;
}

function mapModels(state: ProjectState, change: (model: ModelState) => ModelState): ProjectState {
  let result = state;
  for (const model of modelsOf(state)) {
    const changed = change(model);
    if (changed !== model) result = withModel(result, changed);
  }
  return result;
}
