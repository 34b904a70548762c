import type { Project } from '../../../project/project.ts';
import type { Migration } from '../../../schema/migration.ts';
import type { AlterEnum } from '../../../schema/sql-change.ts';
import { directiveText, inAutocommitBlock } from '../../alembic/directive-text.ts';
import { readDirectivePlace } from '../../alembic/revision-site.ts';
import { replaceOutsideOfBatch } from '../../alembic/statement-edits.ts';
import { type Answer, isRefused } from '../../fix.ts';
import { notEditableSql, notSeparable } from '../../refusals.ts';

/**
 * Adds the value of an enum type outside of the transaction, in an autocommit block. The next revision would be no help:
 * those of one `alembic upgrade` share a transaction.
 */
export function enumValueFirst(
  change: AlterEnum,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  if (place.directive.name !== 'execute' || change.origin.sql?.together !== 1) return notSeparable;
  const written = directiveText(place, {}, 8);
  const additions = written.match(/\bADD\s+VALUE\b(?:\s+IF\b)?/gi) ?? [];
  if (additions.length !== 1) return notEditableSql;
  // Run again after a failure behind it, the value is there already.
  const repeatable = written.replace(/\b(ADD\s+VALUE)(?!\s+IF\b)/i, '$1 IF NOT EXISTS');
  return [
    {
      title: `Add '${change.values[0] ?? ''}' in an autocommit block, before it is used`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: migration.file,
          edits: replaceOutsideOfBatch(place, inAutocommitBlock(place.op, [repeatable])),
        },
      ],
    },
  ];
}
