import type { Project } from '../../project/project.ts';
import type { Migration } from '../../schema/migration.ts';
import { insertItems } from '../edits/list-items.ts';
import type { Fix } from '../fix.ts';
import { migrationsModule } from '../operation-site.ts';

/** Longer than queries take, shorter than requests are willing to wait. */
export const lockTimeoutValue = '5s';

/**
 * Lets a migration give up waiting for a lock, before its first operation; the setting ends with the transaction. Outside
 * of a transaction it would stay with the connection, and break off concurrent builds, which wait without harm.
 */
export function lockTimeout(migration: Migration, { project }: { readonly project: Project }): readonly Fix[] {
  const source = project.source(migration.id);
  if (source?.operationsList === undefined || !source.atomic || source.operations.length === 0) return [];
  const { text, module, operationsList: list } = source;
  const migrations = migrationsModule(source);
  const quote = '"';
  const step = `${migrations.name}.RunSQL(${quote}SET LOCAL lock_timeout = '${lockTimeoutValue}'${quote}, ${migrations.name}.RunSQL.noop)`;
  const first = insertItems({ text, module, span: list.span, items: list.items }, 0, [step]);
  return [
    {
      title: `Give up waiting for a lock after ${lockTimeoutValue}: SET LOCAL lock_timeout`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [...migrations.edits, first] }],
    },
  ];
}
