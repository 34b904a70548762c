import type { TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { AddConstraint } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { changeArguments, noneIn } from '../../alembic/directive-text.ts';
import { executedApart, revisionOf } from '../../alembic/executed-sql.ts';
import { nameApart } from '../../alembic/final-name.ts';
import { revisionsAfter } from '../../alembic/new-revision.ts';
import { type DirectivePlace, readDirectivePlace } from '../../alembic/revision-site.ts';
import { quoteOf } from '../../edits/layout.ts';
import { type Answer, isRefused, type Refused } from '../../fix.ts';
import { behindGuard, neededLater, notValidRefusal, notWrittenOut, unknownName } from '../../refusals.ts';
import { tableBefore } from '../../schema-before.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { writtenName, writtenTable } from '../../sql/sql-names.ts';
import { validationWords } from '../validation-migration.ts';
import { executedInSteps } from './executed-in-steps.ts';

/** What the titles call a constraint. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['create_check_constraint', 'check'],
  ['create_foreign_key', 'foreign key'],
]);

/**
 * Adds a check or a foreign key without looking at the rows that are there, and validates it in the next revision, while
 * the table is in use.
 */
export function constraintInSteps(
  change: AddConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  if (change.origin.sql !== undefined) return executedInSteps(change, migration, { project });
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  const kind = kinds.get(place.directive.name);
  // Those inside a new column are told apart from it elsewhere.
  if (kind === undefined) return [];
  const named = nameToWrite(change, place, migration, project);
  if (isRefused(named)) return named;
  if (change.guarded === true) return behindGuard;
  if (!isMovable(change, migration)) return neededLater;
  const refused = change.constraint.kind === 'foreign-key' ? notValidRefusal(change, migration, project) : undefined;
  if (refused !== undefined) return refused;
  const { source } = place;
  const { table, constraint } = change;
  const statement = `ALTER TABLE ${writtenTable(table)} VALIDATE CONSTRAINT ${writtenName(constraint.name)}`;
  const words = validationWords({ table, name: constraint.name, statement }, source.revision);
  const chain = revisionsAfter(project, source, [revisionOf(words, executedApart([statement], source, project), [])]);
  if (isRefused(chain)) return chain;
  const edits = changeArguments(place, { set: { postgresql_not_valid: 'True' }, edits: named.edits });
  return [
    {
      title: `Add the ${kind} NOT VALID, and validate it in the next revision`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits }, ...chain.repointed, ...chain.created],
    },
  ];
}

/** What the database would make up has to be written: by its name it is validated. */
function nameToWrite(
  change: AddConstraint,
  place: DirectivePlace,
  migration: Migration,
  project: Project,
): { readonly edits: readonly TextEdit[] } | Refused {
  const { constraint, table } = change;
  if (constraint.unnamed !== 'named-by-database') return constraint.nameIsExact ? { edits: [] } : unknownName;
  const { source, op } = place;
  const naming = { project, op, quote: quoteOf(source.text) };
  const name = nameApart(constraint, constraint.kind, tableBefore(table, change, migration, project), naming);
  if (typeof name !== 'string') return name;
  const at = noneIn(place, 'constraint_name');
  return at === undefined ? notWrittenOut : { edits: [{ span: at, newText: name }] };
}
