import type { Span } from '../base/span.ts';
import type { ModelUse } from '../schema/change.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { fieldClassOf } from './field-classes.ts';
import type { DjangoMigration, DjangoOperation } from './migration-file.ts';
import { type ModelScope, readModelRef } from './model-ref.ts';
import { calleeNameOf, itemsOf, textOf } from './values.ts';

/** The models that the fields and bases of a migration name, each time that they do. */
export function fieldModelUses(
  source: DjangoMigration,
  swappable: ModelScope['swappable'],
): readonly (ModelUse & { readonly operation: DjangoOperation })[] {
  return eachOperation(source.operations).flatMap((operation) => {
    const own = textOf(operation.arguments.get('model_name') ?? operation.arguments.get('name')) ?? '';
    const scope: ModelScope = { app: source.app, model: own, swappable };
    return namedModels(operation).flatMap(({ value, carrier }) => {
      const ref = readModelRef(value, scope);
      const at = spanHere(value, source) ?? spanHere(carrier, source) ?? operation.at;
      if (!ref) return [];
      const setting = settingOf(value);
      const label = setting === undefined ? textOf(value) : swappable(setting);
      const model = label?.slice(label.lastIndexOf('.') + 1) ?? ref.name;
      return [{ app: ref.app, model, setting, at, operation }];
    });
  });
}

function eachOperation(operations: readonly DjangoOperation[]): readonly DjangoOperation[] {
  return operations.flatMap((operation) => [
    operation,
    ...eachOperation(operation.databaseOperations),
    ...eachOperation(operation.stateOperations),
  ]);
}

interface NamedModel {
  readonly value: Value;
  /** What the name is an argument of. */
  readonly carrier: Value;
}

function namedModels(operation: DjangoOperation): readonly NamedModel[] {
  if (!operation.known || operation.certainty === 'conditional') return [];
  if (operation.name === 'CreateModel') {
    const fields = itemsOf(operation.arguments.get('fields')).flatMap((item) => itemsOf(item)[1] ?? []);
    const bases = itemsOf(operation.arguments.get('bases')).filter(({ kind }) => kind === 'string');
    return [...bases.map((value) => ({ value, carrier: value })), ...fields.flatMap(modelsOfField)];
  }
  // `RemoveField` keeps the field for its way back.
  const isAdded = operation.name.endsWith('Field') || operation.name.startsWith('SaferAddField');
  const field = operation.arguments.get('field');
  return isAdded && !operation.name.startsWith('Remove') && field ? modelsOfField(field) : [];
}

function modelsOfField(field: Value): readonly NamedModel[] {
  if (field.kind !== 'call' || field.partial) return [];
  const { form } = fieldClassOf(field.callee, calleeNameOf(field), new Set(field.keywords.keys()));
  if (form === 'column' || form === 'none') return [];
  return [argumentOf(field, 'to', 0), field.keywords.get('through')].flatMap((value) =>
    value === undefined ? [] : [{ value, carrier: field }],
  );
}

function argumentOf(call: CallValue, name: string, position: number): Value | undefined {
  return call.keywords.get(name) ?? call.positional[position];
}

function settingOf(value: Value): string | undefined {
  return value.kind === 'reference' ? /(?:^|\.)settings\.([A-Z_]+)$/.exec(value.name)?.[1] : undefined;
}

function spanHere(value: Value, { module }: DjangoMigration): Span | undefined {
  if (value.module === module) return value.at.span;
  return value.via?.module === module ? value.via.at.span : undefined;
}
