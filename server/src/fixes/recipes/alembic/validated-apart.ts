import type { Project } from '../../../project/project.ts';
import type { ValidateConstraint } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { directiveText, inAutocommitBlock } from '../../alembic/directive-text.ts';
import { readExecutedStatement } from '../../alembic/executed-statement.ts';
import { replaceOutsideOfBatch } from '../../alembic/statement-edits.ts';
import { type Answer, isRefused, refusal } from '../../fix.ts';

/** Validates a constraint in an autocommit block, which begins by committing what came before it. */
export function validatedInAutocommitBlock(
  change: ValidateConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readExecutedStatement(change, migration, project);
  if (isRefused(found)) return found;
  const { place } = found;
  if (change.origin.sql?.together !== 1)
    return refusal('Other statements are sent with it: give each a call of its own.');
  const code = inAutocommitBlock(place.op, [directiveText(place, {}, 8)]);
  return [
    {
      title: 'Validate it in an autocommit block, which commits first',
      safety: 'review',
      edits: [{ kind: 'change', file: place.source.file, edits: replaceOutsideOfBatch(place, code) }],
    },
  ];
}
