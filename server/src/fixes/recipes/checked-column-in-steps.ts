import { quotedName } from '../../database/quoted-names.ts';
import type { AddColumn } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { tableText } from '../../schema/table-name.ts';
import { itemIndentation, replaceItem } from '../edits/list-items.ts';
import { indented, rewritten } from '../edits/rewritten.ts';
import { type Answer, isRefused, refusal } from '../fix.ts';
import { chainAfter } from '../new-migration.ts';
import { changesOfOperation } from '../operation-site.ts';
import { checkedByDomain, doesMore, notWrittenOut, unknownField } from '../refusals.ts';
import { tableBefore } from '../schema-before.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { suffixedName, writtenName, writtenTable } from '../sql/sql-names.ts';
import { fieldOperation, type RecipeContext, readFieldDefinition } from './field-definition.ts';
import { postponementRefusal } from './key-steps.ts';
import { separated } from './separated.ts';
import { validationMigration } from './validation-migration.ts';

/**
 * Adds the column of a positive number without its check, and the check for new rows alone, which the next migration
 * proves for those that were there.
 */
export function checkedColumnInSteps(
  change: AddColumn,
  migration: Migration,
  context: RecipeContext,
): readonly Answer[] {
  const { column, table } = change;
  if (migration.framework !== 'django') return [];
  if (column.check === undefined) return checkedByDomain;
  if (column.check === '') return notWrittenOut;
  const of = readFieldDefinition(change, column.name, migration, context, 'top level');
  if (isRefused(of)) return of;
  const { callee } = of.definition.call;
  const className = uncheckedClassOf(of.definition.text.slice(callee.span.start, callee.span.end));
  if (className === undefined) return unknownField;
  // With an index of its own or a constraint the field does more than add a column.
  if (changesOfOperation(change, migration).length > 1 || column.unique) return doesMore;
  const refused = postponementRefusal(change, [], of.site, of.model, [of.field], migration);
  if (refused !== undefined) return refused;
  const name = suffixedName(`${table.name}_${column.name}`, '_check');
  if (tableBefore(table, change, migration, context.project)?.constraints.has(name) === true)
    return refusal(`${tableText(table)} has a constraint called "${name}" already.`);
  const condition = column.check.replaceAll(quotedName(column.name, 'postgresql'), writtenName(column.name));
  const alter = `ALTER TABLE ${writtenTable(table)}`;
  const add = `${alter} ADD CONSTRAINT ${writtenName(name)} CHECK (${condition}) NOT VALID`;
  const { source, call, list, index } = of.site;
  const operation = separated(
    {
      database: [
        fieldOperation('AddField', of, {}, className),
        runSqlText('migrations', [add], [`${alter} DROP CONSTRAINT ${writtenName(name)}`], of.quote),
      ],
      state: [rewritten(source.text, call.span, [])],
    },
    'migrations',
  );
  const statement = `${alter} VALIDATE CONSTRAINT ${writtenName(name)}`;
  const slug = `${of.modelName.toLowerCase()}_${of.field}`;
  const chain = chainAfter(context.project, source, [
    validationMigration({ table, name, statement, slug, what: `the check of "${column.name}"` }, source.name, of.quote),
  ]);
  return [
    {
      title: `Add "${column.name}" without its check, and validate that in the next migration`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [replaceItem(list, index, indented(operation, itemIndentation(list)))],
        },
        ...chain.repointed,
        ...chain.created,
      ],
    },
  ];
}

/** The class of Django that has the same column without the check. */
function uncheckedClassOf(className: string): string | undefined {
  const [, size] = /^models\.Positive(Big|Small|)IntegerField$/.exec(className) ?? [];
  return size === undefined ? undefined : `models.${size}IntegerField`;
}
