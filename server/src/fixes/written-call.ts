import { containsSpan } from '../base/span.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import type { Project } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import type { CallExpression } from '../syntax/module.ts';

/** An operation as it is written, wherever it stands in its file: its arguments can be edited. */
export interface WrittenCall {
  readonly source: DjangoMigration;
  readonly call: CallExpression;
}

/** `undefined` for an operation that a helper makes or that stands for several: an edit would change more than one. */
export function findWrittenCall(change: Change, migration: Migration, project: Project): WrittenCall | undefined {
  const source = project.source(migration.id);
  const { call } = change.origin;
  if (source === undefined || call === undefined) return undefined;
  if (!source.module.body.some(({ span }) => containsSpan(span, call.span))) return undefined;
  const operations = migration.forward.filter((each) => each.kind === change.kind && each.origin.call === call);
  return operations.length === 1 ? { source, call } : undefined;
}
