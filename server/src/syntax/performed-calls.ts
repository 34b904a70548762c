import { childExpressionsOf } from './child-expressions.ts';
import { evaluate } from './evaluate.ts';
import type {
  CallExpression,
  Expression,
  ForStatement,
  IfStatement,
  Statement,
  TryStatement,
  WithStatement,
} from './module.ts';
import type { Scope } from './scope.ts';
import { functionScope } from './scopes.ts';
import { truthOf } from './truth.ts';
import type { CallValue, FunctionValue, Value } from './value.ts';
import { isSequence, unknownValue } from './values.ts';

/** One call that a function makes when it runs, as far as reading can tell. */
export interface PerformedCall {
  readonly value: CallValue;
  /** `conditional`: behind a test that cannot be decided, or in a loop that may not run. */
  readonly certainty: 'certain' | 'conditional';
  /** Behind a guard: a test that raises or returns unless the environment allows what follows. */
  readonly guarded: boolean;
  /** In a loop whose rounds are not known. */
  readonly repeats: boolean;
  /** The innermost loop over something that is only known at run time: the rows of a query, mostly. */
  readonly loop: RunTimeLoop | undefined;
  /** The calls after `with` that it stands in, outermost first. */
  readonly within: readonly CallValue[];
  /** The calls of functions at hand that lead to it, outermost first. */
  readonly through: readonly CallExpression[];
}

export interface RunTimeLoop {
  readonly statement: ForStatement;
  /** What it goes through. */
  readonly iterable: Value;
  /** Of the loop as a whole. */
  readonly certainty: PerformedCall['certainty'];
}

export interface PerformedCalls {
  readonly calls: readonly PerformedCall[];
  /** It raises on every way through it. */
  readonly raises: boolean;
  /** False where too much would have to be gone through. */
  readonly complete: boolean;
}

/** What decides what reading alone cannot. */
export interface Judgement {
  /** Whether a test holds, where more is known of it than its value: `context.is_offline_mode()`. */
  decide(test: Expression, scope: Scope): boolean | undefined;
  /** Whether a test asks for leave: it reads the environment, a setting, an argument of the command line. */
  isGuard(test: Expression, scope: Scope): boolean;
}

/** Calls within calls deeper than this are not followed, and no more calls than this are told. */
const deepest = 8;
const most = 20_000;

/** Goes through a function as Python would, through the functions at hand that it calls, and tells every other call. */
export function performedCalls(value: FunctionValue, judgement: Judgement): PerformedCalls {
  const run: Run = { judgement, calls: [], calling: [], complete: true };
  const end = runFunction(value, new Map(), startingMoment, run);
  return { calls: run.calls, raises: end === 'raises', complete: run.complete };
}

interface Run {
  readonly judgement: Judgement;
  readonly calls: PerformedCall[];
  readonly calling: unknown[];
  complete: boolean;
}

type Moment = Omit<PerformedCall, 'value'>;

const startingMoment: Moment = {
  certainty: 'certain',
  guarded: false,
  repeats: false,
  loop: undefined,
  within: [],
  through: [],
};

/** How a block ends: what follows it is reached, or not. */
type End = 'goes on' | 'returns' | 'raises';

/** Where statements are gone through: the names as they stand, what holds there, and what was bound on the way. */
interface Place {
  readonly scope: Scope;
  readonly names: Map<string, Value>;
  readonly run: Run;
  moment: Moment;
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

function bindItems(target: Expression, value: Value, place: Place): void {
  if (target.kind === 'name') place.names.set(target.name, value);
  if (target.kind !== 'tuple' && target.kind !== 'list') return;
  target.items.forEach((item, index) => {
    const known = isSequence(value) && !value.partial ? value.items[index] : undefined;
    bindItems(item, known ?? unknownValue(item, place.scope.module), place);
  });
}

function runIf(statement: IfStatement, place: Place): End {
  const { judgement } = place.run;
  const { test } = statement;
  perform(test, place);
  const decided = judgement.decide(test, place.scope) ?? truthOf(evaluate(test, place.scope));
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

/** Loops over more than this are gone through once. */
const longestLoop = 1000;

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

function itemsOf(value: Value): readonly Value[] | undefined {
  const items = value.kind === 'dictionary' ? value.entries.map(({ key }) => key) : undefined;
  const known = isSequence(value) ? value.items : items;
  const isWhole = (isSequence(value) || value.kind === 'dictionary') && !value.partial && !value.conditional;
  return known !== undefined && isWhole && known.length <= longestLoop ? known : undefined;
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
  if (expression.kind === 'comprehension') {
    const before = place.moment;
    place.moment = { ...before, certainty: 'conditional', repeats: true };
    for (const child of childExpressionsOf(expression)) perform(child, place);
    place.moment = before;
    return 'goes on';
  }
  for (const child of childExpressionsOf(expression)) perform(child, place);
  return expression.kind === 'call' ? performCall(expression, place) : 'goes on';
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

/** By parameter name; what is not known is left out. */
function argumentsOf(call: CallExpression, { definition, bound, scope: around }: FunctionValue, scope: Scope) {
  const given = new Map<string, Value>();
  const free = definition.parameters.filter(({ name, form }) => form === 'plain' && !bound.has(name));
  for (const parameter of free) {
    if (parameter.default !== undefined) given.set(parameter.name, evaluate(parameter.default, around));
  }
  let position = 0;
  for (const argument of call.arguments) {
    const name = argument.name ?? free[position++]?.name;
    if (argument.form !== 'plain') break;
    if (name !== undefined) given.set(name, evaluate(argument.value, scope));
  }
  return given;
}
