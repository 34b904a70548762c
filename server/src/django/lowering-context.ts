import type { Target } from '../base/target.ts';
import type { ParentRef } from '../schema/migration.ts';
import type { PostgresqlParser } from '../sql/postgresql/parser.ts';
import type { Expression, Module } from '../syntax/module.ts';
import type { SourceTexts } from '../syntax/scope.ts';
import type { Value } from '../syntax/value.ts';
import type { ModuleRequest, SourceModule } from './data-function-context.ts';
import type { DjangoMigration } from './migration-file.ts';

/** What the changes of a migration depend on besides the migrations before it. */
export interface LoweringContext {
  readonly target: Target;
  /** `django.db.models.BigAutoField`: what an app's models get as `id` where they name no primary key. */
  defaultAutoField(app: string): string;
  /** The value of a setting like `AUTH_USER_MODEL`: `auth.User`; `undefined` where it cannot be told. */
  swappable(setting: string): string | undefined;
  /** What a migration's dependencies resolve to. */
  parentsOf(migration: DjangoMigration): readonly ParentRef[];
  evaluate(expression: Expression, inside: SourceModule): Value;
  resolveModule(request: ModuleRequest): SourceModule | undefined;
  sourceOf(module: Module): SourceModule | undefined;
  /** Files that are no modules; undefined where none can be looked into. */
  readonly texts: SourceTexts | undefined;
  /**
   * PostgreSQL's parser; `undefined` where it cannot be had.
   *
   * @throws {SqlParserNeededError} while it is not loaded
   */
  sqlParser(): PostgresqlParser | undefined;
}
