import { nameOf } from '../../../alembic/step.ts';
import type { Target } from '../../../base/target.ts';
import type { Project } from '../../../project/project.ts';
import { changesOf, type RenameTable } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import type { CreateView } from '../../../schema/sql-change.ts';
import { isSameTable, tableText } from '../../../schema/table-name.ts';
import { executeLines, executeText, revisionOf } from '../../alembic/executed-sql.ts';
import { revisionsAfter } from '../../alembic/new-revision.ts';
import { readDirectivePlace } from '../../alembic/revision-site.ts';
import { insertAfterStatement, insertBeforeStatement } from '../../alembic/statement-edits.ts';
import { wayBackOf } from '../../alembic/way-back.ts';
import { changedSource } from '../../changed-source.ts';
import { type Answer, isRefused } from '../../fix.ts';
import { unreadReverse } from '../../refusals.ts';
import { writtenTable } from '../../sql/sql-names.ts';
import { readHead } from '../leaf.ts';
import { forOldRelease, readSelects, viewDropWords } from '../view-under-old-name.ts';

interface Setting {
  readonly project: Project;
  readonly target: Target;
}

/** Leaves a view under the old name of a table that a revision renames, for the release that is running. */
export function viewUnderOldNameInRevision(
  change: RenameTable,
  migration: Migration,
  { project, target }: Setting,
): readonly Answer[] {
  if (target.database !== 'postgresql') return [];
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  if (place.directive.name !== 'rename_table' || change.guarded === true) return [];
  const earlier = migration.forward.slice(0, migration.forward.indexOf(change));
  const renamed = changesOf(earlier, 'RenameColumn').filter(
    ({ applies, table }) => applies.database && isSameTable(table, change.table),
  );
  const found = readSelects([{ rename: change, columns: renamed }], migration, project);
  if (isRefused(found)) return found;
  const back = wayBackOf(
    place.source,
    ({ name, arguments: given }) => name === 'rename_table' && nameOf(given.get('old_table_name')) === change.to.name,
    [],
  );
  const known = back.kind === 'missing' ? wayBackOf(place.source, () => false, [change.to.name]) : back;
  if (known.kind === 'unclear') return unreadReverse;
  const view = writtenTable(change.table);
  const create = executeText(`CREATE VIEW ${view} AS ${found.selects.join('')}`, place.source, 4);
  const drop = executeText(`DROP VIEW ${view}`, place.source, 4);
  const edits = [insertAfterStatement(place, `${forOldRelease}\n${create}`)];
  if (known.kind === 'written') edits.push(insertBeforeStatement(known.place, drop));
  return [
    {
      title: `Leave a view under the old name ${tableText(change.table)}; drop it in a later release`,
      safety: 'review',
      edits: [changedSource(place.source, edits)],
    },
  ];
}

/** The drop of the view, offered on the revision that created it as long as it is owed. */
export function owedViewDropInRevision(
  view: CreateView,
  migration: Migration,
  { project }: Setting,
): readonly Answer[] {
  if (migration.framework !== 'alembic') return [];
  const head = readHead(project, migration);
  const sql = view.origin.sql?.text;
  if (isRefused(head)) return head;
  if (sql === undefined) return [];
  const { title, slug, docstring } = viewDropWords(view.view, migration.id, 'revision');
  const forward = [executeText(`DROP VIEW ${writtenTable(view.view)}`, head, 4)];
  const backward = [executeLines(sql, head, 4)];
  const chain = revisionsAfter(project, head, [revisionOf({ slug, docstring }, forward, backward)]);
  if (isRefused(chain)) return chain;
  return [{ title, safety: 'review', edits: [...chain.repointed, ...chain.created] }];
}
