import { isVersionAtLeast } from '../../base/target.ts';
import type { Project } from '../../project/project.ts';
import type { AddColumn, AddConstraint } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { quoteOf } from '../edits/layout.ts';
import type { Fix } from '../fix.ts';
import { chainAfter } from '../new-migration.ts';
import { isOnPartitioned } from '../schema-before.ts';
import { editAllSql } from '../sql/edit-sql.ts';
import { isMovable } from '../sql/later-changes.ts';
import { inCaseOf } from '../sql/run-sql-site.ts';
import { writtenName } from '../sql/sql-names.ts';
import { addedConstraint, findActionSite } from '../sql/table-action.ts';
import { validationMigration } from './validation-migration.ts';

/**
 * Adds a check or a foreign key of an SQL string without looking at the rows that are there, and proves it for them in
 * the next migration, where nobody waits for that.
 */
export function notValidSql(
  change: AddConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Fix[] {
  const { constraint } = change;
  const found = constraint.validated ? findActionSite(change, migration, project) : undefined;
  const added = found && addedConstraint(found.statement, found.action);
  if (found === undefined || added === undefined) return [];
  if (constraint.kind === 'foreign-key' && isNotValidRefused(change, migration, project)) return [];
  const { site, statement, action } = found;
  if (!isMovable(change, migration) || (added.name === undefined && !constraint.nameIsExact)) return [];
  const { source } = site;
  const name = added.name ?? writtenName(constraint.name);
  const end = action.span.end;
  const definition = statement.tokens[added.definition]?.start ?? end;
  const edits = editAllSql({ source, string: statement.string }, [
    ...(added.name === undefined ? [insertion(definition, `${inCaseOf(statement, 'CONSTRAINT')} ${name} `)] : []),
    insertion(end, ` ${inCaseOf(statement, 'NOT VALID')}`),
  ]);
  if (edits === undefined) return [];
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

/** Foreign keys of partitioned tables can be `NOT VALID` since PostgreSQL 18. */
export function isNotValidRefused(change: AddColumn | AddConstraint, migration: Migration, project: Project): boolean {
  return !isVersionAtLeast(project.target.databaseVersion, 18, 0) && isOnPartitioned(change, migration, project);
}

function insertion(at: number, newText: string) {
  return { span: { start: at, end: at }, newText };
}
