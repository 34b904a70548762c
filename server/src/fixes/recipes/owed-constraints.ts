import { isVersionAtLeast } from '../../base/target.ts';
import type { Project } from '../../project/project.ts';
import type { AddConstraint } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { type Constraint, findTable } from '../../schema/schema.ts';
import { tableText } from '../../schema/table-name.ts';
import { executedApart, executeText, revisionOf } from '../alembic/executed-sql.ts';
import { revisionsAfter } from '../alembic/new-revision.ts';
import { stringOf } from '../argument-values.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { finalSchema } from '../final-schema.ts';
import { type Answer, isRefused } from '../fix.ts';
import { chainAfter } from '../new-migration.ts';
import { findOperationOf } from '../operation-site.ts';
import { notWrittenOut } from '../refusals.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';
import type { RecipeContext } from './field-definition.ts';
import { readHead, readLeaf } from './leaf.ts';

/** Whether the rows that were there before the constraint are not checked by it, even after all migrations. */
export function isValidationOwed(change: AddConstraint, migration: Migration, project: Project): boolean {
  if (change.constraint.validated) return false;
  const constraint = constraintAtEnd(change, migration, project);
  return constraint?.validated === false && !isSuperfluous(constraint, change, project);
}

/** Whether the check has done its work, which was to prove NOT NULL, and is still there after all migrations. */
export function isCheckDropOwed(change: AddConstraint, migration: Migration, project: Project): boolean {
  const constraint = constraintAtEnd(change, migration, project);
  if (constraint === undefined || !isSuperfluous(constraint, change, project)) return false;
  // What a model class names is meant to stay.
  const { models, others } = project.modulesOf(project.graph.groupOf(migration.id), constraint.name);
  return ![...models, ...others].some(({ text }) => text.includes(constraint.name));
}

/** The validation, offered on the migration that added the constraint as long as it is owed. */
export function owedValidation(change: AddConstraint, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { name } = change.constraint;
  return writtenLater(change, migration, context, {
    title: `Write the migration that validates "${name}"`,
    slug: `validate_${slugOf(name)}`,
    docstring: [
      `Checks the rows of ${tableText(change.table)} that were there before "${name}", while the table is in use.`,
      '',
      'It fails if a row violates it: mend that row and run it again.',
      '',
    ],
    imports: ['from django.contrib.postgres.operations import ValidateConstraint'],
    operation: (model, constraint) => `ValidateConstraint(model_name=${model}, name=${constraint})`,
    sql: `ALTER TABLE ${writtenTable(change.table)} VALIDATE CONSTRAINT ${writtenName(name)}`,
    reverse: 'noop',
  });
}

/** The drop of the check, offered likewise. */
export function owedCheckDrop(change: AddConstraint, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { name, provesNotNull = '' } = change.constraint;
  const table = writtenTable(change.table);
  return writtenLater(change, migration, context, {
    title: `Write the migration that drops "${name}"`,
    slug: `drop_${slugOf(name)}`,
    docstring: [`Drops "${name}" of ${tableText(change.table)}: the column is NOT NULL by itself.`, ''],
    imports: [],
    operation: (model, constraint) => `migrations.RemoveConstraint(model_name=${model}, name=${constraint})`,
    sql: `ALTER TABLE ${table} DROP CONSTRAINT ${writtenName(name)}`,
    reverse: [
      `ALTER TABLE ${table} ADD CONSTRAINT ${writtenName(name)} CHECK (${writtenName(provesNotNull)} IS NOT NULL) NOT VALID`,
    ],
  });
}

interface LaterStep {
  readonly title: string;
  readonly slug: string;
  readonly docstring: readonly string[];
  /** What the operation needs. */
  readonly imports: readonly string[];
  /** For a constraint that Django knows; both names are written as literals. */
  operation(model: string, constraint: string): string;
  /** For all others. */
  readonly sql: string;
  readonly reverse: readonly string[] | 'noop';
}

function writtenLater(
  change: AddConstraint,
  migration: Migration,
  { project, target }: RecipeContext,
  step: LaterStep,
): readonly Answer[] {
  const { name, nameIsExact } = change.constraint;
  if (!nameIsExact) return notWrittenOut;
  if (migration.framework === 'alembic') return writtenAtHead(migration, project, step);
  const leaf = readLeaf(project, migration);
  if (isRefused(leaf)) return leaf;
  const source = project.source(migration.id);
  if (source === undefined || change.table.unknown !== undefined) return notWrittenOut;
  const quote = quoteOf(leaf.text);
  const model = stringOf(findOperationOf(change, source)?.arguments.get('model_name'));
  // `ValidateConstraint` came with Django 4.0.
  const isKnown = change.applies.state && model !== undefined && isVersionAtLeast(target.django, 4, 0);
  const operation = isKnown
    ? step.operation(quoted(model, quote), quoted(name, quote))
    : runSqlText('migrations', [step.sql], step.reverse, quote);
  const chain = chainAfter(project, leaf, [
    {
      slug: step.slug,
      docstring: step.docstring.join('\n'),
      imports: isKnown ? step.imports : [],
      code: '',
      atomic: true,
      operations: [operation],
    },
  ]);
  return [{ title: step.title, safety: 'review', edits: [...chain.repointed, ...chain.created] }];
}

function writtenAtHead(migration: Migration, project: Project, step: LaterStep): readonly Answer[] {
  const head = readHead(project, migration);
  if (isRefused(head)) return head;
  const words = { slug: step.slug, docstring: step.docstring.join('\n') };
  const back = step.reverse === 'noop' ? [] : step.reverse.map((sql) => executeText(sql, head, 4));
  const chain = revisionsAfter(project, head, [revisionOf(words, executedApart([step.sql], head, project), back)]);
  if (isRefused(chain)) return chain;
  return [
    {
      title: step.title.replace('migration', 'revision'),
      safety: 'review',
      edits: [...chain.repointed, ...chain.created],
    },
  ];
}

function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/\W+/g, '_');
}

/** The constraint after all migrations, whatever it is called by then. */
function constraintAtEnd(
  { table, constraint }: AddConstraint,
  { id }: Migration,
  project: Project,
): Constraint | undefined {
  const final = finalSchema(project);
  const found = final && findTable(final, table)?.constraints.get(constraint.name);
  return found?.bornIn === id ? found : undefined;
}

function isSuperfluous({ kind, provesNotNull }: Constraint, { table }: AddConstraint, project: Project): boolean {
  if (kind !== 'check' || provesNotNull === undefined) return false;
  const final = finalSchema(project);
  return final !== undefined && findTable(final, table)?.columns.get(provesNotNull)?.nullable === false;
}
