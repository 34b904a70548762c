import { evaluate } from './evaluate.ts';
import type { CallExpression, Expression, ForStatement } from './module.ts';
import type { Scope } from './scope.ts';
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

/** What is gone through, from the beginning. */
export interface Run {
  readonly judgement: Judgement;
  readonly calls: PerformedCall[];
  readonly calling: unknown[];
  complete: boolean;
}

/** What holds for the calls that are made now. */
export type Moment = Omit<PerformedCall, 'value'>;

export const startingMoment: Moment = {
  certainty: 'certain',
  guarded: false,
  repeats: false,
  loop: undefined,
  within: [],
  through: [],
};

/** How a block ends: what follows it is reached, or not. */
export type End = 'goes on' | 'returns' | 'raises';

/** Where statements are gone through: the names as they stand, what holds there, and what was bound on the way. */
export interface Place {
  readonly scope: Scope;
  readonly names: Map<string, Value>;
  readonly run: Run;
  moment: Moment;
}

/** Gives names to the items of a value, as an assignment does. */
export function bindItems(target: Expression, value: Value, place: Place): void {
  if (target.kind === 'name') place.names.set(target.name, value);
  if (target.kind !== 'tuple' && target.kind !== 'list') return;
  target.items.forEach((item, index) => {
    const known = isSequence(value) && !value.partial ? value.items[index] : undefined;
    bindItems(item, known ?? unknownValue(item, place.scope.module), place);
  });
}

/** Loops over more than this are gone through once. */
const longestLoop = 1000;

/** What a loop over a value goes through, where all of it is known. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  const items = value.kind === 'dictionary' ? value.entries.map(({ key }) => key) : undefined;
  const known = isSequence(value) ? value.items : items;
  const isWhole = (isSequence(value) || value.kind === 'dictionary') && !value.partial && !value.conditional;
  return known !== undefined && isWhole && known.length <= longestLoop ? known : undefined;
}

/** Whether a test holds; undefined where it cannot be told. */
export function decide(test: Expression, { run, scope }: Place): boolean | undefined {
  return run.judgement.decide(test, scope) ?? truthOf(evaluate(test, scope));
}

/** What the parameters of a function are given, by name; what is not known is left out. */
export function argumentsOf(call: CallExpression, { definition, bound, scope: around }: FunctionValue, scope: Scope) {
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
