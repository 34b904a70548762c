import { childStatementsOf } from '../../syntax/child-expressions.ts';
import type { ImportFromStatement, ImportStatement, Module, Statement } from '../../syntax/module.ts';
import type { Value } from '../../syntax/value.ts';
import type { DataFunctionContext, ModuleRequest, SourceModule } from '../data-function-context.ts';
import { type Held, listOf, unknown } from './held.ts';
import { appOfModels, isHelperClass, isModelClass, isModelsFile, isModelsModule } from './models-module.ts';
import type { NameScope } from './name-scope.ts';
import { heldText } from './texts.ts';

/** How many modules an import is followed through. */
const importDepth = 6;

/** What a name means at the top level of a module: a function, a class, an import or a constant. */
export function memberOf(source: SourceModule, name: string, context: DataFunctionContext): Held | undefined {
  return memberWithin(source, name, context, importDepth);
}

function memberWithin(
  source: SourceModule,
  name: string,
  context: DataFunctionContext,
  depth: number,
): Held | undefined {
  const statement = bindingsOf(source.module).get(name);
  switch (statement?.kind) {
    case 'function':
      return heldFunction(statement, source);
    case 'class':
      if (isModelsFile(source.file) && isModelClass(statement))
        return model(appOfModels(source.file, context), name, context);
      return { kind: 'class', statement, inside: source, scope: moduleScope(source) };
    case 'import':
    case 'import-from':
      return depth > 0 ? new Map(namesWithin(statement, source, context, depth - 1)).get(name) : undefined;
    case 'assign':
      return heldOf(context.evaluate(statement.value, source), context);
    default:
      return undefined;
  }
}

/** The names that an import binds. */
export function importNames(
  statement: ImportStatement | ImportFromStatement,
  inside: SourceModule,
  context: DataFunctionContext,
): readonly (readonly [name: string, held: Held])[] {
  return namesWithin(statement, inside, context, importDepth);
}

function namesWithin(
  statement: ImportStatement | ImportFromStatement,
  inside: SourceModule,
  context: DataFunctionContext,
  depth: number,
): readonly (readonly [name: string, held: Held])[] {
  if (statement.kind === 'import') {
    return statement.names.map(({ name, alias }) => {
      const bound = alias ?? name.split('.')[0] ?? name;
      return [bound, { kind: 'external', name: alias === undefined ? bound : name }];
    });
  }
  return statement.names.flatMap(({ name, alias }) =>
    name === '*' ? [] : [[alias ?? name, importedFrom(statement, name, inside, context, depth)] as const],
  );
}

function importedFrom(
  { level, module }: ImportFromStatement,
  name: string,
  inside: SourceModule,
  context: DataFunctionContext,
  depth: number,
): Held {
  const from: ModuleRequest = { from: inside.file, level, name: module };
  const source = context.resolveModule(from);
  const member = source === undefined ? undefined : memberWithin(source, name, context, depth);
  if (member !== undefined) return member;
  if (source === undefined && isModelsModule(module) && looksLikeClass(name)) return modelFrom(module, name, context);
  const submodule = context.resolveModule({ ...from, name: module === '' ? name : `${module}.${name}` });
  if (submodule !== undefined) return { kind: 'module', source: submodule };
  return externalNamed(`${'.'.repeat(level)}${module}${module === '' ? '' : '.'}${name}`);
}

/** Something from outside the files at hand, by its dotted name. */
export function externalNamed(name: string): Held {
  return name === 'django.db.connection' ? { kind: 'connection' } : { kind: 'external', name };
}

/** A model class of a module that is not at hand: `shop.models` belongs to the app `shop`. */
export function modelFrom(module: string, name: string, context: DataFunctionContext): Held {
  const before = module.slice(0, module.search(/(^|\.)models(\.|$)/));
  const app = before === '' ? context.source.app : before.slice(before.lastIndexOf('.') + 1);
  return model(app, name, context);
}

export function looksLikeClass(name: string): boolean {
  return /^[A-Z]/.test(name) && !name.includes('_') && !isHelperClass(name);
}

function model(app: string, label: string, context: DataFunctionContext): Held {
  return { kind: 'model', model: { app, label, table: context.tableOf(app, label), isLive: true } };
}

export function moduleScope(source: SourceModule): NameScope {
  return { names: new Map(), outer: undefined, inside: source, closure: undefined };
}

export function heldFunction(
  definition: Extract<Held, { kind: 'function' }>['definition'],
  inside: SourceModule,
): Extract<Held, { kind: 'function' }> {
  const scope = moduleScope(inside);
  return { kind: 'function', definition, inside, scope, boundPositional: [], boundKeywords: new Map() };
}

/** What a constant holds. */
export function heldOf(value: Value, context: DataFunctionContext): Held {
  switch (value.kind) {
    case 'string':
      return { kind: 'text', text: value.value, value };
    case 'number':
      return { kind: 'number', value: value.value };
    case 'constant':
      return value.value === '...' ? unknown : { kind: 'constant', value: value.value };
    case 'list':
    case 'tuple':
    case 'set':
      return listOf(
        value.items.map((item) => heldOf(item, context)),
        !value.partial,
      );
    case 'dictionary': {
      const entries = value.entries.flatMap(({ key, value: each }) =>
        key.kind === 'string' ? [[key.value, heldOf(each, context)] as const] : [],
      );
      return { kind: 'dictionary', entries: new Map(entries), isWhole: !value.partial };
    }
    case 'function': {
      const inside = context.sourceOf(value.definedIn);
      if (inside === undefined) return unknown;
      const bound = [...value.bound].map(([name, each]) => [name, heldOf(each, context)] as const);
      const scope = { ...moduleScope(inside), closure: value.scope };
      return { ...heldFunction(value.definition, inside), scope, boundKeywords: new Map(bound) };
    }
    case 'reference':
      return externalNamed(value.name);
    case 'call':
      if (value.pieces !== undefined) return heldText(value);
      return value.callee === undefined ? unknown : { kind: 'result', of: value.callee };
    default:
      return heldText(value);
  }
}

type Binding = Extract<Statement, { kind: 'function' | 'class' | 'import' | 'import-from' | 'assign' }>;

const bindingsByModule = new WeakMap<Module, ReadonlyMap<string, Binding>>();

/** The statement that binds each name at the top level last, those in `if` and `try` blocks included. */
function bindingsOf(module: Module): ReadonlyMap<string, Binding> {
  const known = bindingsByModule.get(module);
  if (known !== undefined) return known;
  const bindings = new Map<string, Binding>();
  collectBindings(module.body, bindings);
  bindingsByModule.set(module, bindings);
  return bindings;
}

function collectBindings(statements: readonly Statement[], bindings: Map<string, Binding>): void {
  for (const statement of statements) {
    switch (statement.kind) {
      case 'function':
      case 'class':
        bindings.set(statement.name, statement);
        break;
      case 'import':
        for (const { name, alias } of statement.names) bindings.set(alias ?? name.split('.')[0] ?? name, statement);
        break;
      case 'import-from':
        for (const { name, alias } of statement.names) bindings.set(alias ?? name, statement);
        break;
      case 'assign':
        for (const target of statement.targets) if (target.kind === 'name') bindings.set(target.name, statement);
        break;
      case 'augmented-assign':
        // Not what was assigned to it before.
        if (statement.target.kind === 'name') bindings.delete(statement.target.name);
        break;
      default:
        collectBindings(childStatementsOf(statement), bindings);
    }
  }
}
