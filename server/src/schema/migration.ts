import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import type { Module } from '../syntax/module.ts';
import type { Change } from './change.ts';
import type { MigrationId } from './migration-id.ts';

/** What a migration says must run before it. */
export interface ParentRef {
  readonly id: MigrationId;
  /** Where it is written; undefined for `run_before` of another migration and for implied parents. */
  readonly at: Span | undefined;
  /** Django's `swappable_dependency`, `__first__` and `__latest__` are resolved; `id` is what they resolve to. */
  readonly written: string;
}

/** Whether it runs before the new release is deployed, after it, or at any time. */
export type Phase = 'before-deploy' | 'after-deploy' | 'always';

/** What the frameworks are called. */
export const frameworkNames: Readonly<Record<Migration['framework'], string>> = {
  django: 'Django',
  alembic: 'Alembic',
};

/** One migration file, judged: what it changes, in order. */
export interface Migration {
  readonly framework: 'django' | 'alembic';
  readonly id: MigrationId;
  readonly file: FilePath;
  readonly text: string;
  readonly module: Module;
  /** The smallest piece that stands for the whole migration: the class name, or the revision id. */
  readonly at: Span;
  readonly parents: readonly ParentRef[];
  /** Forward, in order. */
  readonly forward: readonly Change[];
  /** Marked as initial, or a squash: it runs only where the tables are new. */
  readonly initial: boolean;
  readonly replaces: readonly MigrationId[];
  /** Whether the framework wraps it in one transaction. */
  readonly atomic: boolean;
  /** Where the author has said when it runs; `undefined` where nothing is said. */
  readonly phase: Phase | undefined;
  /** False where a part could not be read: nothing may be concluded from what is missing. */
  readonly complete: boolean;
}
