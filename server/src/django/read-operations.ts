import { type Span, spanOf } from '../base/span.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import { evaluate, valueOfName } from '../syntax/evaluate.ts';
import type { CallExpression, Expression, Module, SequenceExpression } from '../syntax/module.ts';
import type { Scope } from '../syntax/scope.ts';
import { scopeAt } from '../syntax/scopes.ts';
import type { CallValue, ClassValue, Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import type { DjangoOperation } from './migration-file.ts';
import { findOperation, type OperationClass } from './operations.ts';
import { given } from './values.ts';

/** Where operations are read for. */
interface Reading {
  readonly module: Module;
  /** What stands for an operation that is neither written nor named in this file. */
  readonly fallback: Span;
}

export interface ReadOperations {
  readonly operations: readonly DjangoOperation[];
  /** False where operations may be there that could not be read. */
  readonly complete: boolean;
}

/** Reads a list of operations; what cannot be read becomes an operation that nobody knows. */
export function readOperations(list: Value | undefined, reading: Reading): ReadOperations {
  if (list === undefined) return { operations: [], complete: true };
  if (!isSequence(list)) {
    return { operations: isHalfTyped(list, reading) ? [] : [unreadable(list, reading)], complete: false };
  }
  const operations = list.items.map((item) => readOperation(item, reading));
  const isComplete = !list.partial && list.items.every((item) => item.kind === 'call');
  if (list.partial && !isHalfTyped(list, reading)) operations.push(unreadable(list, reading));
  return { operations, complete: isComplete };
}

/** A list of operations that is being edited. */
interface EditedList {
  readonly list: SequenceExpression;
  readonly scope: Scope;
  /** Operations that say the same as before the edit, by the calls of now. */
  readonly unchanged: ReadonlyMap<Expression, DjangoOperation>;
}

/**
 * Reads a literal list again after an edit inside it; of what says the same as before, the arguments are read only when
 * somebody asks for them. `undefined` where not every item is one operation.
 */
export function readOperationsAgain(
  { list, scope, unchanged }: EditedList,
  reading: Reading,
): ReadOperations | undefined {
  if (list.items.some(({ kind }) => kind === 'starred' || kind === 'conditional')) return undefined;
  if (list.broken && reading.module.broken.length === 0) return undefined;
  const inside = scopeAt(scope, list.span.start);
  let complete = !list.broken;
  const operations = list.items.map((item) => {
    const read = (): DjangoOperation => readOperation(evaluate(item, inside), reading);
    const before = item.kind === 'call' ? unchanged.get(item) : undefined;
    if (item.kind === 'call' && before !== undefined) return operationAgain(before, item, read);
    const value = evaluate(item, inside);
    complete &&= value.kind === 'call';
    return readOperation(value, reading);
  });
  return { operations, complete };
}

function operationAgain(before: DjangoOperation, call: CallExpression, read: () => DjangoOperation): DjangoOperation {
  let known: DjangoOperation | undefined;
  const now = (): DjangoOperation => {
    known ??= read();
    return known;
  };
  const { name, qualifiedName, known: isKnown, derivesFrom, certainty } = before;
  return {
    name,
    qualifiedName,
    known: isKnown,
    ...(derivesFrom === undefined ? {} : { derivesFrom }),
    call,
    at: call.callee.span,
    certainty,
    get value() {
      return now().value;
    },
    get arguments() {
      return now().arguments;
    },
    get databaseOperations() {
      return now().databaseOperations;
    },
    get stateOperations() {
      return now().stateOperations;
    },
  };
}

/** Whether what is missing was not typed yet, rather than being put together in a way that cannot be followed. */
function isHalfTyped(list: Value, { module }: Reading): boolean {
  return list.module !== module || module.broken.length > 0;
}

function readOperation(item: Value, reading: Reading): DjangoOperation {
  if (item.kind !== 'call') return unreadable(item, reading);
  const { found, base } = operationClassOf(item);
  const isHere = item.module === reading.module;
  const call = isHere ? item.at : undefined;
  const byName = argumentsOf(item, (found ?? base)?.parameters ?? []);
  const inner = (name: string): readonly DjangoOperation[] => readInner(byName.get(name), found, name, reading);
  return {
    name: found?.name ?? lastPartOf(item.callee ?? dottedNameOf(item.at.callee) ?? 'operation'),
    qualifiedName: item.callee,
    known: found !== undefined,
    ...(base ? { derivesFrom: base.name } : {}),
    value: item,
    call,
    at: call ? call.callee.span : spanHere(item, reading),
    arguments: byName,
    certainty: item.conditional || item.at.broken ? 'conditional' : 'certain',
    databaseOperations: inner('database_operations'),
    stateOperations: inner('state_operations'),
  };
}

const holders: Readonly<Record<string, readonly string[]>> = {
  RunSQL: ['state_operations'],
  SeparateDatabaseAndState: ['database_operations', 'state_operations'],
};

function readInner(
  list: Value | undefined,
  found: OperationClass | undefined,
  argument: string,
  reading: Reading,
): readonly DjangoOperation[] {
  const holds = found && holders[found.name]?.includes(argument);
  const written = holds ? given(list) : undefined;
  return written ? readOperations(written, reading).operations : [];
}

interface FoundClass {
  readonly found?: OperationClass | undefined;
  /** What the operation is derived from, where what it does to the database is its own. */
  readonly base?: OperationClass | undefined;
}

/** The class of an operation, also where it is derived at hand from one of Django's. */
function operationClassOf(item: CallValue): FoundClass {
  const direct = item.callee === undefined ? undefined : findOperation(item.callee);
  if (direct) return { found: direct };
  if (item.called?.kind === 'class') return inheritedOperation(item.called);
  // The import may be missing while the file is being written.
  const written = item.callee === undefined ? dottedNameOf(item.at.callee) : undefined;
  return { found: written?.startsWith('migrations.') ? findOperation(`django.db.${written}`) : undefined };
}

function inheritedOperation(operation: ClassValue): FoundClass {
  const defines = (name: string): boolean => valueOfName(name, operation.scope) !== undefined;
  const base = baseOperationOf(operation, 0);
  if (!base || defines('__init__') || defines('state_forwards')) return {};
  return defines('database_forwards') ? { base } : { found: base };
}

function baseOperationOf(operation: ClassValue, depth: number): OperationClass | undefined {
  if (depth > 5) return undefined;
  for (const base of operation.definition.bases) {
    const value = evaluate(base.value, operation.scope);
    if (value.kind === 'class') return baseOperationOf(value, depth + 1);
    const found = value.kind === 'reference' ? findOperation(value.name) : undefined;
    if (found) return found;
  }
  return undefined;
}

function argumentsOf(call: CallValue, parameters: readonly string[]): ReadonlyMap<string, Value> {
  if (call.positional.length === 0) return call.keywords;
  const byName = new Map(call.keywords);
  for (const [index, value] of call.positional.entries()) {
    const parameter = parameters[index];
    if (parameter !== undefined) byName.set(parameter, value);
  }
  return byName;
}

/** An operation, or several, of which nothing is known but where they come from. */
function unreadable(value: Value, reading: Reading): DjangoOperation {
  const at = spanHere(value, reading);
  const call: CallExpression = {
    kind: 'call',
    span: at,
    callee: value.at,
    arguments: [],
    argumentsSpan: spanOf(at.end, at.end),
    broken: true,
  };
  const written = dottedNameOf(value.at.kind === 'call' ? value.at.callee : value.at);
  return {
    name: lastPartOf(written ?? 'operations'),
    qualifiedName: qualifiedNameOf(value),
    known: false,
    value: {
      kind: 'call',
      at: call,
      module: value.module,
      callee: undefined,
      called: undefined,
      receiver: undefined,
      positional: [],
      keywords: new Map(),
      partial: true,
    },
    call: undefined,
    at,
    arguments: new Map(),
    certainty: 'conditional',
    databaseOperations: [],
    stateOperations: [],
  };
}

function qualifiedNameOf(value: Value): string | undefined {
  if (value.kind === 'reference') return value.name;
  return value.kind === 'call' ? value.callee : undefined;
}

function spanHere(value: Value, { module, fallback }: Reading): Span {
  if (value.module === module) return value.at.span;
  return value.via?.module === module ? value.via.at.span : fallback;
}

function lastPartOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
