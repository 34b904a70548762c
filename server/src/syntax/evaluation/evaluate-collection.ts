import type {
  ComprehensionExpression,
  DictionaryExpression,
  Expression,
  SequenceExpression,
  SubscriptExpression,
} from '../module.ts';
import type { Scope, Trace } from '../scope.ts';
import { truthOf } from '../truth.ts';
import type { SequenceValue, Value } from '../value.ts';
import { conditionally, isSequence, unknownValue } from '../values.ts';
import { type Entry, entryOf, mergedEntries } from './entries.ts';
import { lookUp } from './environment.ts';
import { bindTarget } from './run-target.ts';

/** A comprehension does not yield more than this. */
const mostItems = 1000;

export function evaluateSequence(expression: SequenceExpression, scope: Scope, trace: Trace): SequenceValue {
  const items: Value[] = [];
  let partial = expression.broken;
  for (const item of expression.items) {
    if (item.kind === 'starred') {
      const spread = trace.evaluate(item.value, scope, trace);
      if (isSequence(spread)) items.push(...spread.items);
      partial ||= !isSequence(spread) || spread.partial;
    } else if (item.kind === 'conditional') items.push(...eitherItem(item, scope, trace));
    else items.push(trace.evaluate(item, scope, trace));
  }
  return { kind: expression.kind, at: expression, module: scope.module, items, partial };
}

/** `[A() if test else B()]` holds both, conditionally, where the test cannot be decided. */
function eitherItem(
  expression: Extract<Expression, { kind: 'conditional' }>,
  scope: Scope,
  trace: Trace,
): readonly Value[] {
  const decided = truthOf(trace.evaluate(expression.test, scope, trace));
  if (decided !== undefined) return [trace.evaluate(decided ? expression.body : expression.orElse, scope, trace)];
  return [expression.body, expression.orElse].map((way) => conditionally(trace.evaluate(way, scope, trace)));
}

export function evaluateDictionary(expression: DictionaryExpression, scope: Scope, trace: Trace): Value {
  const entries: Entry[] = [];
  let partial = expression.broken;
  for (const entry of expression.entries) {
    const value = trace.evaluate(entry.value, scope, trace);
    if (entry.key !== undefined) entries.push({ key: trace.evaluate(entry.key, scope, trace), value });
    else if (value.kind === 'dictionary') entries.push(...value.entries);
    partial ||= entry.key === undefined && (value.kind !== 'dictionary' || value.partial);
  }
  return { kind: 'dictionary', at: expression, module: scope.module, entries: mergedEntries(entries), partial };
}

export function evaluateComprehension(expression: ComprehensionExpression, scope: Scope, trace: Trace): Value {
  const { module } = scope;
  const found: { key: Value | undefined; value: Value }[] = [];
  const isWhole = iterate(expression, 0, scope, trace, (inner) => {
    const key = expression.key === undefined ? undefined : trace.evaluate(expression.key, inner, trace);
    found.push({ key, value: trace.evaluate(expression.element, inner, trace) });
    return found.length <= mostItems;
  });
  const known = isWhole ? found : [];
  if (expression.form === 'dictionary') {
    const entries = known.flatMap(({ key, value }) => (key === undefined ? [] : [{ key, value }]));
    return { kind: 'dictionary', at: expression, module, entries: mergedEntries(entries), partial: !isWhole };
  }
  const kind = expression.form === 'set' ? 'set' : 'list';
  return { kind, at: expression, module, items: known.map((each) => each.value), partial: !isWhole };
}

/** Calls `yieldIn` for every round; false where what is iterated over or a condition is not known. */
function iterate(
  expression: ComprehensionExpression,
  depth: number,
  scope: Scope,
  trace: Trace,
  yieldIn: (scope: Scope) => boolean,
): boolean {
  const clause = expression.clauses[depth];
  if (clause === undefined) return yieldIn(scope);
  const iterable = trace.evaluate(clause.iterable, scope, trace);
  const items = iterable.kind === 'dictionary' ? iterable.entries.map((entry) => entry.key) : itemsOf(iterable);
  if (items === undefined || isPartial(iterable) || items.length > mostItems) return false;
  return items.every((item) => {
    if (item.conditional) return false;
    const inner = withTarget(clause.target, item, scope);
    const conditions = clause.conditions.map((condition) => truthOf(trace.evaluate(condition, inner, trace)));
    if (conditions.includes(false)) return true;
    return !conditions.includes(undefined) && iterate(expression, depth + 1, inner, trace, yieldIn);
  });
}

function itemsOf(value: Value): readonly Value[] | undefined {
  return isSequence(value) ? value.items : undefined;
}

function isPartial(value: Value): boolean {
  return (isSequence(value) || value.kind === 'dictionary') && (value.partial || value.conditional === true);
}

function withTarget(target: Expression, item: Value, scope: Scope): Scope {
  const environment = bindTarget(undefined, target, () => item, scope.module);
  const { module, surroundings, enclosing } = scope;
  const find: Scope['find'] = (name, at, trace) => lookUp(environment, name, trace) ?? scope.find(name, at, trace);
  return { module, surroundings, enclosing, find };
}

export function evaluateSubscript(expression: SubscriptExpression, scope: Scope, trace: Trace): Value {
  const unknown = unknownValue(expression, scope.module);
  const object = trace.evaluate(expression.object, scope, trace);
  const [first, second] = expression.index;
  if (first === undefined || second !== undefined || expression.isSlice || object.conditional) return unknown;
  const index = trace.evaluate(first, scope, trace);
  if (object.kind === 'dictionary') return entryOf(object, index) ?? unknown;
  if (!isSequence(object) || object.kind === 'set' || index.kind !== 'number') return unknown;
  if (object.items.some((item) => item.conditional) || (object.partial && index.value < 0)) return unknown;
  return object.partial ? unknown : (object.items.at(index.value) ?? unknown);
}
