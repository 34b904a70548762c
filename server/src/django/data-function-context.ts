import type { FilePath } from '../base/file-path.ts';
import type { Target } from '../base/target.ts';
import type { TableName } from '../schema/table-name.ts';
import type { Expression, Module } from '../syntax/module.ts';
import type { SourceTexts } from '../syntax/scope.ts';
import type { Value } from '../syntax/value.ts';
import type { DjangoMigration } from './migration-file.ts';

/** A Python file at hand, read as a whole. */
export interface SourceModule {
  readonly file: FilePath;
  readonly text: string;
  readonly module: Module;
}

/** An import as it is written: `from ..helpers import x` in `file` has the level 2 and the name `helpers`. */
export interface ModuleRequest {
  readonly from: FilePath;
  readonly level: number;
  /** Dotted; `''` for `from . import x`. */
  readonly name: string;
}

/** What reading the function of a `RunPython` needs from its surroundings. */
export interface DataFunctionContext {
  readonly source: DjangoMigration;
  /** Whose `if connection.vendor == …` are decided. */
  readonly target: Target;
  /** The value of a setting like `AUTH_USER_MODEL`: `auth.User`; `undefined` where it cannot be told. */
  swappable(setting: string): string | undefined;
  /**
   * The table of a historical model, as the state stands before the operation. Names compare as Django compares them:
   * the app label exactly, the model without regard to case. A model that no migration in sight creates has Django's
   * default table name; `undefined` where even that cannot be told (a swapped model).
   */
  tableOf(app: string, model: string): TableName | undefined;
  /** The column of a model's field (`owner` → `owner_id`); the field's own name where the field is not known. */
  columnOf(app: string, model: string, field: string): string;
  /** What an expression at module level, or a constant named inside a function, is worth. */
  evaluate(expression: Expression, inside: SourceModule): Value;
  /** The file that an import means; `undefined` for what is not in the project. */
  resolveModule(request: ModuleRequest): SourceModule | undefined;
  /** Files that are no modules. */
  readonly texts: SourceTexts | undefined;
  /** The file of a module that a value was read from. */
  sourceOf(module: Module): SourceModule | undefined;
}
