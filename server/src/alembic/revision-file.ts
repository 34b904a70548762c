import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import type { Module } from '../syntax/module.ts';
import type { Scope } from '../syntax/scope.ts';
import type { FunctionValue } from '../syntax/value.ts';

/** A revision as it is written: it depends on one file only, and on the helpers that this file imports. */
export interface AlembicRevision {
  readonly file: FilePath;
  readonly text: string;
  readonly module: Module;
  readonly scope: Scope;
  /** What `revision = "…"` says. */
  readonly revision: string;
  readonly revisionAt: Span;
  /** The first line of the docstring. */
  readonly message: string | undefined;
  readonly downRevisions: readonly WrittenRevision[];
  /** The value of `down_revision`; undefined where it is missing. */
  readonly downRevisionAt: Span | undefined;
  readonly dependsOn: readonly WrittenRevision[];
  readonly branchLabels: readonly string[];
  readonly upgrades: readonly RevisionFunction[];
  readonly downgrades: readonly RevisionFunction[];
  /** False where a part could not be read: nothing may be concluded from what is missing. */
  readonly complete: boolean;
}

/** A revision that is named by its id, the beginning of it, or a branch label. */
export interface WrittenRevision {
  readonly id: string;
  readonly at: Span;
}

/** `upgrade` and `downgrade`, and `upgrade_<engine>` of the template for several databases. */
export interface RevisionFunction {
  readonly value: FunctionValue;
  readonly engine: string | undefined;
}
