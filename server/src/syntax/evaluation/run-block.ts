import type { Expression, ForStatement, IfStatement, Statement, TryStatement } from '../module.ts';
import { type Lazy, lazy, type Trace } from '../scope.ts';
import { truthOf } from '../truth.ts';
import type { Value } from '../value.ts';
import { either, isSequence, nameAt, partially, unknownValue } from '../values.ts';
import { bindOnce, eitherOrUnknown, isCollection, joinNames } from './changed-names.ts';
import { combine } from './combine.ts';
import { bind, type Environment, lookUp, namesSince } from './environment.ts';
import { isOpenFile } from './file-text.ts';
import type { Frame } from './frame.ts';
import { bindImport, bindImportFrom } from './run-import.ts';
import { bindMutation, bindSubscript } from './run-mutation.ts';
import { bindTarget } from './run-target.ts';

/** How a block of statements leaves things. */
export interface Outcome {
  readonly environment: Environment;
  /** What follows the block is not reached. */
  readonly ends: boolean;
  /** What a function returns when it gets here; undefined where the block does not end with `return value`. */
  readonly returned: Lazy | undefined;
  /** Some way through the block that may be taken returns. */
  readonly mayReturn: boolean;
}

/** Loops over more than this are not unfolded. */
const longestLoop = 1000;

/**
 * Goes through the statements in order and notes what each name is worth after them, without running anything: the
 * values are computed when they are asked for. Of an `if` whose test is known only the way that is taken counts.
 */
export function runBlock(statements: readonly Statement[], start: Environment, frame: Frame, trace: Trace): Outcome {
  let environment = start;
  let mayReturn = false;
  for (const statement of statements) {
    frame.note(statement.span.start, environment);
    const outcome = runStatement(statement, environment, frame, trace);
    environment = outcome.environment;
    mayReturn ||= outcome.mayReturn;
    if (outcome.ends) return { ...outcome, mayReturn };
  }
  return { environment, ends: false, returned: undefined, mayReturn };
}

function runStatement(statement: Statement, environment: Environment, frame: Frame, trace: Trace): Outcome {
  trace.steps++;
  switch (statement.kind) {
    case 'if':
      return runIf(statement, environment, frame, trace);
    case 'for':
      return runFor(statement, environment, frame, trace);
    case 'while':
      return loopOnce(statement, environment, environment, frame, trace);
    case 'with':
      return runWith(statement, environment, frame, trace);
    case 'try':
      return runTry(statement, environment, frame, trace);
    case 'match':
      return statement.cases
        .map((body) => runBlock(body, environment, frame, trace))
        .reduce((one, other) => joined(environment, one, other, frame), going(environment));
    case 'return':
      return { ...going(environment), ends: true, returned: returnedValue(statement, environment, frame) };
    case 'raise':
      return { ...going(environment), ends: true };
    case 'simple':
      return { ...going(environment), ends: statement.keyword === 'break' || statement.keyword === 'continue' };
    default:
      return going(bindSimple(statement, environment, frame));
  }
}

function going(environment: Environment): Outcome {
  return { environment, ends: false, returned: undefined, mayReturn: false };
}

function returnedValue(
  statement: Extract<Statement, { kind: 'return' }>,
  environment: Environment,
  frame: Frame,
): Lazy {
  const { value, span } = statement;
  if (value !== undefined) return frame.lazily(value, environment);
  return () => ({ kind: 'constant', at: { kind: 'constant', span, value: null }, module: frame.module, value: null });
}

/** Statements without blocks, and definitions. */
function bindSimple(statement: Statement, environment: Environment, frame: Frame): Environment {
  switch (statement.kind) {
    case 'import':
      return bindImport(statement, environment, frame);
    case 'import-from':
      return bindImportFrom(statement, environment, frame);
    case 'function':
    case 'class':
      return bind(environment, statement.name, frame.definition(statement));
    case 'assign': {
      const value = frame.lazily(statement.value, environment);
      return statement.targets.reduce<Environment>(
        (bound, target) =>
          target.kind === 'subscript'
            ? bindSubscript(bound, target, value, frame)
            : bindTarget(bound, target, value, frame.module),
        environment,
      );
    }
    case 'augmented-assign':
      return bindAugmented(statement, environment, frame);
    case 'expression':
      return bindMutation(statement.value, environment, frame);
    case 'delete':
      return statement.targets.reduce<Environment>((bound, target) => forget(bound, target, frame), environment);
    default:
      return environment;
  }
}

function bindAugmented(
  statement: Extract<Statement, { kind: 'augmented-assign' }>,
  environment: Environment,
  frame: Frame,
): Environment {
  const { target, value } = statement;
  if (target.kind !== 'name') return forget(environment, target, frame);
  const before = frame.lazily(target, environment);
  const added = frame.lazily(value, environment);
  const unknown = unknownValue(value, frame.module);
  const operator = statement.operator.slice(0, -1);
  return bind(
    environment,
    target.name,
    lazy((trace) => combine(before(trace), operator, added(trace), value, frame.module), unknown),
  );
}

/** After `del x`, `x[0] += 1` and the like, the name at the root of the target can be anything. */
function forget(environment: Environment, target: Expression, frame: Frame): Environment {
  if (target.kind === 'attribute') return environment;
  if (target.kind === 'subscript') return forget(environment, target.object, frame);
  if (target.kind !== 'name') return environment;
  const unknown = unknownValue(target, frame.module);
  return bind(environment, target.name, () => unknown);
}

function runIf(statement: IfStatement, environment: Environment, frame: Frame, trace: Trace): Outcome {
  const decided = truthOf(frame.lazily(statement.test, environment)(trace));
  // Both ways are gone through in any case: whoever asks about an expression in either gets the names as they are there.
  const then = runBlock(statement.body, environment, frame, trace);
  const otherwise = runBlock(statement.orElse, environment, frame, trace);
  if (decided === undefined) return joined(environment, then, otherwise, frame);
  return decided ? then : otherwise;
}

/** One of two ways was taken. */
function joined(before: Environment, one: Outcome, other: Outcome, frame: Frame): Outcome {
  const mayReturn = [one, other].some((way) => way.mayReturn || way.returned !== undefined);
  if (one.ends && other.ends) return { environment: before, ends: true, returned: undefined, mayReturn };
  if (one.ends) return { ...other, mayReturn };
  if (other.ends) return { ...one, mayReturn };
  return { ...going(joinNames(before, one.environment, other.environment, frame)), mayReturn };
}

function runFor(statement: ForStatement, environment: Environment, frame: Frame, trace: Trace): Outcome {
  const items = itemsToUnfold(frame.lazily(statement.iterable, environment)(trace));
  const start = bindTarget(
    environment,
    statement.target,
    () => unknownValue(statement.target, frame.module),
    frame.module,
  );
  const once = loopOnce(statement, environment, start, frame, trace);
  if (items === undefined || leavesEarly(statement.body)) return once;
  const quiet = frame.withoutNotes();
  let current = environment;
  for (const item of items) {
    if (trace.steps > frame.mostSteps) return once;
    const outcome = runBlock(
      statement.body,
      bindTarget(current, statement.target, () => item, frame.module),
      quiet,
      trace,
    );
    if (outcome.ends || outcome.mayReturn) return { ...once, mayReturn: true };
    current = outcome.environment;
  }
  return runBlock(statement.orElse, current, frame, trace);
}

function itemsToUnfold(iterable: Value): readonly Value[] | undefined {
  if (iterable.conditional) return undefined;
  const items = iterable.kind === 'dictionary' ? iterable.entries.map((entry) => entry.key) : undefined;
  const known = isSequence(iterable) ? iterable.items : items;
  const isWhole = (isSequence(iterable) || iterable.kind === 'dictionary') && !iterable.partial;
  if (known === undefined || !isWhole || known.length > longestLoop) return undefined;
  return known.some((item) => item.conditional) ? undefined : known;
}

function leavesEarly(statements: readonly Statement[]): boolean {
  return statements.some((statement) => {
    if (statement.kind === 'simple') return statement.keyword === 'break' || statement.keyword === 'continue';
    if (statement.kind === 'if') return leavesEarly(statement.body) || leavesEarly(statement.orElse);
    if (statement.kind === 'with') return leavesEarly(statement.body);
    return statement.kind === 'try' && [statement.body, ...statement.handlers].some(leavesEarly);
  });
}

/** A loop that runs an unknown number of times: what it binds is unknown, what it adds to lists is only some. */
function loopOnce(
  statement: Pick<ForStatement, 'body' | 'orElse'>,
  before: Environment,
  start: Environment,
  frame: Frame,
  trace: Trace,
): Outcome {
  const trial = runBlock(statement.body, start, frame.withoutNotes(), trace);
  let inside = start;
  for (const [name, isSameObject] of namesSince(before, trial.environment)) {
    const unchanged = frame.lazily(nameIn(statement, name), before);
    inside = bindOnce(inside, { name, isSameObject }, frame, (later) =>
      isSameObject ? someKnown(unchanged(later)) : partlyKnown(lookUp(before, name, later), frame, statement),
    );
  }
  const once = runBlock(statement.body, inside, frame, trace);
  let after = before;
  for (const [name, isSameObject] of namesSince(before, once.environment)) {
    const sameObject = frame.lazily(nameIn(statement, name), before);
    after = bindOnce(after, { name, isSameObject }, frame, (later) => {
      const value = lookUp(once.environment, name, later);
      if (isSameObject && value !== undefined && !isCollection(value)) return value;
      const unchanged = isSameObject ? sameObject(later) : lookUp(before, name, later);
      const both = isSequence(value) && isSequence(unchanged) ? either(unchanged, value) : undefined;
      return both === undefined ? partlyKnown(undefined, frame, statement) : partially(both);
    });
  }
  const rest = runBlock(statement.orElse, after, frame, trace);
  return { ...rest, mayReturn: rest.mayReturn || once.mayReturn || once.returned !== undefined };
}

function nameIn({ body }: Pick<ForStatement, 'body'>, name: string): Expression {
  return nameAt(name, body[0]?.span ?? { start: 0, end: 0 });
}

/** What other rounds of a loop may have put into it is not known. */
function someKnown(value: Value): Value {
  return isCollection(value) ? partially(value) : value;
}

function partlyKnown(value: Value | undefined, frame: Frame, statement: Pick<ForStatement, 'body'>): Value {
  if (value !== undefined) return partially(value);
  const span = statement.body[0]?.span ?? { start: 0, end: 0 };
  return unknownValue({ kind: 'other', span, children: [] }, frame.module);
}

function runWith(
  statement: Extract<Statement, { kind: 'with' }>,
  environment: Environment,
  frame: Frame,
  trace: Trace,
): Outcome {
  let inside = environment;
  for (const { context, target } of statement.items) {
    if (target === undefined) continue;
    const entered = frame.lazily(context, inside);
    const bound: Lazy = (later) => {
      const value = entered(later);
      return isOpenFile(value) ? value : unknownValue(target, frame.module);
    };
    inside = bindTarget(inside, target, bound, frame.module);
  }
  return runBlock(statement.body, inside, frame, trace);
}

function runTry(statement: TryStatement, environment: Environment, frame: Frame, trace: Trace): Outcome {
  const body = runBlock([...statement.body, ...statement.orElse], environment, frame, trace);
  const whole = statement.handlers
    .map((handler) => runBlock(handler, environment, frame, trace))
    .reduce((one, other) => preferringImports(environment, one, other, frame), body);
  const last = runBlock(statement.finally, whole.environment, frame, trace);
  return { ...whole, environment: last.environment, ends: whole.ends || last.ends };
}

/** `try: from a import x; except ImportError: …` is written for old versions; the first form is the one in use. */
function preferringImports(before: Environment, body: Outcome, handler: Outcome, frame: Frame): Outcome {
  const both = joined(before, body, handler, frame);
  if (body.ends || handler.ends) return both;
  let environment = both.environment;
  for (const [name, isSameObject] of namesSince(before, body.environment)) {
    environment = bindOnce(environment, { name, isSameObject }, frame, (trace) => {
      const first = lookUp(body.environment, name, trace);
      if (first?.kind === 'reference') return first;
      return lookUp(both.environment, name, trace) ?? eitherOrUnknown(first, undefined);
    });
  }
  return { ...both, environment };
}
