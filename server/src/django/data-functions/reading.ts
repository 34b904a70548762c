import type { ModelUse, WriteRows } from '../../schema/change.ts';
import type { PlaceholderStyle } from '../../sql/placeholders.ts';
import type {
  CallExpression,
  Expression,
  FunctionStatement,
  LambdaExpression,
  Statement,
} from '../../syntax/module.ts';
import type { Value } from '../../syntax/value.ts';
import type { DataFunctionContext, SourceModule } from '../data-function-context.ts';
import type { Held, HeldFunction, HeldModel } from './held.ts';
import type { NameScope } from './name-scope.ts';
import type { FoundUnsteady } from './unsteady.ts';

/** One walk through a data function: what has been found so far, and under which circumstances the code now runs. */
export interface Reading {
  readonly context: DataFunctionContext;
  readonly found: Found;
  /** Functions that are being followed, outermost first. */
  readonly functions: (FunctionStatement | LambdaExpression)[];
  moment: Moment;
  /** Calls followed so far; there is a limit. */
  followed: number;
  evaluate(expression: Expression, scope: NameScope): Held;
  run(statements: readonly Statement[], scope: NameScope): Leaving;
  call(callee: HeldFunction, args: Arguments): Held;
}

export interface Arguments {
  readonly positional: readonly Held[];
  readonly keywords: ReadonlyMap<string, Held>;
  /** `*args` or `**kwargs` of unknown content. */
  readonly isPartial: boolean;
}

/** How a block ends before its last statement: by an exception, a return, or by going on with or out of a loop. */
export type Leaving = 'raise' | 'return' | 'loop' | undefined;

/** The circumstances of a statement. */
export interface Moment {
  /** Behind an explicit guard. */
  readonly guarded: boolean;
  /** Behind a guard that raises, which holds for the callers as well. */
  readonly guardRaises: boolean;
  /** Under a condition that cannot be decided and that is not about the rows themselves. */
  readonly conditional: boolean;
  readonly inLoop: boolean;
  /** In a loop that is not unfolded, or a part of one that is: the same code runs again with other values. */
  readonly repeats: boolean;
  /** Inside a loop over rows. */
  readonly inRowLoop: boolean;
  /** Under a condition that picks some of the rows that the loop goes through. */
  readonly picks: boolean;
  /** In the body of a `try`: what goes wrong may be meant to. */
  readonly tried: boolean;
  /** Where the outermost `with transaction.atomic()` around it begins. */
  readonly block: number | undefined;
}

export interface Found {
  /** Writes, and SQL that is sent, in order. */
  readonly done: (FoundWrite | FoundSql)[];
  /** Every function whose body was read, for the names used in them. */
  readonly read: Map<FunctionStatement | LambdaExpression, SourceModule>;
  /** Tables are altered by methods of the schema editor: rows may be written by it. */
  altersSchema: boolean;
  /** Work is handed to a task queue. */
  sendsTask: boolean;
  /** Rows may have been written in a way that cannot be told: `order.tags.clear()`. */
  mayWrite: boolean;
  /** Where it leads out of what can be read with rows in hand, first of all. */
  outOfSight: OutOfSight | undefined;
  /** Models that it takes from the historical state, where it cannot do without. */
  readonly models: FoundModel[];
  readonly unsteady: FoundUnsteady[];
}

export interface FoundModel extends Omit<ModelUse, 'at'> {
  readonly call: CallExpression;
  readonly inside: SourceModule;
}

export interface OutOfSight {
  readonly call: CallExpression;
  readonly inside: SourceModule;
  /** A clause: `it passes rows to "normalize"`. */
  readonly reason: string;
}

/** A text that is sent to the database. */
export interface FoundSql {
  readonly kind: 'sql';
  readonly value: Value;
  readonly placeholders: PlaceholderStyle;
  /** One of several texts that it may be. */
  readonly isOneOfSeveral: boolean;
  readonly call: CallExpression;
  readonly inside: SourceModule;
  readonly moment: Moment;
  readonly functions: readonly (FunctionStatement | LambdaExpression)[];
}

export interface FoundWrite {
  readonly kind: 'rows';
  readonly operation: WriteRows['operation'];
  readonly model: HeldModel;
  readonly rows: WriteRows['rows'];
  readonly whereNull: string | undefined;
  readonly assignments: WriteRows['assignments'];
  readonly strings?: WriteRows['strings'];
  readonly method: WriteRows['method'];
  readonly batched: boolean;
  readonly call: CallExpression;
  readonly source: Expression | undefined;
  readonly inside: SourceModule;
  readonly moment: Moment;
  readonly functions: readonly (FunctionStatement | LambdaExpression)[];
}

/** Notes the first call that leads out of sight. */
export function leadsOutOfSight(reading: Reading, call: CallExpression, inside: SourceModule, reason: string): void {
  reading.found.outOfSight ??= { call, inside, reason };
}

/** Runs `work` under other circumstances. */
export function during<T>(reading: Reading, change: Partial<Moment>, work: () => T): T {
  const before = reading.moment;
  reading.moment = { ...before, ...change };
  try {
    return work();
  } finally {
    reading.moment = before;
  }
}
