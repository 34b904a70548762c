import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import type { Module } from '../syntax/module.ts';
import type { Change, LiveModelImport, UnsteadyValue } from './change.ts';
import type { MigrationId } from './migration-id.ts';
import type { Schema } from './schema.ts';

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

/**
 * What a framework runs to take a migration back as a whole, and where that leads. Django has none: it takes back one
 * operation after the other, and each {@link Change} tells how.
 */
export interface WayBack {
  /** Empty where nothing is called so, and where it is something else than a function at hand. */
  readonly functions: readonly ReverseFunction[];
  /** There is nothing in the file to call. */
  readonly isMissing: boolean;
  /** What it does when it is run right after the migration, in order, and the schema before each of that. */
  readonly changes: readonly Change[];
  readonly steps: readonly Schema[];
  /** Behind the migration, where the way back begins. What it leaves alone is the same object in `after`. */
  readonly before: Schema;
  readonly after: Schema;
  /** False where something in it cannot be read, or leads to code that is not at hand. */
  readonly understood: boolean;
}

export interface ReverseFunction {
  readonly name: string;
  /** What stands for it in the migration's own file: its name where it is defined there. */
  readonly at: Span;
  readonly does: 'nothing' | 'something' | 'raises';
  /** What the way forward does that is for this function to take back. */
  readonly takesBack: readonly Change[];
}

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
  /** Found out when it is asked for. */
  readonly backward?: () => WayBack;
  /** Whether all that a revision does is told by its changes: no call leads to code that is not at hand. */
  readonly staysInSight?: () => boolean;
  /** Models of the application by which a revision reads and writes rows; found out when it is asked for. */
  readonly liveModels?: () => readonly LiveModelImport[];
  /** What decides what it writes, and can be another thing on each database, as far as no change tells of it. */
  readonly unsteady?: () => readonly UnsteadyValue[];
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
