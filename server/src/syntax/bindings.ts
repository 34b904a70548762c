import { containsSpan, type Span, spanOf } from '../base/span.ts';
import { expressionsOf } from './child-expressions.ts';
import { isMutation, valuesGiven } from './given-values.ts';
import type { Expression, FunctionStatement, ImportFromStatement, Module, Parameter, Statement } from './module.ts';
import { blocksOf, type FunctionScope, type ScopeAround, scopesAround } from './scopes-around.ts';
import { targetsIn } from './targets.ts';

/** What gives a name its value, or a part of it. */
export type Binding =
  /** `name = value`, `name += value`, `name.append(value)`, `for name in value`. */
  | { readonly kind: 'value'; readonly at: Span; readonly value: Expression; readonly element?: ElementPlace }
  | {
      readonly kind: 'parameter';
      readonly at: Span;
      readonly parameter: Parameter;
      readonly of: FunctionScope['definition'];
    }
  | { readonly kind: 'function'; readonly at: Span; readonly definition: FunctionStatement }
  /** `from module import original as name`; `original` is undefined for `import module as name`. */
  | {
      readonly kind: 'import';
      readonly at: Span;
      readonly module: ImportFromStatement['module'];
      readonly original: string | undefined;
    }
  /** `with … as name`, a class. */
  | { readonly kind: 'other'; readonly at: Span };

/** Which of the items that a loop goes through: all of each, or what stands at an index in each. */
export interface ElementPlace {
  readonly index: number | undefined;
}

/**
 * All that a name can be worth where it is used, by the rules by which Python finds names: the innermost function or
 * comprehension that binds it, else the module. What is overwritten on every way to the use is left out; where the use
 * runs later than its surroundings, in a function inside, everything counts. Empty for a name that nothing binds.
 */
export function bindingsOf(name: string, use: Span, module: Module): readonly Binding[] {
  const scopes = scopesAround(use, module);
  const found: Binding[] = [];
  let isDirect = true;
  for (const scope of scopes.toReversed()) {
    // The names of a class are not those of the functions inside.
    if (scope.kind === 'class' && !isDirect) continue;
    const bindings = bindingsIn(scope, name);
    found.push(...(isDirect ? reaching(bindings, name, use, scope) : bindings));
    if (bindings.length > 0 && !(scope.kind === 'function' && hasForeignNames(scope.body))) return found;
    if (scope.kind !== 'comprehension') isDirect = false;
  }
  return found;
}

function bindingsIn(scope: ScopeAround, name: string): readonly Binding[] {
  if (scope.kind === 'comprehension') {
    return scope.expression.clauses.flatMap(({ target, iterable }) => loopBindings(target, iterable, name));
  }
  const inBody = bindingsInBlock(scope.body, name);
  if (scope.kind !== 'function') return inBody;
  const { definition } = scope;
  const at = spanOf(definition.span.start, definition.span.start);
  const parameters = definition.parameters.filter((parameter) => parameter.name === name);
  return [...parameters.map((parameter): Binding => ({ kind: 'parameter', at, parameter, of: definition })), ...inBody];
}

function bindingsInBlock(statements: readonly Statement[], name: string): readonly Binding[] {
  return statements.flatMap((statement) => {
    const own = bindingsBy(statement, name);
    const isScope = statement.kind === 'class' || statement.kind === 'function';
    // `global` and `nonlocal`: whose names they are is not told, so that all of them count.
    if (isScope && !hasForeignNames(statement.body)) return own;
    return [...own, ...blocksOf(statement).flatMap((block) => bindingsInBlock(block, name))];
  });
}

/** What a statement itself binds, not those in its blocks. */
function bindingsBy(statement: Statement, name: string): readonly Binding[] {
  const { span: at } = statement;
  const other: Binding = { kind: 'other', at };
  const inside = expressionsOf(statement).flatMap((each) => valuesGiven(each, name));
  const given = inside.map((value): Binding => ({ kind: 'value', at: value.span, value }));
  switch (statement.kind) {
    case 'assign':
      return [...statement.targets.flatMap((target) => assigned(target, statement.value, name, at)), ...given];
    case 'augmented-assign':
      return [...assigned(statement.target, statement.value, name, at), ...given];
    case 'for':
      return [...loopBindings(statement.target, statement.iterable, name), ...given];
    case 'with':
      return statement.items
        .filter(({ target }) => target !== undefined && targetsIn(target).some((each) => each.name === name))
        .map(({ target }) => ({ kind: 'other', at: target?.span ?? at }));
    case 'function':
      return statement.name === name ? [{ kind: 'function', at, definition: statement }] : given;
    case 'class':
      return statement.name === name ? [other] : given;
    case 'import':
      return statement.names
        .filter((each) => (each.alias ?? each.name.split('.')[0]) === name)
        .map((each) => ({ kind: 'import', at, module: each.name, original: undefined }));
    case 'import-from':
      return statement.names
        .filter((each) => (each.alias ?? each.name) === name)
        .map((each) => ({ kind: 'import', at, module: statement.module, original: each.name }));
    default:
      return given;
  }
}

function assigned(target: Expression, value: Expression, name: string, at: Span): readonly Binding[] {
  if (target.kind === 'subscript' && isMutation(target.object, name)) return [{ kind: 'value', at, value }];
  if (target.kind !== 'tuple' && target.kind !== 'list') {
    return target.kind === 'name' && target.name === name ? [{ kind: 'value', at, value }] : [];
  }
  const items = value.kind === 'tuple' || value.kind === 'list' ? value.items : [];
  const isOneEach =
    items.length === target.items.length && ![...items, ...target.items].some((each) => each.kind === 'starred');
  return target.items.flatMap((each, index) => {
    if (isOneEach) return assigned(each, items[index] ?? value, name, at);
    return targetsIn(each).some((inner) => inner.name === name) ? [{ kind: 'value', at, value }] : [];
  });
}

function loopBindings(target: Expression, iterable: Expression, name: string): readonly Binding[] {
  const parts = target.kind === 'tuple' || target.kind === 'list' ? target.items : undefined;
  const isIn = (each: Expression) => targetsIn(each).some((inner) => inner.name === name);
  if (parts === undefined) {
    return isIn(target) ? [{ kind: 'value', at: target.span, value: iterable, element: { index: undefined } }] : [];
  }
  const hasStar = parts.some((each) => each.kind === 'starred');
  return parts.flatMap((each, index): readonly Binding[] =>
    isIn(each)
      ? [{ kind: 'value', at: target.span, value: iterable, element: { index: hasStar ? undefined : index } }]
      : [],
  );
}

function hasForeignNames(statements: readonly Statement[]): boolean {
  return statements.some((each) =>
    each.kind === 'simple'
      ? each.keyword === 'global' || each.keyword === 'nonlocal'
      : each.kind !== 'function' && blocksOf(each).some(hasForeignNames),
  );
}

/** The bindings of the scope of a use that have not been overwritten by then. */
function reaching(bindings: readonly Binding[], name: string, use: Span, scope: ScopeAround): readonly Binding[] {
  if (scope.kind === 'comprehension') return bindings;
  const last = lastOverwriting(scope, name);
  const loops = scope.path.map(({ statement }) => statement).filter(({ kind }) => kind === 'for' || kind === 'while');
  return bindings.filter(({ at }) => {
    const isOverwritten = last !== undefined && at.end <= last.start;
    // One that stands after the use, or around it, comes before it in the next round of a loop.
    const comesAgain = loops.some(
      ({ span }) => containsSpan(span, at) && !(last !== undefined && containsSpan(span, last)),
    );
    return comesAgain || (!isOverwritten && at.end <= use.start);
  });
}

/** The last statement that gives the name a new value on every way to the use. */
function lastOverwriting({ path }: Exclude<ScopeAround, { kind: 'comprehension' }>, name: string): Span | undefined {
  for (const { statement, before, isInBody } of path.toReversed()) {
    if (isInBody && statement.kind === 'for' && targetsIn(statement.target).some((each) => each.name === name)) {
      return statement.target.span;
    }
    const last = before.findLast((each) => {
      if (each.kind !== 'assign') return each.kind === 'import-from' && bindingsBy(each, name).length > 0;
      return each.targets.flatMap(targetsIn).some((target) => target.name === name);
    });
    if (last !== undefined) return last.span;
  }
  return undefined;
}
