import type { FilePath } from '../base/file-path.ts';
import type {
  CallExpression,
  ClassStatement,
  Expression,
  FunctionStatement,
  LambdaExpression,
  Module,
} from './module.ts';
import type { Scope } from './scope.ts';
import type { TextPiece } from './text-piece.ts';

/**
 * What an expression is worth as far as reading can tell, without running anything.
 *
 * Every value remembers the expression that a reader of the file would point at: where a name was used, not where the
 * constant was defined, which `definedAt` tells. A call stays where it is written; `via` tells where it was named.
 */
export type Value =
  | StringValue
  | NumberValue
  | ConstantValue
  | SequenceValue
  | DictionaryValue
  | CallValue
  | ReferenceValue
  | FunctionValue
  | ClassValue
  | UnknownValue;

interface ValueBase {
  readonly at: Expression;
  /** The module whose text `at` belongs to. */
  readonly module: Module;
  /** The expression that made the value, where that is another than `at`. */
  readonly definedAt?: Place;
  /**
   * What brought the value to where it is used, where it is written elsewhere: the name of a constant or the call of a
   * function, the outermost of several. Calls, and the items of sequences, have it.
   */
  readonly via?: Place;
  /** It is so on one way through an `if` that cannot be decided. Items of sequences and values of names have it. */
  readonly conditional?: true;
  /**
   * What a text is put together from, by `+`, `%`, `.format`, `join` or the fields of an f-string. A value that is not
   * known has them where only some of its text is not.
   */
  readonly pieces?: readonly TextPiece[];
}

export interface Place {
  readonly at: Expression;
  readonly module: Module;
}

export interface StringValue extends ValueBase {
  readonly kind: 'string';
  readonly value: string;
  /** The file whose text it is. */
  readonly readFrom?: FilePath;
}

export interface NumberValue extends ValueBase {
  readonly kind: 'number';
  readonly value: number;
}

export interface ConstantValue extends ValueBase {
  readonly kind: 'constant';
  readonly value: true | false | null | '...';
}

export interface SequenceValue extends ValueBase {
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: readonly Value[];
  /** Some items are missing: unreadable text, an unknown operand of `+`, a loop that cannot be unfolded. */
  readonly partial: boolean;
}

export interface DictionaryValue extends ValueBase {
  readonly kind: 'dictionary';
  readonly entries: readonly { readonly key: Value; readonly value: Value }[];
  readonly partial: boolean;
}

/** A call of something that is not followed: `models.CharField(max_length=50)`. */
export interface CallValue extends ValueBase {
  readonly kind: 'call';
  readonly at: CallExpression;
  /** Fully qualified through the imports (`django.db.models.CharField`); `undefined` where it cannot be told. */
  readonly callee: string | undefined;
  /** The function or class of the files at hand that is called; its body is not followed where it branches. */
  readonly called: FunctionValue | ClassValue | undefined;
  /** What the call is made on: the value of `x` in `x.method()`. */
  readonly receiver: Value | undefined;
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** `*args`, `**kwargs` of unknown content, or unreadable text: arguments that are not listed may be there. */
  readonly partial: boolean;
}

/** A name that leads out of the files at hand: `django.db.models.CASCADE`, `settings.AUTH_USER_MODEL`. */
export interface ReferenceValue extends ValueBase {
  readonly kind: 'reference';
  readonly name: string;
  /** The module at hand that it names: `helpers` after `from . import helpers`. */
  readonly scope: Scope | undefined;
}

export interface FunctionValue extends ValueBase {
  readonly kind: 'function';
  readonly definition: FunctionStatement | LambdaExpression;
  /** The module that the definition stands in, which need not be the one that names it. */
  readonly definedIn: Module;
  /** Arguments that `functools.partial` has already bound, by parameter name. */
  readonly bound: ReadonlyMap<string, Value>;
  /** What the names around the function mean inside it; see `functionScope`. */
  readonly scope: Scope;
}

/** A class of the files at hand. */
export interface ClassValue extends ValueBase {
  readonly kind: 'class';
  readonly definition: ClassStatement;
  readonly definedIn: Module;
  /** The attributes of the class, then of its bases at hand. */
  readonly scope: Scope;
}

export interface UnknownValue extends ValueBase {
  readonly kind: 'unknown';
  /** What an operator stands between, where what comes out is up to the operands: `sa.column("total") > 0`. */
  readonly operands?: readonly Value[];
}
