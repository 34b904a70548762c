import type { Span } from '../../base/span.ts';
import type { LiveModelImport } from '../../schema/change.ts';
import { childExpressionsOf, childStatementsOf, expressionsOf } from '../../syntax/child-expressions.ts';
import { dottedNameOf } from '../../syntax/dotted-name.ts';
import type {
  Expression,
  FunctionStatement,
  ImportedName,
  ImportFromStatement,
  ImportStatement,
  LambdaExpression,
  Statement,
} from '../../syntax/module.ts';
import type { DataFunctionContext, SourceModule } from '../data-function-context.ts';
import { isModelsModule } from './models-module.ts';
import { importNames, looksLikeClass, memberOf } from './module-names.ts';

type Import = ImportStatement | ImportFromStatement;

interface ImportedHere {
  readonly statement: Import;
  readonly imported: ImportedName;
}

/**
 * The model classes of the application that the given functions of one file use as tables: by a manager, a
 * constructor, `isinstance`. Names that only lend a constant (`Order.Status.DRAFT`) are no such use. Content types are
 * left out: the historical ones are used by the same manager and the table never changes.
 */
export function liveModelsOf(
  functions: Iterable<FunctionStatement | LambdaExpression>,
  inside: SourceModule,
  context: DataFunctionContext,
): readonly LiveModelImport[] {
  const found = new Map<string, LiveModelImport & { readonly uses: Span[] }>();
  const atTop = importsOf(inside.module.body);
  for (const each of functions) {
    const local = boundNamesOf(each);
    const visible = [...atTop].filter(([name]) => !local.has(name));
    const imports = new Map([...visible, ...(each.kind === 'function' ? importsOf(each.body) : [])]);
    if (imports.size === 0) continue;
    for (const use of usesIn(each)) {
      const model = liveModelOf(use, imports, inside, context);
      if (model === undefined) continue;
      const key = `${model.at.start} ${model.name}`;
      const known = found.get(key) ?? { ...model, uses: [] };
      if (!known.uses.some(({ start }) => start === use.span.start)) known.uses.push(use.span);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

/** `Order` or `models.Order` where it stands for a table. */
interface Use {
  readonly path: string;
  readonly span: Span;
}

function liveModelOf(
  { path }: Use,
  imports: ReadonlyMap<string, ImportedHere>,
  inside: SourceModule,
  context: DataFunctionContext,
): Omit<LiveModelImport, 'uses'> | undefined {
  const [first = '', ...rest] = path.split('.');
  const here = imports.get(first);
  if (here === undefined) return undefined;
  const { statement, imported } = here;
  const held = new Map(importNames(statement, inside, context)).get(first);
  if (rest.length === 0) {
    if (held?.kind !== 'model' || statement.kind !== 'import-from') return undefined;
    return liveImport(imported.name, moduleText(statement), held.model.app, imported.span);
  }
  const name = rest.at(-1) ?? '';
  if (held?.kind === 'module' && rest.length === 1) {
    const member = memberOf(held.source, name, context);
    if (member?.kind !== 'model') return undefined;
    return liveImport(name, fullName(here), member.model.app, imported.span);
  }
  if (held?.kind !== 'external' || !looksLikeClass(name)) return undefined;
  const module = [held.name, ...rest.slice(0, -1)].join('.');
  return isModelsModule(module) ? liveImport(name, module, appBefore(module), imported.span) : undefined;
}

function liveImport(
  name: string,
  importedFrom: string,
  app: string | undefined,
  at: Span,
): Omit<LiveModelImport, 'uses'> | undefined {
  return /^django\.contrib\.contenttypes\b/.test(importedFrom) ? undefined : { name, importedFrom, app, at };
}

function moduleText({ level, module }: ImportFromStatement): string {
  return `${'.'.repeat(level)}${module}`;
}

function fullName({ statement, imported }: ImportedHere): string {
  if (statement.kind === 'import') return imported.name;
  const module = moduleText(statement);
  return module.endsWith('.') ? `${module}${imported.name}` : `${module}.${imported.name}`;
}

function appBefore(module: string): string | undefined {
  return /([A-Za-z_]\w*)\.models\b/.exec(module)?.[1];
}

/**
 * The imports among statements and their blocks that may bring models, by the name that they bind; not those of
 * functions inside.
 */
function importsOf(statements: readonly Statement[]): ReadonlyMap<string, ImportedHere> {
  const imports = new Map<string, ImportedHere>();
  const collect = (statement: Statement): void => {
    if (statement.kind === 'import' || statement.kind === 'import-from') {
      for (const imported of statement.names) {
        if (!mayBringModels(statement, imported)) continue;
        const name = statement.kind === 'import' ? (imported.name.split('.')[0] ?? '') : imported.name;
        imports.set(imported.alias ?? name, { statement, imported });
      }
    } else if (statement.kind !== 'function' && statement.kind !== 'class') {
      for (const child of childStatementsOf(statement)) collect(child);
    }
  };
  for (const statement of statements) collect(statement);
  return imports;
}

/** `from shop.models import Order`, `from shop import models`, `import shop.models`, but not Django's own `models`. */
function mayBringModels(statement: Import, { name }: ImportedName): boolean {
  if (statement.kind === 'import') return isModelsModule(name);
  if (isModelsModule(statement.module)) return true;
  return isModelsModule(`${statement.module}.${name}`);
}

/** Parameters and variables: in Python a name that a function assigns anywhere is its own everywhere in it. */
function boundNamesOf(definition: FunctionStatement | LambdaExpression): ReadonlySet<string> {
  const names = new Set(definition.parameters.map(({ name }) => name));
  const collect = (statement: Statement): void => {
    for (const target of targetsOf(statement)) if (target.kind === 'name') names.add(target.name);
    for (const child of childStatementsOf(statement)) collect(child);
  };
  if (definition.kind === 'function') for (const statement of definition.body) collect(statement);
  return names;
}

function targetsOf(statement: Statement): readonly Expression[] {
  if (statement.kind !== 'assign' && statement.kind !== 'for') return [];
  const targets = statement.kind === 'assign' ? statement.targets : [statement.target];
  return targets.flatMap((target) => (target.kind === 'tuple' || target.kind === 'list' ? target.items : [target]));
}

function* usesIn(definition: FunctionStatement | LambdaExpression): Generator<Use> {
  if (definition.kind === 'lambda') yield* usesInExpression(definition.body, false);
  else yield* usesInStatements(definition.body);
}

function* usesInStatements(statements: readonly Statement[]): Generator<Use> {
  for (const statement of statements) {
    for (const expression of expressionsOf(statement)) yield* usesInExpression(expression, false);
    yield* usesInStatements(childStatementsOf(statement));
  }
}

/** Members of a class by which it stands for its table. */
const asTable = /^(objects|_base_manager|_default_manager|_meta|DoesNotExist|MultipleObjectsReturned)$|objects$/;

/** `isHandedOn`: the expression is an argument, as in `isinstance(row, Order)`. */
function* usesInExpression(expression: Expression, isHandedOn: boolean): Generator<Use> {
  const path = dottedNameOf(expression);
  if (path !== undefined) {
    if (isHandedOn) yield { path, span: expression.span };
    if (expression.kind === 'attribute' && asTable.test(expression.name)) yield* useOf(expression.object);
    else if (expression.kind === 'attribute') yield* usesInExpression(expression.object, false);
    return;
  }
  if (expression.kind === 'call') {
    yield* useOf(expression.callee);
    yield* usesInExpression(expression.callee, false);
    for (const { value } of expression.arguments) yield* usesInExpression(value, true);
    return;
  }
  const isSequence = expression.kind === 'tuple' || expression.kind === 'list';
  for (const child of childExpressionsOf(expression)) yield* usesInExpression(child, isSequence && isHandedOn);
}

/** The class in `Order(…)`, `models.Order(…)`, and in `Order.create_draft(…)`, a method that only the live class has. */
function* useOf(expression: Expression): Generator<Use> {
  const path = dottedNameOf(expression);
  if (path === undefined) return;
  yield { path, span: expression.span };
  if (expression.kind === 'attribute' && /^[a-z]/.test(expression.name)) {
    const owner = dottedNameOf(expression.object);
    if (owner !== undefined) yield { path: owner, span: expression.object.span };
  }
}
