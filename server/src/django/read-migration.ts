import { type FilePath, stemOf } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import type { Phase } from '../schema/migration.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import { evaluate, valueOfName } from '../syntax/evaluate.ts';
import type {
  AssignStatement,
  ClassStatement,
  Expression,
  Module,
  SequenceExpression,
  Statement,
} from '../syntax/module.ts';
import type { Scope } from '../syntax/scope.ts';
import { truthOf } from '../syntax/truth.ts';
import type { ClassValue, Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import type { DjangoDependency, DjangoMigration, DjangoOperation } from './migration-file.ts';
import { type ReadOperations, readOperations, readOperationsAgain } from './read-operations.ts';
import { unchangedCalls } from './unchanged-operations.ts';
import { calleeNameOf, itemsOf, textOf } from './values.ts';

/** A Python file that may hold a migration. */
export interface MigrationSource {
  readonly file: FilePath;
  readonly text: string;
  readonly module: Module;
  /** The label of the app whose migrations folder it stands in. */
  readonly app: string;
  /** The names of the module, and through it of its siblings; it also decides `if connection.vendor == …`. */
  readonly scope: Scope;
  /** The file as it was read before an edit, while all that it imports is the same. */
  readonly earlier?: DjangoMigration | undefined;
}

/** Reads the class `Migration` of a file; `undefined` for a file without one. */
export function readDjangoMigration(source: MigrationSource): DjangoMigration | undefined {
  const { file, text, module, app, scope } = source;
  const found = valueOfName('Migration', scope);
  if (found?.kind !== 'class' || found.definedIn !== module || !isMigration(found, scope, 0)) return undefined;
  const { definition } = found;
  const attribute = (name: string): Value | undefined => valueOfName(name, found.scope);
  const dependencies = attribute('dependencies');
  const [replaces, runBefore] = [attribute('replaces'), attribute('run_before')];
  const read = operationsAfterEdit(found, source) ?? operationsOf(found, source);
  const atomic = attribute('atomic');
  const initial = attribute('initial');
  const lists = [dependencies, replaces, runBefore];
  return {
    file,
    text,
    module,
    app,
    name: stemOf(file),
    class: definition,
    dependencies: readDependencies(dependencies, module, definition.nameSpan),
    runBefore: readDependencies(runBefore, module, definition.nameSpan),
    replaces: readDependencies(replaces, module, definition.nameSpan),
    dependenciesList: literalList(dependencies, definition),
    operationsList: read.list,
    operations: read.operations,
    initial: initial !== undefined && truthOf(initial) === true,
    atomic: atomic === undefined || truthOf(atomic) !== false,
    atomicAt: assignmentOf('atomic', definition)?.span,
    phase: phaseOf(attribute('safe')),
    complete: read.complete && !definition.broken && lists.every(isReadable),
  };
}

interface ReadList extends ReadOperations {
  readonly list: SequenceExpression | undefined;
}

function operationsOf({ definition, scope }: ClassValue, { module }: MigrationSource): ReadList {
  const operations = valueOfName('operations', scope);
  const read = readOperations(operations, { module, fallback: definition.nameSpan });
  return { ...read, list: literalList(operations, definition) };
}

/** What was read before is taken over where it says the same; `undefined` where it cannot be. */
function operationsAfterEdit(
  { definition, scope }: ClassValue,
  { text, module, earlier }: MigrationSource,
): ReadList | undefined {
  const start = earlier?.operationsList?.span.start;
  const list = definition.body.map(assignedList).find((each) => each !== undefined && each.span.start === start);
  const calls = earlier && list && unchangedCalls(earlier, { text, operationsList: list });
  if (earlier === undefined || list === undefined || calls === undefined) return undefined;
  const known = new Map(earlier.operations.map((operation) => [operation.call, operation]));
  const unchanged = new Map<Expression, DjangoOperation>();
  for (const [now, before] of calls) {
    const operation = known.get(before);
    if (operation !== undefined) unchanged.set(now, operation);
  }
  const read = readOperationsAgain({ list, scope, unchanged }, { module, fallback: definition.nameSpan });
  return read && { ...read, list };
}

/** Whether the class comes from Django's `Migration`, directly or through classes at hand or named alike. */
function isMigration({ definition, definedIn }: ClassValue, scope: Scope, depth: number): boolean {
  return definition.bases.some((base) => {
    if (base.form !== 'plain' || base.name !== undefined) return false;
    const value = evaluate(base.value, scope);
    if (value.kind === 'class') {
      const isSame = value.definition === definition && value.definedIn === definedIn;
      return !isSame && depth < 10 && isMigration(value, value.scope, depth + 1);
    }
    const name = value.kind === 'reference' ? value.name : dottedNameOf(base.value);
    return name !== undefined && /Migration$/.test(name);
  });
}

/** `Safe.after_deploy()`, and `Safe.after_deploy` as older releases of django-safemigrate have it. */
function phaseOf(mark: Value | undefined): Phase | undefined {
  const reference = mark?.kind === 'reference' ? mark.name : undefined;
  const name = mark?.kind === 'call' ? mark.callee : reference;
  switch (name?.replace(/^(?:\w+\.)*Safe\./, 'Safe.')) {
    case 'Safe.before_deploy':
      return 'before-deploy';
    case 'Safe.after_deploy':
      return 'after-deploy';
    case 'Safe.always':
      return 'always';
    default:
      return undefined;
  }
}

function isReadable(list: Value | undefined): boolean {
  return list === undefined || (isSequence(list) && !list.partial);
}

/** The literal that is the whole of a list attribute; `undefined` where more goes into it. */
function literalList(value: Value | undefined, { body }: ClassStatement): SequenceExpression | undefined {
  return value && body.map(assignedList).find((each) => each === value.at);
}

/** The literal of `name = […]`. */
function assignedList(statement: Statement): SequenceExpression | undefined {
  if (statement.kind !== 'assign' || statement.targets.length !== 1) return undefined;
  const { value } = statement;
  return value.kind === 'list' || value.kind === 'tuple' ? value : undefined;
}

function assignmentOf(name: string, { body }: ClassStatement): AssignStatement | undefined {
  return body.findLast(
    (each): each is AssignStatement =>
      each.kind === 'assign' && each.targets.some((target) => target.kind === 'name' && target.name === name),
  );
}

function readDependencies(value: Value | undefined, module: Module, fallback: Span): readonly DjangoDependency[] {
  return itemsOf(value).map((item) => readDependency(item, spanIn(module, item) ?? fallback));
}

function readDependency(item: Value, at: Span): DjangoDependency {
  if (isSequence(item)) {
    const [app, name] = [textOf(item.items[0]), textOf(item.items[1])];
    const kind = app !== undefined && name !== undefined ? 'plain' : 'unknown';
    return { kind, app, name, setting: undefined, at };
  }
  if (item.kind !== 'call' || calleeNameOf(item) !== 'swappable_dependency') {
    return { kind: 'unknown', app: undefined, name: undefined, setting: undefined, at };
  }
  const argument = item.positional[0] ?? item.keywords.get('value');
  const label = textOf(argument);
  if (label !== undefined) {
    return { kind: 'plain', app: label.split('.')[0], name: '__first__', setting: undefined, at };
  }
  const setting = argument?.kind === 'reference' ? argument.name.split('.').at(-1) : undefined;
  return { kind: setting === undefined ? 'unknown' : 'swappable', app: undefined, name: undefined, setting, at };
}

/** Where a value is written, or named, in this file. */
function spanIn(module: Module, value: Value): Span | undefined {
  if (value.module === module) return value.at.span;
  return value.via?.module === module ? value.via.at.span : undefined;
}
