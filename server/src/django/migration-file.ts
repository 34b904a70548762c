import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import type { Phase } from '../schema/migration.ts';
import type { CallExpression, ClassStatement, Module, SequenceExpression } from '../syntax/module.ts';
import type { CallValue, Value } from '../syntax/value.ts';

/** A Django migration file as it is written: nothing in it depends on the migrations before it. */
export interface DjangoMigration {
  readonly file: FilePath;
  readonly text: string;
  readonly module: Module;
  readonly app: string;
  /** The file name without `.py`. */
  readonly name: string;
  readonly class: ClassStatement;
  readonly dependencies: readonly DjangoDependency[];
  readonly runBefore: readonly DjangoDependency[];
  readonly replaces: readonly DjangoDependency[];
  /** The list to add to; `undefined` where it is not one literal list. */
  readonly dependenciesList: SequenceExpression | undefined;
  readonly operationsList: SequenceExpression | undefined;
  readonly operations: readonly DjangoOperation[];
  readonly initial: boolean;
  readonly atomic: boolean;
  /** The statement `atomic = …`, where it is written. */
  readonly atomicAt: Span | undefined;
  /** What `safe = Safe.after_deploy()` of django-safemigrate says about when it runs. */
  readonly phase: Phase | undefined;
  /** False where something could not be read. */
  readonly complete: boolean;
}

/** One that replaces a single other is that one under a new name; it still has to run where the other has not. */
export function isSquash({ name, replaces }: DjangoMigration): boolean {
  return replaces.length > 1 || (replaces.length === 1 && /squash/.test(name));
}

export interface DjangoDependency {
  /** `swappable` is `swappable_dependency(settings.AUTH_USER_MODEL)`: `app` and `name` are then undefined. */
  readonly kind: 'plain' | 'swappable' | 'unknown';
  readonly app: string | undefined;
  /** Also `__first__` and `__latest__`. */
  readonly name: string | undefined;
  /** The setting of a swappable dependency. */
  readonly setting: string | undefined;
  readonly at: Span;
}

export interface DjangoOperation {
  /** `AddField`; the last part of the dotted name for operations nobody knows. */
  readonly name: string;
  /** Fully qualified, where the imports tell. */
  readonly qualifiedName: string | undefined;
  /** One of Django's own operations, whose arguments are named below. */
  readonly known: boolean;
  /** Django's operation that an unknown one is derived from and changes the state like: `DeleteModel`. */
  readonly derivesFrom?: string;
  readonly value: CallValue;
  /** The call in this file; `undefined` where the operation comes from elsewhere (helper, sibling module). */
  readonly call: CallExpression | undefined;
  readonly at: Span;
  /** By parameter name, positional arguments included. */
  readonly arguments: ReadonlyMap<string, Value>;
  readonly certainty: 'certain' | 'conditional';
  /** Operations of `SeparateDatabaseAndState`, and `state_operations` of `RunSQL`. */
  readonly databaseOperations: readonly DjangoOperation[];
  readonly stateOperations: readonly DjangoOperation[];
}
