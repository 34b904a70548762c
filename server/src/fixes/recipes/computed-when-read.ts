import { isVersionAtLeast } from '../../base/target.ts';
import type { AddColumn, Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { wordAt } from '../../sql/words.ts';
import { setKeyword } from '../edits/arguments.ts';
import { type Answer, isRefused, refusal } from '../fix.ts';
import { isDefinedLater, modelKeyword } from '../model-field.ts';
import { notEditableSql } from '../refusals.ts';
import { editSql } from '../sql/edit-sql.ts';
import { inCaseOf } from '../sql/run-sql-site.ts';
import { readActionSite } from '../sql/table-action.ts';
import { type RecipeContext, readFieldDefinition } from './field-definition.ts';

/**
 * Makes a stored column a virtual one, which PostgreSQL 18 computes when it is read: a `GeneratedField` from Django 6.1 on, and a
 * column of an SQL string. Such a column can be in no key and no index.
 */
export function computedWhenRead(change: AddColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { target } = context;
  const { column } = change;
  if (column.generated !== 'stored' || column.unique || column.primaryKey || column.references !== undefined) return [];
  if (target.database !== 'postgresql' || !isVersionAtLeast(target.databaseVersion, 18, 0)) return [];
  if (isBuiltOn(change, migration, context))
    return refusal('A key or an index on the column comes later, which a virtual one cannot have.');
  return change.origin.sql === undefined
    ? notPersisted(change, migration, context)
    : virtualSql(change, migration, context);
}

function notPersisted(change: AddColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { project, target } = context;
  if (!isVersionAtLeast(target.django, 6, 1)) return refusal('Django before 6.1 has no virtual columns on PostgreSQL.');
  const of = readFieldDefinition(change, change.column.name, migration, context, 'anywhere');
  if (isRefused(of)) return of;
  if (isDefinedLater(of, migration, project)) return refusal(`A later migration defines "${of.field}" anew.`);
  const model = modelKeyword(of, 'db_persist', 'False', project);
  const edit = setKeyword(of.definition, 'db_persist', 'False');
  return [
    {
      title: `Compute "${change.column.name}" when it is read: db_persist=False${model.advice}`,
      safety: 'review',
      edits: [{ kind: 'change', file: of.site.source.file, edits: [edit] }, ...model.edits],
    },
  ];
}

function virtualSql(change: AddColumn, migration: Migration, { project }: RecipeContext): readonly Answer[] {
  const found = readActionSite(change, migration, project);
  if (isRefused(found)) return found;
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
      title: `Compute "${change.column.name}" when it is read: VIRTUAL`,
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
