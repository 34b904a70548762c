import type { Project } from '../../project/project.ts';
import type { AddConstraint } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { quoteOf } from '../edits/layout.ts';
import { type Answer, isRefused, refusal } from '../fix.ts';
import { chainAfter } from '../new-migration.ts';
import { doesMore, neededLater, notEditableSql, notValidRefusal } from '../refusals.ts';
import { editAllSql } from '../sql/edit-sql.ts';
import { isMovable } from '../sql/later-changes.ts';
import { inCaseOf } from '../sql/run-sql-site.ts';
import { writtenName } from '../sql/sql-names.ts';
import { addedConstraint, readActionSite } from '../sql/table-action.ts';
import { validationMigration } from './validation-migration.ts';

/**
 * Adds a check or a foreign key of an SQL string without looking at the rows that are there, and proves it for them in
 * the next migration, where nobody waits for that.
 */
export function notValidSql(
  change: AddConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const { constraint } = change;
  if (!constraint.validated) return [];
  const found = readActionSite(change, migration, project);
  if (isRefused(found)) return found;
  const added = addedConstraint(found.statement, found.action);
  if (added === undefined) return doesMore;
  const refused = constraint.kind === 'foreign-key' ? notValidRefusal(change, migration, project) : undefined;
  if (refused !== undefined) return refused;
  const { site, statement, action } = found;
  if (!isMovable(change, migration)) return neededLater;
  if (added.name === undefined && !constraint.nameIsExact)
    return refusal('PostgreSQL will choose the name of the constraint.');
  const { source } = site;
  const name = added.name ?? writtenName(constraint.name);
  const end = action.span.end;
  const definition = statement.tokens[added.definition]?.start ?? end;
  const edits = editAllSql({ source, string: statement.string }, [
    ...(added.name === undefined ? [insertion(definition, `${inCaseOf(statement, 'CONSTRAINT')} ${name} `)] : []),
    insertion(end, ` ${inCaseOf(statement, 'NOT VALID')}`),
  ]);
  if (edits === undefined) return notEditableSql;
  const validate = `${action.head} VALIDATE CONSTRAINT ${name}`;
  const chain = chainAfter(project, source, [
    validationMigration(
      { table: change.table, name: constraint.name, statement: validate },
      source.name,
      quoteOf(source.text),
    ),
  ]);
  return [
    {
      title: 'Add the constraint NOT VALID, and validate it in the next migration',
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits }, ...chain.repointed, ...chain.created],
    },
  ];
}

function insertion(at: number, newText: string) {
  return { span: { start: at, end: at }, newText };
}
