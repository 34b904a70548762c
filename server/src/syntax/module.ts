import type { Span } from '../base/span.ts';

/**
 * One Python file as plain readonly data. Broken text yields a partial module: what could be read with certainty is
 * here, what could not is in `broken`.
 */
export interface Module {
  /** Top-level statements in file order. */
  readonly body: readonly Statement[];
  readonly comments: readonly Comment[];
  /** The regions that could not be read; empty for a file that Python would parse. */
  readonly broken: readonly Span[];
  /** Where the module's docstring ends, or 0: imports are inserted after it. */
  readonly docstringEnd: number;
}

/** `# text` up to the end of its line. */
export interface Comment {
  readonly span: Span;
  readonly text: string;
  /** Whether nothing but white space stands before it on its line. */
  readonly ownLine: boolean;
}

export type Statement =
  | ImportStatement
  | ImportFromStatement
  | AssignStatement
  | AugmentedAssignStatement
  | ExpressionStatement
  | FunctionStatement
  | ClassStatement
  | IfStatement
  | ForStatement
  | WhileStatement
  | WithStatement
  | TryStatement
  | MatchStatement
  | ReturnStatement
  | RaiseStatement
  | DeleteStatement
  | SimpleStatement;

interface StatementBase {
  /** Without trailing comments and the line break. */
  readonly span: Span;
  /** Something inside could not be read. */
  readonly broken: boolean;
}

/** `import a.b, c as d` */
export interface ImportStatement extends StatementBase {
  readonly kind: 'import';
  readonly names: readonly ImportedName[];
}

/** `from .sibling import a, b as c`; `module` is `''` for `from . import a`, `level` counts the dots. */
export interface ImportFromStatement extends StatementBase {
  readonly kind: 'import-from';
  readonly module: string;
  readonly level: number;
  /** `from x import *` has the one name `*`. */
  readonly names: readonly ImportedName[];
}

export interface ImportedName {
  readonly span: Span;
  /** Dotted for `import a.b`. */
  readonly name: string;
  readonly alias: string | undefined;
}

/** `a = b = value` has two targets; an annotation without a value is a `simple` statement. */
export interface AssignStatement extends StatementBase {
  readonly kind: 'assign';
  readonly targets: readonly Expression[];
  readonly value: Expression;
}

export interface AugmentedAssignStatement extends StatementBase {
  readonly kind: 'augmented-assign';
  readonly target: Expression;
  /** `+=`, `|=`, … */
  readonly operator: string;
  readonly value: Expression;
}

export interface ExpressionStatement extends StatementBase {
  readonly kind: 'expression';
  readonly value: Expression;
}

export interface FunctionStatement extends StatementBase {
  readonly kind: 'function';
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly Parameter[];
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
  readonly bodySpan: Span;
}

export interface Parameter {
  readonly span: Span;
  readonly name: string;
  readonly default: Expression | undefined;
  readonly form: 'plain' | 'star' | 'double-star';
}

export interface ClassStatement extends StatementBase {
  readonly kind: 'class';
  readonly name: string;
  readonly nameSpan: Span;
  readonly bases: readonly Argument[];
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
  readonly bodySpan: Span;
}

export interface IfStatement extends StatementBase {
  readonly kind: 'if';
  readonly test: Expression;
  readonly body: readonly Statement[];
  /** `elif` is an `if` as the only statement here. */
  readonly orElse: readonly Statement[];
}

export interface ForStatement extends StatementBase {
  readonly kind: 'for';
  readonly target: Expression;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
  readonly orElse: readonly Statement[];
}

export interface WhileStatement extends StatementBase {
  readonly kind: 'while';
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly orElse: readonly Statement[];
}

export interface WithStatement extends StatementBase {
  readonly kind: 'with';
  readonly items: readonly { readonly context: Expression; readonly target: Expression | undefined }[];
  readonly body: readonly Statement[];
}

export interface TryStatement extends StatementBase {
  readonly kind: 'try';
  readonly body: readonly Statement[];
  readonly handlers: readonly (readonly Statement[])[];
  readonly orElse: readonly Statement[];
  readonly finally: readonly Statement[];
}

export interface MatchStatement extends StatementBase {
  readonly kind: 'match';
  readonly subject: Expression;
  readonly cases: readonly (readonly Statement[])[];
}

export interface ReturnStatement extends StatementBase {
  readonly kind: 'return';
  readonly value: Expression | undefined;
}

export interface RaiseStatement extends StatementBase {
  readonly kind: 'raise';
  readonly value: Expression | undefined;
}

export interface DeleteStatement extends StatementBase {
  readonly kind: 'delete';
  readonly targets: readonly Expression[];
}

/** `pass`, `break`, `continue`, `global`, `nonlocal`, `assert`, bare annotations, type aliases. */
export interface SimpleStatement extends StatementBase {
  readonly kind: 'simple';
  readonly keyword: string;
}

export type Expression =
  | NameExpression
  | AttributeExpression
  | CallExpression
  | SubscriptExpression
  | StringExpression
  | NumberExpression
  | ConstantExpression
  | SequenceExpression
  | DictionaryExpression
  | LambdaExpression
  | UnaryExpression
  | BinaryExpression
  | ComparisonExpression
  | ConditionalExpression
  | ComprehensionExpression
  | StarredExpression
  | OtherExpression;

interface ExpressionBase {
  /** Without enclosing parentheses, except those of a tuple, a generator and implicit string concatenation. */
  readonly span: Span;
}

export interface NameExpression extends ExpressionBase {
  readonly kind: 'name';
  readonly name: string;
}

export interface AttributeExpression extends ExpressionBase {
  readonly kind: 'attribute';
  readonly object: Expression;
  readonly name: string;
  readonly nameSpan: Span;
}

export interface CallExpression extends ExpressionBase {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
  /** From `(` to `)`, both included. */
  readonly argumentsSpan: Span;
  /** Something inside could not be read: what is missing from it may have been written. */
  readonly broken: boolean;
}

export interface Argument {
  readonly span: Span;
  /** `name=value`; undefined for positional and starred arguments. */
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  /** `*args` is `star`, `**kwargs` is `double-star`. */
  readonly form: 'plain' | 'star' | 'double-star';
  readonly value: Expression;
}

export interface SubscriptExpression extends ExpressionBase {
  readonly kind: 'subscript';
  readonly object: Expression;
  /** The index or the parts of a slice or tuple. */
  readonly index: readonly Expression[];
  readonly isSlice: boolean;
}

/** One literal or several that stand side by side and are concatenated by Python. */
export interface StringExpression extends ExpressionBase {
  readonly kind: 'string';
  /** The decoded text; `undefined` for f-strings with fields and for bytes. */
  readonly value: string | undefined;
  readonly parts: readonly StringPart[];
}

/** One literal: what stands between its quotes, to map decoded text back to the file. */
export interface StringPart {
  /** Prefix and quotes included. */
  readonly span: Span;
  /** Between the quotes. */
  readonly contentSpan: Span;
  /** Lower case, sorted: `''`, `r`, `b`, `f`, `fr`, `u`, … */
  readonly prefix: string;
  readonly quote: string;
  /**
   * The decoded text around the fields, one more than there are fields; `undefined` where it cannot be told (bytes,
   * `\N{…}`). A literal without fields has one.
   */
  readonly literals: readonly (string | undefined)[];
  /** The `{…}` fields of an f-string, in order. `suffix` is what follows the expression: `=`, `!r`, `:>10`. */
  readonly fields: readonly { readonly span: Span; readonly value: Expression; readonly suffix: string }[];
}

export interface NumberExpression extends ExpressionBase {
  readonly kind: 'number';
  /** As written; `value` is NaN where JavaScript cannot hold it (complex numbers). */
  readonly text: string;
  readonly value: number;
}

export interface ConstantExpression extends ExpressionBase {
  readonly kind: 'constant';
  readonly value: true | false | null | '...';
}

export interface SequenceExpression extends ExpressionBase {
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: readonly Expression[];
  /** Something inside could not be read; `items` holds what is certain. */
  readonly broken: boolean;
}

export interface DictionaryExpression extends ExpressionBase {
  readonly kind: 'dictionary';
  /** A `**other` entry has no key. */
  readonly entries: readonly {
    readonly span: Span;
    readonly key: Expression | undefined;
    readonly value: Expression;
  }[];
  readonly broken: boolean;
}

export interface LambdaExpression extends ExpressionBase {
  readonly kind: 'lambda';
  readonly parameters: readonly Parameter[];
  readonly body: Expression;
}

export interface UnaryExpression extends ExpressionBase {
  readonly kind: 'unary';
  /** `-`, `+`, `~`, `not`, `await`. */
  readonly operator: string;
  readonly operand: Expression;
}

export interface BinaryExpression extends ExpressionBase {
  readonly kind: 'binary';
  /** Arithmetic operators, `and`, `or`. */
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

/** `a < b <= c`: operands a, b, c and operators `<`, `<=`; also `in`, `not in`, `is`, `is not`. */
export interface ComparisonExpression extends ExpressionBase {
  readonly kind: 'comparison';
  readonly operands: readonly Expression[];
  readonly operators: readonly string[];
}

/** `body if test else orElse` */
export interface ConditionalExpression extends ExpressionBase {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly body: Expression;
  readonly orElse: Expression;
}

export interface ComprehensionExpression extends ExpressionBase {
  readonly kind: 'comprehension';
  readonly form: 'list' | 'set' | 'generator' | 'dictionary';
  /** The value of a dictionary comprehension; its key is `key`. */
  readonly element: Expression;
  readonly key: Expression | undefined;
  readonly clauses: readonly {
    readonly target: Expression;
    readonly iterable: Expression;
    readonly conditions: readonly Expression[];
  }[];
}

export interface StarredExpression extends ExpressionBase {
  readonly kind: 'starred';
  readonly form: 'star' | 'double-star';
  readonly value: Expression;
}

/** What the reader does not model (`yield`, `:=`, templates, unreadable text); nothing may be concluded from it. */
export interface OtherExpression extends ExpressionBase {
  readonly kind: 'other';
  readonly children: readonly Expression[];
}
