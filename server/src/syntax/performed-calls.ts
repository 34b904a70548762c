import { childExpressionsOf } from './child-expressions.ts';
import { evaluate } from './evaluate.ts';
import type {
  BinaryExpression,
  CallExpression,
  ComprehensionExpression,
  ConditionalExpression,
  Expression,
  ForStatement,
  IfStatement,
  Statement,
  TryStatement,
  WithStatement,
} from './module.ts';
import {
  argumentsOf,
  bindItems,
  decide,
  type End,
  itemsOf,
  type Judgement,
  type Moment,
  type PerformedCalls,
  type Place,
  type Run,
  type RunTimeLoop,
  startingMoment,
} from './performed-call.ts';
import type { Scope } from './scope.ts';
import { functionScope } from './scopes.ts';
import type { FunctionValue, Value } from './value.ts';
import { unknownValue } from './values.ts';

/** Calls within calls deeper than this are not followed, and no more calls than this are told. */
const deepest = 8;
const most = 20_000;

/** Goes through a function as Python would, through the functions at hand that it calls, and tells every other call. */
export function performedCalls(value: FunctionValue, judgement: Judgement): PerformedCalls {
  const run: Run = { judgement, calls: [], calling: [], complete: true };
  const end = runFunction(value, new Map(), startingMoment, run);
  return { calls: run.calls, raises: end === 'raises', complete: run.complete };
}

function runFunction(value: FunctionValue, given: ReadonlyMap<string, Value>, moment: Moment, run: Run): End {
  const { definition } = value;
  if (run.calling.includes(definition) || run.calling.length >= deepest) {
    run.complete = false;
    return 'goes on';
  }
  run.calling.push(definition);
  const inside = functionScope(value, given);
  const names = new Map<string, Value>();
  const scope: Scope = {
    module: inside.module,
    surroundings: inside.surroundings,
    enclosing: inside.enclosing,
    find: (name, at, trace) => names.get(name) ?? inside.find(name, at, trace),
  };
  const place: Place = { scope, names, run, moment };
  const end = definition.kind === 'function' ? runStatements(definition.body, place) : perform(definition.body, place);
  run.calling.pop();
  return end;
}

function runStatements(statements: readonly Statement[], place: Place): End {
  for (const statement of statements) {
    if (place.run.calls.length > most) place.run.complete = false;
    if (!place.run.complete && place.run.calls.length > most) return 'goes on';
    const end = runStatement(statement, place);
    if (end !== 'goes on') return end;
  }
  return 'goes on';
}

function runStatement(statement: Statement, place: Place): End {
  switch (statement.kind) {
    case 'if':
      return runIf(statement, place);
    case 'for':
      return runFor(statement, place);
    case 'while':
      perform(statement.test, place);
      return runMaybe([statement.body, statement.orElse], place, { repeats: true });
    case 'with':
      return runWith(statement, place);
    case 'try':
      return runTry(statement, place);
    case 'match':
      perform(statement.subject, place);
      return runMaybe(statement.cases, place, {});
    case 'return':
      if (statement.value !== undefined) perform(statement.value, place);
      return 'returns';
    case 'raise':
      return 'raises';
    case 'assign':
      perform(statement.value, place);
      for (const target of statement.targets) assign(target, statement.value, place);
      return 'goes on';
    case 'augmented-assign':
      perform(statement.value, place);
      if (statement.target.kind === 'name') place.names.delete(statement.target.name);
      return 'goes on';
    case 'expression':
      return perform(statement.value, place);
    case 'delete':
    case 'import':
    case 'import-from':
    case 'function':
    case 'class':
    case 'simple':
      return 'goes on';
  }
}

/** What is bound here is known better than by reading the function as a whole: rounds of loops, `with … as name`. */
function assign(target: Expression, value: Expression, place: Place): void {
  if (target.kind === 'name') place.names.set(target.name, evaluate(value, place.scope));
  else bindItems(target, evaluate(value, place.scope), place);
}

function runIf(statement: IfStatement, place: Place): End {
  const { judgement } = place.run;
  const { test } = statement;
  perform(test, place);
  const decided = decide(test, place);
  if (decided !== undefined) return runStatements(decided ? statement.body : statement.orElse, place);
  const guards = judgement.isGuard(test, place.scope);
  const before = place.moment;
  const inside: Moment = { ...before, certainty: 'conditional', guarded: before.guarded || guards };
  const then = runIn(statement.body, place, inside);
  const otherwise = runIn(statement.orElse, place, inside);
  place.moment = before;
  if (then !== 'goes on' && otherwise !== 'goes on') return then === otherwise ? then : 'returns';
  if (then === 'goes on' && otherwise === 'goes on') return 'goes on';
  // What follows runs only where nothing ended here. A guard lets all of it through or none: that is no condition.
  place.moment = guards ? { ...before, guarded: true } : { ...before, certainty: 'conditional' };
  return 'goes on';
}

function runIn(statements: readonly Statement[], place: Place, moment: Moment): End {
  place.moment = moment;
  return runStatements(statements, place);
}

function runMaybe(blocks: readonly (readonly Statement[])[], place: Place, more: Partial<Moment>): End {
  const before = place.moment;
  for (const block of blocks) runIn(block, place, { ...before, certainty: 'conditional', ...more });
  place.moment = before;
  return 'goes on';
}

function runFor(statement: ForStatement, place: Place): End {
  perform(statement.iterable, place);
  const iterable = evaluate(statement.iterable, place.scope);
  const items = itemsOf(iterable);
  if (items === undefined) {
    bindItems(statement.target, unknownValue(statement.target, place.scope.module), place);
    const loop: RunTimeLoop = { statement, iterable, certainty: place.moment.certainty };
    return runMaybe([statement.body, statement.orElse], place, { repeats: true, loop });
  }
  for (const item of items) {
    bindItems(statement.target, item, place);
    const end = runStatements(statement.body, place);
    if (end !== 'goes on') return end;
  }
  return runStatements(statement.orElse, place);
}

function runWith(statement: WithStatement, place: Place): End {
  const before = place.moment;
  for (const { context, target } of statement.items) {
    perform(context, place);
    const value = evaluate(context, place.scope);
    if (value.kind === 'call') place.moment = { ...place.moment, within: [...place.moment.within, value] };
    if (target !== undefined) bindItems(target, value, place);
  }
  const end = runStatements(statement.body, place);
  place.moment = { ...place.moment, within: before.within };
  return end;
}

function runTry(statement: TryStatement, place: Place): End {
  const end = runStatements(statement.body, place);
  runMaybe(statement.handlers, place, {});
  const rest = end === 'goes on' ? runStatements(statement.orElse, place) : end;
  const last = runStatements(statement.finally, place);
  return last === 'goes on' ? rest : last;
}

/** The calls in an expression, the inner ones first, as Python makes them. */
function perform(expression: Expression, place: Place): End {
  if (expression.kind === 'lambda') return 'goes on';
  if (expression.kind === 'comprehension') return performRounds(expression, place);
  if (expression.kind === 'conditional') return performEither(expression, place);
  if (expression.kind === 'binary' && /^(?:and|or)$/.test(expression.operator)) return performBoth(expression, place);
  for (const child of childExpressionsOf(expression)) perform(child, place);
  return expression.kind === 'call' ? performCall(expression, place) : 'goes on';
}

/** `a() if test else b()` */
function performEither({ test, body, orElse }: ConditionalExpression, place: Place): End {
  perform(test, place);
  const decided = decide(test, place);
  if (decided !== undefined) return perform(decided ? body : orElse, place);
  performMaybe([body, orElse], place);
  return 'goes on';
}

/** `test and a()`, `test or a()` */
function performBoth({ left, operator, right }: BinaryExpression, place: Place): End {
  perform(left, place);
  const decided = decide(left, place);
  if (decided === undefined) performMaybe([right], place);
  else if (decided === (operator === 'and')) return perform(right, place);
  return 'goes on';
}

function performMaybe(expressions: readonly Expression[], place: Place): void {
  const before = place.moment;
  place.moment = { ...before, certainty: 'conditional' };
  for (const expression of expressions) perform(expression, place);
  place.moment = before;
}

/** As a loop over each of its clauses, inside the one before; its names are its own. */
function performRounds(comprehension: ComprehensionExpression, place: Place): End {
  const { clauses } = comprehension;
  const before = new Map(place.names);
  const { moment } = place;
  const runClause = (depth: number): void => {
    const clause = clauses[depth];
    if (clause === undefined) {
      if (comprehension.key !== undefined) perform(comprehension.key, place);
      perform(comprehension.element, place);
      return;
    }
    perform(clause.iterable, place);
    const inside = place.moment;
    const items = itemsOf(evaluate(clause.iterable, place.scope));
    if (items === undefined) place.moment = { ...inside, certainty: 'conditional', repeats: true };
    const round = place.moment;
    for (const item of items ?? [unknownValue(clause.target, place.scope.module)]) {
      place.moment = round;
      bindItems(clause.target, item, place);
      if (clause.conditions.every((condition) => mayHold(condition, place))) runClause(depth + 1);
    }
    place.moment = inside;
  };
  runClause(0);
  place.names.clear();
  for (const [name, value] of before) place.names.set(name, value);
  place.moment = moment;
  return 'goes on';
}

/** What follows a condition that cannot be decided is conditional. */
function mayHold(condition: Expression, place: Place): boolean {
  perform(condition, place);
  const decided = decide(condition, place);
  if (decided === undefined) place.moment = { ...place.moment, certainty: 'conditional' };
  return decided !== false;
}

function performCall(call: CallExpression, place: Place): End {
  const { scope, run, moment } = place;
  const callee = evaluate(call.callee, scope);
  if (callee.kind === 'function') {
    const through = [...moment.through, call];
    const end = runFunction(callee, argumentsOf(call, callee, scope), { ...moment, through }, run);
    return end === 'raises' ? 'raises' : 'goes on';
  }
  const value = evaluate(call, scope);
  if (value.kind === 'call') run.calls.push({ ...moment, value });
  return 'goes on';
}
