import type { Project } from '../../../project/project.ts';
import type { CreateIndex } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { readExecutedSite } from '../../alembic/executed-site.ts';
import { executeText } from '../../alembic/executed-sql.ts';
import { blockAround, readDirectivePlace, type StatementPlace } from '../../alembic/revision-site.ts';
import { insertBeforeStatement } from '../../alembic/statement-edits.ts';
import { type Answer, isRefused, refusal } from '../../fix.ts';
import { notSeparable } from '../../refusals.ts';
import { statementsOf } from '../../sql/run-sql-site.ts';
import { retryStatement } from '../concurrent-sql.ts';
import { dropIndexText } from './concurrent-index.ts';

/**
 * Drops the index before it is built if it is not there, which passes over the invalid one that a failed build leaves: as a
 * directive before a directive, as SQL before SQL.
 */
export function droppedFirstInRevision(
  change: CreateIndex,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  if (change.origin.sql === undefined) {
    const place = readDirectivePlace(change, migration, project);
    if (isRefused(place)) return place;
    if (place.directive.name !== 'create_index') return [];
    return before(change, place, dropIndexText(place, 8));
  }
  const found = readExecutedSite(change, migration, project);
  if (isRefused(found)) return found;
  if (statementsOf([found.statement.string]).length > 1) return notSeparable;
  const drop = retryStatement({ change, statement: found.statement });
  return drop === undefined ? [] : before(change, found.place, executeText(drop, found.source, 8));
}

const inTransaction = refusal(
  'The build does not stand in an autocommit block, where alone an index can be dropped concurrently: move it there first.',
);

function before(change: CreateIndex, place: StatementPlace, code: string): readonly Answer[] {
  if (blockAround(place, 'autocommit_block') === undefined) return inTransaction;
  return [
    {
      title: `Drop "${change.index.name}" first, where a failed build has left it`,
      safety: 'safe',
      edits: [{ kind: 'change', file: place.source.file, edits: [insertBeforeStatement(place, code)] }],
    },
  ];
}
