import { type Field, implicitField, readField } from './field.ts';
import { fieldClassOf } from './field-classes.ts';
import type { DjangoOperation } from './migration-file.ts';
import { areOptionsWhole, readModelOptions } from './model-options.ts';
import { type ModelRef, readModelRef } from './model-ref.ts';
import { modelScopeOf, type OperationScope } from './operation-scope.ts';
import type { ModelOptions, ModelState } from './project-state.ts';
import { automaticKey } from './tables.ts';
import { isWhole, itemsOf, textOf } from './values.ts';

/** The model of a CreateModel, with what Django adds to it; `undefined` where not even its name can be read. */
export function readModel(operation: DjangoOperation, scope: OperationScope): ModelState | undefined {
  const name = textOf(operation.arguments.get('name'));
  if (name === undefined) return undefined;
  const model = readWritten(name, operation, scope);
  return { ...model, fields: withImplicitFields(model, scope) };
}

function readWritten(name: string, operation: DjangoOperation, scope: OperationScope): ModelState {
  const modelScope = modelScopeOf(scope, name);
  const written = operation.arguments.get('fields');
  const fields = new Map<string, Field>();
  for (const item of itemsOf(written)) {
    const [fieldName, field] = itemsOf(item);
    const text = textOf(fieldName);
    if (text !== undefined && field) fields.set(text, readField(text, field, modelScope, scope.id));
  }
  const bases = itemsOf(operation.arguments.get('bases'));
  const options = operation.arguments.get('options');
  const isReadable = isWhole(written) && fields.size === itemsOf(written).length && areOptionsWhole(options);
  return {
    app: scope.source.app,
    name,
    fields,
    options: readModelOptions(options, scope.id),
    bases: bases.flatMap((base) => {
      const ref = base.kind === 'string' || isModelClass(base) ? readModelRef(base, modelScope) : undefined;
      return ref ?? [];
    }),
    bornIn: scope.id,
    complete: isReadable && !operation.value.partial && operation.certainty === 'certain' && !bases.some(mayHaveFields),
  };
}

type BaseValue = ReturnType<typeof itemsOf>[number];

/** A base that is written as a class: only models of other apps that are no mere mixins stand for tables. */
function isModelClass(base: BaseValue): boolean {
  return base.kind === 'reference' &&
    !base.name.startsWith('django.db.models.') &&
    /\.models\.[A-Z]\w*$/.test(base.name)
    ? !/Mixin$|Base$|^Abstract/.test(base.name.slice(base.name.lastIndexOf('.') + 1))
    : false;
}

/** An abstract model written as a base brings fields along that are in no list; Django itself never writes one. */
function mayHaveFields(base: BaseValue): boolean {
  if (base.kind === 'string') return false;
  return base.kind !== 'reference' || (base.name !== 'django.db.models.Model' && /\.models\.\w+$/.test(base.name));
}

/** Adds what Django adds when it builds the model: a primary key, the column of `order_with_respect_to`. */
function withImplicitFields(model: ModelState, scope: OperationScope): ReadonlyMap<string, Field> {
  const fields = new Map(model.fields);
  const hasKey = [...fields.values()].some((field) => field.primaryKey);
  if (!hasKey && !model.options.proxy && model.complete) {
    const parent = model.bases[0];
    const key = parent ? parentLinkTo(parent) : automaticKey(model.app, scope.context);
    return withOrder(new Map([[key.name, { ...key, bornIn: scope.id }], ...fields]), model.options, scope);
  }
  return withOrder(fields, model.options, scope);
}

function parentLinkTo(parent: ModelRef): Field {
  return implicitField(
    `${parent.name}_ptr`,
    fieldClassOf('django.db.models.OneToOneField', 'OneToOneField', new Set()),
    {
      primaryKey: true,
      relation: {
        form: 'one-to-one',
        to: parent,
        toField: undefined,
        dbConstraint: true,
        through: undefined,
        dbTable: undefined,
      },
    },
  );
}

/** Adds the column of `order_with_respect_to` where the options ask for it. */
export function withOrder(
  fields: ReadonlyMap<string, Field>,
  options: ModelOptions,
  scope: OperationScope,
): ReadonlyMap<string, Field> {
  if (options.orderWithRespectTo === undefined || fields.has('_order')) return fields;
  const order = implicitField('_order', fieldClassOf('django.db.models.OrderWrt', 'OrderWrt', new Set()), {
    bornIn: scope.id,
  });
  return new Map(fields).set('_order', order);
}
