import type { Change, ChangeBase, Reverse, TransactionId } from '../schema/change.ts';
import { truthOf } from '../syntax/truth.ts';
import type { Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import { lowerRunPython } from './data-function.ts';
import type { DataFunctionContext } from './data-function-context.ts';
import { plainLiteral } from './expressions/literals.ts';
import { columnNameIn } from './field.ts';
import type { Step } from './lower-fields.ts';
import { lowerSql, type SendingSetting, sentByRunSql } from './lower-sql.ts';
import type { DjangoOperation } from './migration-file.ts';
import { modelRef } from './model-ref.ts';
import {
  argumentSpan,
  factsOf,
  isOneTransaction,
  type OperationScope,
  schemaTransactionOf,
} from './operation-scope.ts';
import { concreteModelOf, findModel, type ProjectState } from './project-state.ts';
import { isInDatabase, tableOfModel, tableOfRef } from './tables.ts';
import { given, itemsOf, textOf } from './values.ts';

export function runPython({ operation, from, scope }: Step): readonly Change[] {
  const base = {
    ...factsOf(operation, scope, argumentSpan(operation, scope, 'code')),
    transaction: dataTransactionOf(operation, scope),
    reverse: reverseOf(operation, 'reverse_code'),
  };
  const { context, id: migration, source, within } = scope;
  return lowerRunPython(operation, base, dataContextOf(from, scope), {
    context,
    migration,
    module: source.module,
    within: operation.call ? [...within, operation.call] : within,
    before: () => scope.schema.now(),
  });
}

/** One RunSql, then what its statements change, in order. */
export function runSql({ operation, scope }: Step): readonly Change[] {
  const sql = operation.arguments.get('sql');
  if (isNoop(sql) || (sql === undefined && !operation.value.partial)) return [];
  const at = argumentSpan(operation, scope, 'sql');
  const base = { ...factsOf(operation, scope, at), reverse: reverseOf(operation, 'reverse_sql') };
  const sent = sentByRunSql(sql);
  const { statements, holes, isUnread, changes } = lowerSql(sent, sendingSetting(operation, scope, base));
  const backward = base.reverse === 'written' ? backwardOf(operation, scope, base) : [];
  // What is still being typed is not put together at run time.
  const unread = isUnread && !operation.value.at.broken ? { isUnread } : {};
  const parameters = () => sent.map((each) => each?.parameters && literalsOf(each.parameters));
  return [{ ...base, kind: 'RunSql', statements, parameters, ...unread, holes, backward }, ...changes];
}

/** Values that are sent beside SQL; those that have names are looked up by them, which nobody does here. */
function literalsOf(parameters: Value): readonly (string | undefined)[] {
  return isSequence(parameters) && !parameters.partial ? parameters.items.map(plainLiteral) : [];
}

function sendingSetting(operation: DjangoOperation, scope: OperationScope, base: ChangeBase): SendingSetting {
  const { context, id: migration, source, within } = scope;
  const { at, transaction, certainty, reverse } = base;
  // Django's models know nothing of it.
  const applies = { state: false, database: base.applies.database };
  return {
    context,
    migration,
    module: source.module,
    call: operation.call,
    within,
    fallback: at,
    common: { applies, transaction, certainty, reverse },
    repeats: false,
    fill: () => undefined,
    before: () => scope.schema.now(),
  };
}

/** The way back is not judged for what it drops, only for whether it can run. */
function backwardOf(operation: DjangoOperation, scope: OperationScope, base: ChangeBase): readonly Change[] {
  const at = argumentSpan(operation, scope, 'reverse_sql');
  const setting = sendingSetting(operation, scope, { ...base, at });
  return lowerSql(sentByRunSql(operation.arguments.get('reverse_sql')), setting).changes;
}

/** Says that an operation cannot be analyzed, and why. */
export function opaque({ operation, scope }: Step, reason: string): Change {
  return { ...factsOf(operation, scope, operation.at), kind: 'Opaque', reason };
}

function isNoop(value: Value | undefined): boolean {
  if (value?.kind === 'reference') return value.name.endsWith('.noop');
  return textOf(value)?.trim() === '' || (isSequence(value) && !value.partial && itemsOf(value).length === 0);
}

function reverseOf(operation: DjangoOperation, argument: 'reverse_code' | 'reverse_sql'): Reverse {
  const written = given(operation.arguments.get(argument));
  if (!written) return operation.value.partial ? 'written' : 'missing';
  return isNoop(written) || isEmptyFunction(written) ? 'noop' : 'written';
}

/** `lambda apps, schema_editor: None`, a function whose body is `pass`. */
function isEmptyFunction(value: Value): boolean {
  if (value.kind !== 'function') return false;
  const { definition } = value;
  if (definition.kind === 'lambda') return definition.body.kind === 'constant';
  return definition.body.every(
    (statement) =>
      (statement.kind === 'simple' && statement.keyword === 'pass') ||
      (statement.kind === 'expression' && ['string', 'constant'].includes(statement.value.kind)) ||
      (statement.kind === 'return' && (statement.value === undefined || statement.value.kind === 'constant')),
  );
}

/** `RunPython(atomic=…)` follows the migration unless it is written, and gets a transaction of its own elsewhere. */
function dataTransactionOf(operation: DjangoOperation, scope: OperationScope): TransactionId {
  if (isOneTransaction(scope)) return schemaTransactionOf(scope);
  const written = given(operation.arguments.get('atomic'));
  const isAtomic = written === undefined ? scope.source.atomic : truthOf(written) !== false;
  return isAtomic ? `${scope.id}:${operation.at.start}` : undefined;
}

/** What reading a data function needs of the models as they are before it. */
function dataContextOf(state: ProjectState, { source, context }: OperationScope): DataFunctionContext {
  const { database } = context.target;
  return {
    source,
    target: context.target,
    swappable: context.swappable,
    tableOf(app, name) {
      const ref = modelRef(app, name);
      const model = findModel(state, ref);
      if (!model) return tableOfRef(state, ref, database);
      const concrete = concreteModelOf(state, model);
      const isSwapped = concrete.options.swappable !== undefined && !isInDatabase(concrete, context);
      return isSwapped ? undefined : tableOfModel(state, concrete, database);
    },
    columnOf(app, name, field) {
      const model = findModel(state, modelRef(app, name));
      return model ? columnNameIn(concreteModelOf(state, model).fields, field) : field;
    },
    evaluate: context.evaluate,
    resolveModule: context.resolveModule,
    sourceOf: context.sourceOf,
    texts: context.texts,
  };
}
