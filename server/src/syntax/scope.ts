import type { FilePath } from '../base/file-path.ts';
import type { Expression, Module } from './module.ts';
import type { Value } from './value.ts';

/** What names mean at a place of a file. Made by `moduleScope`, `classScope` and `functionScope`. */
export interface Scope {
  readonly module: Module;
  readonly surroundings: Surroundings;
  /** What functions defined here see: the scope itself, but for a class what stands around it. */
  readonly enclosing: Scope;
  /**
   * The value of a name as it stands before the offset `at`, after everything where that is undefined; undefined for
   * a name that nothing binds.
   */
  find(name: string, at: number | undefined, trace: Trace): Value | undefined;
}

/** What evaluation needs to know beyond one file. */
export interface Surroundings {
  /**
   * The scope of the module that an import in `from` means; undefined for what is not at hand. The same module gets the
   * same scope each time: modules that import each other would otherwise be opened for ever.
   */
  resolveModule(wanted: ModuleName, from: Module): Scope | undefined;
  readonly facts: Facts;
  /** Undefined where no file can be looked into. */
  readonly texts?: SourceTexts;
}

/** Files that are no modules: nothing is read that is not part of the source at hand. */
export interface SourceTexts {
  fileOf(module: Module): FilePath | undefined;
  /**
   * The file that a path means; undefined for none and where several can be meant.
   *
   * @param path whole, or the end of one below a folder that is not known: the working directory, `settings.BASE_DIR`
   */
  find(path: string, from: Module): { readonly file: FilePath; readonly text: string } | undefined;
}

/** `from ..helpers import x` has the level 2 and the name `helpers`; `from . import x` has an empty name. */
export interface ModuleName {
  readonly level: number;
  /** Dotted. */
  readonly name: string;
}

/** What is known of the database that the code will run on; decides `if connection.vendor == …`. */
export interface Facts {
  /** As Django's `connection.vendor` and SQLAlchemy's `dialect.name` say it: `postgresql`, `mysql`, `sqlite`, … */
  readonly vendor: string | undefined;
}

/** One evaluation from the outside, so that loops in names, imports and calls end. */
export interface Trace {
  readonly evaluate: (expression: Expression, scope: Scope, trace: Trace) => Value;
  /** Functions, classes and modules that are being looked into. */
  readonly calling: Set<unknown>;
  depth: number;
  steps: number;
  /** A limit was hit or a name needed itself: what is unknown now may be known when asked for otherwise. */
  isCut: boolean;
}

/** A value that is computed when it is first asked for. */
export type Lazy = (trace: Trace) => Value;

export function lazy(compute: Lazy, unknown: Value): Lazy {
  let value: Value | undefined;
  let running = false;
  return (trace) => {
    if (value !== undefined) return value;
    if (running) {
      trace.isCut = true;
      return unknown;
    }
    running = true;
    const wasCut = trace.isCut;
    trace.isCut = false;
    try {
      const computed = compute(trace);
      if (!trace.isCut) value = computed;
      return computed;
    } finally {
      running = false;
      trace.isCut ||= wasCut;
    }
  };
}
