import { isVersionAtLeast } from '../../base/target.ts';
import type { AddColumn, Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { wordAt } from '../../sql/words.ts';
import { type Answer, isRefused, refusal } from '../fix.ts';
import { notEditableSql } from '../refusals.ts';
import { editSql } from '../sql/edit-sql.ts';
import { inCaseOf } from '../sql/run-sql-site.ts';
import { readActionSite } from '../sql/table-action.ts';
import type { RecipeContext } from './field-definition.ts';

/**
 * Makes a stored column of an SQL string a virtual one, which PostgreSQL 18 computes when it is read. Such a column can
 * be in no key and no index.
 */
export function computedWhenRead(change: AddColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { project, target } = context;
  const { column } = change;
  if (column.generated !== 'stored' || column.unique || column.primaryKey || column.references !== undefined) return [];
  if (target.database !== 'postgresql' || !isVersionAtLeast(target.databaseVersion, 18, 0)) return [];
  const found = readActionSite(change, migration, project);
  if (isRefused(found)) return found;
  if (isBuiltOn(change, migration, context))
    return refusal('A key or an index on the column comes later, which a virtual one cannot have.');
  const { site, statement, action } = found;
  const { first, end } = action.range;
  const stored = statement.tokens
    .slice(first, end)
    .findLastIndex((_, at) => wordAt(statement, first + at) === 'STORED');
  const token = statement.tokens[first + stored];
  if (stored < 0 || token === undefined) return [];
  const { source } = site;
  const edit = editSql({ source, string: statement.string }, token, inCaseOf(statement, 'VIRTUAL'));
  if (edit === undefined) return notEditableSql;
  return [
    {
      title: `Compute "${column.name}" when it is read: VIRTUAL`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [edit] }],
    },
  ];
}

/** Whether an index or a constraint on the column comes later, in this migration or in another. */
function isBuiltOn({ column }: AddColumn, migration: Migration, { project }: RecipeContext): boolean {
  const ids = project.order.slice(project.order.indexOf(migration.id));
  const columnsOf = (change: Change): readonly string[] => {
    if (change.kind === 'CreateIndex') return change.index.expressions ? [column.name] : change.index.columns;
    return change.kind === 'AddConstraint' ? change.constraint.columns : [];
  };
  return ids.some((id) =>
    project.migration(id)?.migration.forward.some((change) => columnsOf(change).includes(column.name)),
  );
}
