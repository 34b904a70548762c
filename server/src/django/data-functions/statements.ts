import type {
  AugmentedAssignStatement,
  BinaryExpression,
  ForStatement,
  IfStatement,
  Statement,
  WithStatement,
} from '../../syntax/module.ts';
import { assign } from './assignment.ts';
import { verdictOf } from './conditions.ts';
import { eitherOf, eitherText, type Held, unknown } from './held.ts';
import { importNames } from './module-names.ts';
import type { NameScope } from './name-scope.ts';
import { during, type Leaving, type Moment, type Reading } from './reading.ts';
import { forgetReassigned } from './repeated.ts';
import { elementOf } from './rows-methods.ts';
import { combinedText, isText } from './texts.ts';
import { negatedVerdict, type Verdict } from './verdict.ts';

/** The name under which a scope keeps what the function has returned or yielded so far. */
export const returned = ' returned';
export const yielded = ' yielded';

/** How many items of a literal list a loop is run for, one by one. */
const unfoldedItems = 60;

/** Runs statements in order; says how they end early, where they do. */
export function runStatements(statements: readonly Statement[], scope: NameScope, reading: Reading): Leaving {
  for (const statement of statements) {
    const leaving = runStatement(statement, scope, reading);
    if (leaving !== undefined) return leaving;
  }
  return undefined;
}

function runStatement(statement: Statement, scope: NameScope, reading: Reading): Leaving {
  switch (statement.kind) {
    case 'if':
      return runIf(statement, scope, reading);
    case 'for':
      return runFor(statement, scope, reading);
    case 'while':
      forgetReassigned(statement.body, scope);
      during(reading, { inLoop: true, repeats: true }, () => {
        reading.evaluate(statement.test, scope);
        return reading.run(statement.body, scope);
      });
      return reading.run(statement.orElse, scope);
    case 'with':
      return runWith(statement, scope, reading);
    case 'try': {
      const tried = reading.moment.tried || statement.handlers.length > 0;
      const leaving = during(reading, { tried }, () => reading.run(statement.body, scope));
      for (const handler of statement.handlers) {
        during(reading, { conditional: true }, () => reading.run(handler, scope));
      }
      const last = reading.run([...(leaving === undefined ? statement.orElse : []), ...statement.finally], scope);
      // A handler may swallow what was raised and go on.
      return statement.handlers.length > 0 && leaving === 'raise' ? last : (leaving ?? last);
    }
    case 'match':
      reading.evaluate(statement.subject, scope);
      for (const branch of statement.cases) {
        during(reading, underCondition(reading.moment), () => reading.run(branch, scope));
      }
      return undefined;
    default:
      return runSimple(statement, scope, reading);
  }
}

function runSimple(statement: Statement, scope: NameScope, reading: Reading): Leaving {
  switch (statement.kind) {
    case 'expression':
      reading.evaluate(statement.value, scope);
      return undefined;
    case 'assign': {
      const held = reading.evaluate(statement.value, scope);
      for (const target of statement.targets) assign(target, held, statement.value, scope, reading);
      return undefined;
    }
    case 'augmented-assign': {
      const held = reading.evaluate(statement.value, scope);
      augment(statement, held, scope, reading);
      return undefined;
    }
    case 'return':
      if (statement.value !== undefined) keep(scope, returned, reading.evaluate(statement.value, scope));
      return 'return';
    case 'raise':
      if (statement.value !== undefined) reading.evaluate(statement.value, scope);
      return 'raise';
    case 'simple':
      return statement.keyword === 'break' || statement.keyword === 'continue' ? 'loop' : undefined;
    case 'import':
    case 'import-from':
      for (const [name, held] of importNames(statement, scope.inside, reading.context)) scope.names.set(name, held);
      return undefined;
    case 'function':
      scope.names.set(statement.name, {
        kind: 'function',
        definition: statement,
        inside: scope.inside,
        scope,
        boundPositional: [],
        boundKeywords: new Map(),
      });
      return undefined;
    case 'class':
      scope.names.set(statement.name, { kind: 'class', statement, inside: scope.inside, scope });
      return undefined;
    default:
      return undefined;
  }
}

/** Remembers one of several results under a name that no Python code can have. */
export function keep(scope: NameScope, name: string, held: Held): void {
  const known = scope.names.get(name);
  scope.names.set(name, known === undefined ? held : eitherOf(known, held));
}

/** `rows |= others`, `found += [row]`, `order.total += 1` */
function augment(statement: AugmentedAssignStatement, held: Held, scope: NameScope, reading: Reading): void {
  const { target, value } = statement;
  const before = reading.evaluate(target, scope);
  if (before.kind === 'list') {
    if (held.kind === 'list') before.items.push(...held.items);
    else before.items.push(elementOf(held));
    before.isWhole &&= held.kind === 'list' && held.isWhole && !isUncertain(reading);
    return;
  }
  const text = augmentedText(statement, [before, held], scope, reading);
  if (text !== undefined) {
    assign(target, text, value, scope, reading);
    return;
  }
  const changed: Held =
    before.kind === 'rows' ? { kind: 'rows', rows: { ...before.rows, selection: 'unknown' } } : unknown;
  assign(target, changed, value, scope, reading);
}

/** `sql += " WHERE …"`; what is added again and again, or only sometimes, is not known. */
function augmentedText(
  { target, operator, value, span }: AugmentedAssignStatement,
  [before, added]: readonly [Held, Held],
  { inside: { module } }: NameScope,
  reading: Reading,
): Held | undefined {
  const sum: BinaryExpression = { kind: 'binary', operator: operator.slice(0, -1), left: target, right: value, span };
  return combinedText(sum, [before, isUncertain(reading) ? unknown : added], module);
}

/** Whether what happens now may happen several times or not at all. */
export function isUncertain({ moment: { repeats, conditional, picks } }: Reading): boolean {
  return repeats || conditional || picks;
}

function runIf(statement: IfStatement, scope: NameScope, reading: Reading): Leaving {
  const verdict = verdictOf(reading.evaluate(statement.test, scope));
  if (verdict.decided !== undefined) return reading.run(verdict.decided ? statement.body : statement.orElse, scope);
  const { moment } = reading;
  const texts = textsIn(scope);
  const body = during(reading, whenTrue(moment, verdict), () => reading.run(statement.body, scope));
  const textsAfter = textsIn(scope);
  for (const [name, held] of texts) scope.names.set(name, held);
  const orElse = during(reading, whenTrue(moment, negatedVerdict(verdict)), () => reading.run(statement.orElse, scope));
  joinTexts(scope, textsAfter, body, orElse);
  if (body !== undefined && orElse !== undefined) return body;
  if (body !== undefined) reading.moment = afterLeaving(reading, verdict, body);
  if (orElse !== undefined) reading.moment = afterLeaving(reading, negatedVerdict(verdict), orElse);
  return undefined;
}

function textsIn({ names }: NameScope): ReadonlyMap<string, Held> {
  return new Map([...names].filter(([, held]) => isText(held) || held.kind === 'either-text'));
}

/** After two ways of which one is taken a text may be either. */
function joinTexts({ names }: NameScope, afterBody: ReadonlyMap<string, Held>, body: Leaving, orElse: Leaving): void {
  if (body !== undefined) return;
  for (const [name, held] of afterBody) {
    const other = orElse === undefined ? names.get(name) : undefined;
    names.set(name, other === undefined ? held : (eitherText(held, other) ?? other));
  }
}

/** What changes for the statements that run where a condition is true. */
function whenTrue(moment: Moment, verdict: Verdict): Partial<Moment> {
  if (verdict.polarity === 'opt-in') return { guarded: true };
  if (verdict.polarity === 'opt-out' || verdict.isAboutRows) return {};
  return underCondition(moment);
}

function underCondition(moment: Moment): Partial<Moment> {
  return moment.inRowLoop ? { picks: true } : { conditional: true };
}

/** The circumstances after `if condition: raise` or `return`, for what comes next. */
function afterLeaving(reading: Reading, verdict: Verdict, leaving: Exclude<Leaving, undefined>): Moment {
  const { moment } = reading;
  const isGuard = (leaving !== 'loop' && verdict.polarity === 'opt-out') || (leaving === 'raise' && !moment.inLoop);
  if (isGuard) return { ...moment, guarded: true, guardRaises: moment.guardRaises || leaving === 'raise' };
  if (verdict.polarity !== undefined || verdict.isAboutRows) return moment;
  return { ...moment, ...underCondition(moment) };
}

function runFor(statement: ForStatement, scope: NameScope, reading: Reading): Leaving {
  const iterable = reading.evaluate(statement.iterable, scope);
  const items = itemsToUnfold(iterable);
  if (items !== undefined) {
    for (const item of items) {
      assign(statement.target, item, statement.iterable, scope, reading);
      const leaving = during(reading, { inLoop: true }, () => reading.run(statement.body, scope));
      if (leaving === 'return' || leaving === 'raise') return leaving;
    }
    return reading.run(statement.orElse, scope);
  }
  const element = elementOf(iterable);
  const circumstances = {
    inLoop: true,
    repeats: true,
    inRowLoop: reading.moment.inRowLoop || isFromRows(iterable, element),
  };
  forgetReassigned(statement.body, scope);
  assign(statement.target, element, statement.iterable, scope, reading);
  during(reading, circumstances, () => reading.run(statement.body, scope));
  return reading.run(statement.orElse, scope);
}

/** What a loop goes through, where all of it is known and nothing of it stands for many. */
export function itemsToUnfold(held: Held): readonly Held[] | undefined {
  if (held.kind === 'dictionary' && held.isWhole) {
    return [...held.entries.keys()].map((text) => ({ kind: 'text', text }));
  }
  if (held.kind !== 'list' || !held.isWhole || held.items.length > unfoldedItems) return undefined;
  const isKnown = held.items.length > 0 && held.items.every((item) => item.kind !== 'row' && item.kind !== 'unknown');
  // A loop may add to the list that it goes through.
  return isKnown ? [...held.items] : undefined;
}

function isFromRows(iterable: Held, element: Held): boolean {
  return (
    element.kind === 'row' ||
    iterable.kind === 'values' ||
    (element.kind === 'list' && element.items.some((item) => item.kind === 'row'))
  );
}

function runWith(statement: WithStatement, scope: NameScope, reading: Reading): Leaving {
  let isAtomic = false;
  for (const { context, target } of statement.items) {
    const held = reading.evaluate(context, scope);
    if (target !== undefined) assign(target, held, context, scope, reading);
    isAtomic ||= held.kind === 'result' && held.of === 'django.db.transaction.atomic';
  }
  const { block } = reading.moment;
  if (isAtomic) reading.moment = { ...reading.moment, block: block ?? statement.span.start };
  const leaving = reading.run(statement.body, scope);
  reading.moment = { ...reading.moment, block };
  return leaving;
}
