import { isVersionAtLeast } from '../../base/target.ts';
import type { AddConstraint } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { stringOf } from '../argument-values.ts';
import { importName } from '../edits/imports.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { type Answer, isRefused } from '../fix.ts';
import { chainAfter } from '../new-migration.ts';
import type { OperationSite } from '../operation-site.ts';
import { readSite } from '../operation-site.ts';
import { neededLater, notWrittenOut } from '../refusals.ts';
import type { RecipeContext } from './field-definition.ts';

const postgresOperations = 'django.contrib.postgres.operations';

/**
 * Adds the check of an `AddConstraint` without looking at the rows that are there, and validates it in a migration of
 * its own, while the table is in use.
 */
export function checkInSteps(
  change: AddConstraint,
  migration: Migration,
  { project, target }: RecipeContext,
): readonly Answer[] {
  // `AddConstraintNotValid` came with Django 4.0.
  if (change.origin.name !== 'AddConstraint' || !isVersionAtLeast(target.django, 4, 0)) return [];
  const site = readSite(change, migration, project, 'top level');
  if (isRefused(site)) return site;
  if (!change.constraint.nameIsExact) return notWrittenOut;
  if (isTouchedLater(site)) return neededLater;
  const { source, call } = site;
  const model = stringOf(site.operation.arguments.get('model_name'));
  if (model === undefined) return notWrittenOut;
  const imported = importName(source.text, source.module, postgresOperations, 'AddConstraintNotValid');
  const { name } = change.constraint;
  const quote = quoteOf(source.text);
  const chain = chainAfter(project, source, [
    {
      slug: `validate_${name.toLowerCase().replaceAll(/\W+/g, '_')}`,
      docstring: [
        `Checks the rows of "${change.table.name}" that were there before "${name}", while the table is in use.`,
        '',
        `Runs after ${source.name}, in the same deploy. It fails if a row violates the check: mend that row and run it again.`,
        '',
      ].join('\n'),
      imports: [`from ${postgresOperations} import ValidateConstraint`],
      code: '',
      atomic: true,
      operations: [`ValidateConstraint(model_name=${quoted(model, quote)}, name=${quoted(name, quote)})`],
    },
  ]);
  return [
    {
      title: 'Add the check for new rows only, and validate it in a migration of its own',
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [...imported.edits, { span: call.callee.span, newText: imported.name }],
        },
        ...chain.repointed,
        ...chain.created,
      ],
    },
  ];
}

/** Whether a later operation of the migration takes the constraint away or gives its table another name. */
function isTouchedLater({ source, operation }: OperationSite): boolean {
  const later = source.operations.slice(source.operations.indexOf(operation) + 1);
  return later.some(
    ({ name, known }) => !known || ['RemoveConstraint', 'RenameModel', 'DeleteModel', 'RemoveField'].includes(name),
  );
}
