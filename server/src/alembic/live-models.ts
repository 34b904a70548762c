import type { Span } from '../base/span.ts';
import type { LiveModelImport } from '../schema/change.ts';
import { childStatementsOf } from '../syntax/child-expressions.ts';
import type { CallExpression, Expression, ImportedName, Module, Statement } from '../syntax/module.ts';
import type { PerformedCall } from '../syntax/performed-call.ts';
import { calledName } from './columns.ts';

/** Calls that are given models, or objects of them. */
const takingModels: ReadonlySet<string> = new Set([
  'add',
  'add_all',
  'bulk_insert',
  'bulk_insert_mappings',
  'bulk_save_objects',
  'bulk_update_mappings',
  'delete',
  'get',
  'insert',
  'merge',
  'query',
  'select',
  'select_from',
  'update',
]);

/** Those that dictionaries and sets have as well. */
const ofSessions: ReadonlySet<string> = new Set(['add', 'add_all', 'delete', 'get', 'merge']);

/** What is imported from these is no model of an application. */
const libraries = /^(?:alembic|sqlalchemy|sqlmodel|geoalchemy2|datetime|decimal|enum|typing|uuid|collections)(?:\.|$)/;

interface Imported {
  readonly from: string;
  readonly named: ImportedName;
}

/** Classes of the application by which a revision reads and writes rows, in the order of their imports. */
export function liveModelsIn(calls: readonly PerformedCall[], module: Module): readonly LiveModelImport[] {
  const imports = importsOf(module.body);
  if (imports.size === 0) return [];
  const found = new Map<string, { readonly imported: Imported; readonly name: string; readonly uses: Span[] }>();
  for (const { value } of calls) {
    if (value.module !== module) continue;
    for (const { root, name, at } of modelsNamed(value.at, calledName(value))) {
      const imported = imports.get(root);
      if (imported === undefined) continue;
      const known = found.get(name) ?? { imported, name, uses: [] };
      if (known.uses.every(({ start }) => start !== at.start)) known.uses.push(at);
      found.set(name, known);
    }
  }
  const models = [...found.values()].map(({ imported, name, uses }): LiveModelImport => {
    const { from, named } = imported;
    const isModule = (named.alias ?? named.name) !== name;
    const importedFrom = isModule ? `${from}.${named.name}` : from;
    return { name, importedFrom, app: undefined, at: named.span, uses };
  });
  return models.sort((one, other) => one.at.start - other.at.start);
}

function importsOf(statements: readonly Statement[]): ReadonlyMap<string, Imported> {
  const imports = new Map<string, Imported>();
  for (const statement of statements) {
    if (statement.kind === 'import-from') {
      // What stands beside the revisions is frozen with them.
      const isFar = statement.level === 0 && !libraries.test(statement.module);
      for (const named of isFar ? statement.names : []) {
        imports.set(named.alias ?? named.name, { from: statement.module, named });
      }
      continue;
    }
    for (const [name, imported] of importsOf(childStatementsOf(statement))) imports.set(name, imported);
  }
  return imports;
}

interface NamedModel {
  /** The name that was imported: the model, or the module that it is in. */
  readonly root: string;
  readonly name: string;
  readonly at: Span;
}

function modelsNamed(call: CallExpression, name: string): readonly NamedModel[] {
  const { callee } = call;
  const queried = callee.kind === 'attribute' ? modelWithQuery(callee.object) : [];
  const owner = callee.kind === 'attribute' ? callee.object : callee;
  const ownerName = owner.kind === 'name' || owner.kind === 'attribute' ? owner.name : '';
  const takes = takingModels.has(name) && (!ofSessions.has(name) || /session/i.test(ownerName));
  return [...queried, ...(takes ? call.arguments.flatMap(({ value }) => modelsIn(value)) : [])];
}

/** `User`, `User.id`, `models.User`, `User(…)`, `User.__table__`, and lists of them. */
function modelsIn(expression: Expression): readonly NamedModel[] {
  switch (expression.kind) {
    case 'name':
      return isClassName(expression.name)
        ? [{ root: expression.name, name: expression.name, at: expression.span }]
        : [];
    case 'attribute': {
      const { object, name } = expression;
      if (object.kind !== 'name') return modelsIn(object);
      if (isClassName(object.name)) return modelsIn(object);
      return isClassName(name) ? [{ root: object.name, name, at: expression.span }] : [];
    }
    case 'call':
      return modelsIn(expression.callee);
    case 'list':
    case 'tuple':
      return expression.items.flatMap(modelsIn);
    default:
      return [];
  }
}

/** `User.query` of Flask-SQLAlchemy. */
function modelWithQuery(expression: Expression): readonly NamedModel[] {
  if (expression.kind === 'call' && expression.callee.kind === 'attribute') {
    return modelWithQuery(expression.callee.object);
  }
  return expression.kind === 'attribute' && expression.name === 'query' ? modelsIn(expression.object) : [];
}

function isClassName(name: string): boolean {
  return /^_?[A-Z]\w*[a-z]/.test(name);
}
