import { childExpressionsOf } from '../../syntax/child-expressions.ts';
import { valueOfName } from '../../syntax/evaluate.ts';
import { textOfLiterals } from '../../syntax/evaluation/literals.ts';
import type {
  BinaryExpression,
  ComprehensionExpression,
  Expression,
  NameExpression,
  OtherExpression,
  StringExpression,
  SubscriptExpression,
} from '../../syntax/module.ts';
import { assign } from './assignment.ts';
import { attributeOf } from './attributes.ts';
import { evaluateCall } from './calls.ts';
import { comparisonVerdict, verdictOf } from './conditions.ts';
import { dividedPath, heldPath, partOfPath } from './file-texts.ts';
import { eitherOf, type Held, listOf, rowsOf, unknown } from './held.ts';
import { heldOf, memberOf } from './module-names.ts';
import { closureOf, findName, innerScope, type NameScope } from './name-scope.ts';
import { during, type Reading } from './reading.ts';
import { elementOf, sliceOf } from './rows-methods.ts';
import { itemsToUnfold, keep, yielded } from './statements.ts';
import { combinedText, heldText, heldValue } from './texts.ts';
import { isUnsteadyResult } from './unsteady.ts';
import { anyVerdict, bothVerdicts, negatedVerdict, type Verdict } from './verdict.ts';

/** What an expression holds; the writes of the calls in it are noted on the way. */
export function evaluateExpression(expression: Expression, scope: NameScope, reading: Reading): Held {
  switch (expression.kind) {
    case 'name':
      return nameOf(expression, scope, reading);
    case 'attribute': {
      const object = reading.evaluate(expression.object, scope);
      if (object.kind === 'text') return partOfPath(object, expression, scope.inside.module);
      return attributeOf(object, expression, reading);
    }
    case 'call':
      return evaluateCall(expression, scope, reading);
    case 'subscript':
      return subscript(expression, scope, reading);
    case 'string':
      return stringOf(expression, scope, reading);
    case 'number':
      return { kind: 'number', value: expression.value };
    case 'constant':
      return expression.value === '...' ? unknown : { kind: 'constant', value: expression.value };
    case 'lambda':
      return {
        kind: 'function',
        definition: expression,
        inside: scope.inside,
        scope,
        boundPositional: [],
        boundKeywords: new Map(),
      };
    case 'conditional': {
      const verdict = verdictOf(reading.evaluate(expression.test, scope));
      const body = reading.evaluate(expression.body, scope);
      const orElse = reading.evaluate(expression.orElse, scope);
      if (verdict.decided !== undefined) return verdict.decided ? body : orElse;
      return eitherOf(body, orElse);
    }
    case 'comprehension':
      return comprehension(expression, scope, reading);
    default:
      return combined(expression, scope, reading);
  }
}

type Combined = Exclude<
  Expression,
  {
    kind:
      | 'name'
      | 'attribute'
      | 'call'
      | 'subscript'
      | 'string'
      | 'number'
      | 'constant'
      | 'lambda'
      | 'conditional'
      | 'comprehension';
  }
>;

function combined(expression: Combined, scope: NameScope, reading: Reading): Held {
  switch (expression.kind) {
    case 'list':
    case 'tuple':
    case 'set': {
      const isWhole = !expression.broken && expression.items.every((item) => item.kind !== 'starred');
      return listOf(
        expression.items.map((item) => reading.evaluate(item, scope)),
        isWhole,
      );
    }
    case 'dictionary': {
      const entries = new Map<string, Held>();
      for (const { key, value } of expression.entries) {
        const held = reading.evaluate(value, scope);
        const name = key === undefined ? unknown : reading.evaluate(key, scope);
        if (name.kind === 'text') entries.set(name.text, held);
      }
      return { kind: 'dictionary', entries, isWhole: entries.size === expression.entries.length && !expression.broken };
    }
    case 'unary': {
      const operand = reading.evaluate(expression.operand, scope);
      if (expression.operator !== 'not') return expression.operator === 'await' ? operand : scalar(operand);
      return condition(negatedVerdict(verdictOf(operand)));
    }
    case 'binary':
      return binary(expression, scope, reading);
    case 'comparison': {
      const [left = unknown, right = unknown, ...more] = expression.operands.map((each) =>
        reading.evaluate(each, scope),
      );
      const [operator = ''] = expression.operators;
      return more.length > 0 ? unknown : condition(comparisonVerdict(left, operator, right, reading.context.target));
    }
    case 'starred':
      return elementOf(reading.evaluate(expression.value, scope));
    default:
      return otherOf(expression, scope, reading);
  }
}

function condition(verdict: Verdict): Held {
  return { kind: 'condition', verdict };
}

function scalar(held: Held): Held {
  return held.kind === 'number' || held.kind === 'query-expression' ? held : unknown;
}

function binary(expression: BinaryExpression, scope: NameScope, reading: Reading): Held {
  const { operator } = expression;
  const left = reading.evaluate(expression.left, scope);
  const right = reading.evaluate(expression.right, scope);
  if (operator === 'and' || operator === 'or') {
    const combine = operator === 'and' ? bothVerdicts : anyVerdict;
    const verdict = combine(verdictOf(left), verdictOf(right));
    return verdict.decided === undefined && verdict.polarity === undefined ? eitherOf(left, right) : condition(verdict);
  }
  if (left.kind === 'query-expression' || right.kind === 'query-expression') return { kind: 'query-expression' };
  const unsteady = [left, right].find(isUnsteadyResult);
  if (unsteady !== undefined) return unsteady;
  if (left.kind === 'rows' && right.kind === 'rows') return rowsOf({ ...left.rows, selection: 'unknown' });
  if (left.kind === 'list' && right.kind === 'list') {
    return listOf([...left.items, ...right.items], left.isWhole && right.isWhole);
  }
  if (operator === '/') return dividedPath(expression, [left, right], scope.inside.module);
  return combinedText(expression, [left, right], scope.inside.module) ?? unknown;
}

function nameOf(expression: NameExpression, scope: NameScope, reading: Reading): Held {
  const { name } = expression;
  const bound = findName(scope, name) ?? memberOf(scope.inside, name, reading.context);
  if (bound !== undefined) return bound;
  const closure = closureOf(scope);
  const enclosed = closure === undefined ? undefined : valueOfName(name, closure);
  if (enclosed !== undefined) return heldOf(enclosed, reading.context);
  return heldPath(name, scope.inside, reading) ?? { kind: 'external', name: `builtins.${name}` };
}

function stringOf(expression: StringExpression, scope: NameScope, reading: Reading): Held {
  const { module } = scope.inside;
  return heldText(
    textOfLiterals(expression, module, (field) => heldValue(reading.evaluate(field, scope), field, module)),
  );
}

function subscript(expression: SubscriptExpression, scope: NameScope, reading: Reading): Held {
  const object = reading.evaluate(expression.object, scope);
  const [index = unknown] = expression.index.map((each) => reading.evaluate(each, scope));
  switch (object.kind) {
    case 'rows':
      return sliceOf(object.rows, expression, expression.isSlice, reading.moment.inLoop);
    case 'values': {
      const sliced = sliceOf(object.rows, expression, true, reading.moment.inLoop);
      return expression.isSlice && sliced.kind === 'rows' ? { ...object, rows: sliced.rows } : unknown;
    }
    case 'list':
      if (expression.isSlice) return { ...object, isWhole: false };
      return (index.kind === 'number' && object.isWhole ? object.items[index.value] : undefined) ?? elementOf(object);
    case 'dictionary':
      return (index.kind === 'text' ? object.entries.get(index.text) : undefined) ?? unknown;
    case 'environment':
      return { kind: 'environment', name: index.kind === 'text' ? index.text : object.name };
    case 'external':
      return object.name === 'django.db.connections' ? { kind: 'connection' } : unknown;
    case 'answer':
      return object;
    case 'row-attribute':
      return object;
    default:
      return unknown;
  }
}

function comprehension(expression: ComprehensionExpression, scope: NameScope, reading: Reading): Held {
  const unfolded = unfoldedItems(expression, scope, reading);
  if (unfolded !== undefined) return unfolded;
  const inner = innerScope(scope);
  let picks = reading.moment.picks;
  let inRowLoop = reading.moment.inRowLoop;
  for (const clause of expression.clauses) {
    const element = elementOf(reading.evaluate(clause.iterable, inner));
    inRowLoop ||= element.kind === 'row';
    assign(clause.target, element, clause.iterable, inner, reading);
    for (const test of clause.conditions) reading.evaluate(test, inner);
    picks ||= clause.conditions.length > 0;
  }
  return during(reading, { inLoop: true, repeats: true, inRowLoop, picks }, () => {
    if (expression.key !== undefined) reading.evaluate(expression.key, inner);
    const element = reading.evaluate(expression.element, inner);
    if (element.kind !== 'row' || !picks) return listOf([element], false);
    return listOf([{ kind: 'row', row: { ...element.row, isPicked: true } }], false);
  });
}

/** `[f"DROP INDEX {name}" for name in NAMES]`, one by one; undefined where it is not known what it goes through. */
function unfoldedItems(expression: ComprehensionExpression, scope: NameScope, reading: Reading): Held | undefined {
  const [clause, second] = expression.clauses;
  if (clause === undefined || second !== undefined || clause.conditions.length > 0) return undefined;
  if (expression.form === 'dictionary') return undefined;
  const items = itemsToUnfold(reading.evaluate(clause.iterable, scope));
  if (items === undefined) return undefined;
  const elements = items.map((item) => {
    const inner = innerScope(scope);
    assign(clause.target, item, clause.iterable, inner, reading);
    return during(reading, { inLoop: true }, () => reading.evaluate(expression.element, inner));
  });
  return listOf(elements, true);
}

/** `(name := value)` and `yield value`; of anything else only the parts are looked at. */
function otherOf(expression: OtherExpression, scope: NameScope, reading: Reading): Held {
  const text = scope.inside.text.slice(expression.span.start, expression.span.end);
  const [first, second] = expression.children;
  if (first?.kind === 'name' && second !== undefined && text.includes(':=')) {
    const held = reading.evaluate(second, scope);
    assign(first, held, second, scope, reading);
    return held;
  }
  const parts = childExpressionsOf(expression).map((child) => reading.evaluate(child, scope));
  if (/^yield\b/.test(text)) {
    const [value = unknown] = parts;
    keep(scope, yielded, /^yield\s+from\b/.test(text) ? elementOf(value) : value);
  }
  return unknown;
}
