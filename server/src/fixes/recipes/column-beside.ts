import { findModel, type ProjectState } from '../../django/project-state.ts';
import type { Column } from '../../schema/column.ts';
import { findColumn, type Schema, type Table } from '../../schema/schema.ts';
import { tableText } from '../../schema/table-name.ts';
import { longestName } from '../../sql/postgresql/names.ts';
import { stringOf } from '../argument-values.ts';
import { quoted } from '../edits/layout.ts';
import { indented } from '../edits/rewritten.ts';
import { type Refused, refusal } from '../fix.ts';
import type { FollowUp } from '../new-migration.ts';
import type { OperationSite } from '../operation-site.ts';
import type { RecipeContext } from './field-definition.ts';
import { isInTrigger } from './live-triggers.ts';

/** A field of a model, as operations name it. */
export interface NamedField {
  readonly model: string;
  readonly name: string;
  readonly quote: '"' | "'";
}

/** `AddField` or `AlterField` with a definition, in column 0. */
export function setField(name: 'AddField' | 'AlterField', field: NamedField, definition: string): string {
  const { quote } = field;
  return [
    `migrations.${name}(`,
    `    model_name=${quoted(field.model, quote)},`,
    `    name=${quoted(field.name, quote)},`,
    `    field=${indented(definition, '    ')},`,
    ')',
  ].join('\n');
}

export function renameField({ model, name, quote }: NamedField, to: string): string {
  return [
    'migrations.RenameField(',
    `    model_name=${quoted(model, quote)},`,
    `    old_name=${quoted(name, quote)},`,
    `    new_name=${quoted(to, quote)},`,
    ')',
  ].join('\n');
}

export function removeField({ model, name, quote }: NamedField): string {
  return `migrations.RemoveField(model_name=${quoted(model, quote)}, name=${quoted(name, quote)})`;
}

/** What a copy fills, from which field, and how the file and its functions are called. */
export interface Copy {
  readonly app: string;
  /** As the class is called. */
  readonly model: string;
  readonly from: string;
  readonly to: string;
  readonly table: string;
  /** The migration that added the field to fill and the trigger. */
  readonly after: string;
  readonly quote: '"' | "'";
}

/**
 * A migration that has the trigger fill the new column of the rows that are there, in slices of the primary key: how a
 * value is converted is said in one place, the trigger. After an interruption it goes on with what is not filled.
 *
 * @param before operations that run first and find the values that have no place in the new column, in column 0
 */
export function copyMigration(copy: Copy, before: readonly string[]): FollowUp {
  const { app, model, from, to, table, after, quote } = copy;
  const q = (text: string): string => quoted(text, quote);
  return {
    slug: `fill_${model.toLowerCase()}_${to}`,
    docstring: copyDocstring({ to, table, after, checks: before.length > 0 }),
    imports: ['from django.db.models import F'],
    code: [
      'BATCH_SIZE = 1000',
      '',
      '',
      `def fill_${to}(apps, schema_editor):`,
      `    ${model} = apps.get_model(${q(app)}, ${q(model)})`,
      `    rows = ${model}.objects.using(schema_editor.connection.alias).order_by(${q('pk')})`,
      `    empty = rows.filter(${from}__isnull=False, ${to}__isnull=True)`,
      `    while keys := list(empty.values_list(${q('pk')}, flat=True)[:BATCH_SIZE]):`,
      `        # The trigger fills the new column of each row that is written.`,
      `        rows.filter(pk__in=keys).update(${from}=F(${q(from)}))`,
      '        empty = empty.filter(pk__gt=keys[-1])',
    ].join('\n'),
    atomic: false,
    operations: [...before, `migrations.RunPython(fill_${to}, migrations.RunPython.noop)`],
  };
}

/** What such a migration says of itself. */
export function copyDocstring({
  to,
  table,
  after,
  checks,
}: Pick<Copy, 'to' | 'table' | 'after'> & { readonly checks: boolean }): string {
  return [
    `Fills "${to}" of the rows of "${table}" that were there before it, batch by batch.`,
    '',
    `Runs after ${after}, in the same deploy. It may be interrupted and run again.`,
    ...(checks ? ['Where a value does not fit, it stops before anything is filled: correct those rows first.'] : []),
    '',
  ].join('\n');
}

/**
 * Refuses where more than the value of a column depends on it, so that no other column can do its work: a key, a
 * constraint, a computed column, a trigger that may write it after the one that copies it, a partitioned table.
 */
export function replacementRefusal(
  column: Column,
  table: Table,
  context: Pick<RecipeContext, 'project'>,
): Refused | undefined {
  if (table.partitionedBy !== undefined || table.partitionOf !== undefined) {
    return refusal(`${tableText(table.name)} is partitioned, and columns of such tables are not replaced.`);
  }
  if (!table.complete || table.name.unknown !== undefined || table.bornIn === undefined) {
    return refusal('Not all that was done to the table is in sight.');
  }
  if (isPlainColumn(column, table, context)) return undefined;
  return refusal(`A key, a constraint, a default, a computed column or a trigger depends on "${column.name}".`);
}

function isPlainColumn(column: Column, table: Table, { project }: Pick<RecipeContext, 'project'>): boolean {
  const { name } = column;
  if (column.primaryKey || column.unique || column.autoIncrement || column.references !== undefined) return false;
  if (column.default !== undefined || column.check !== undefined) return false;
  if ([...table.columns.values()].some(({ generated }) => generated !== undefined)) return false;
  const isConstrained = [...table.constraints.values()].some(
    ({ columns, kind }) => columns.includes(name) || (columns.length === 0 && kind !== 'primary-key'),
  );
  return !isConstrained && !isInTrigger(name, table.name, project);
}

/** Whether neither a field of the model nor a column of the table is called so at a moment of the history. */
export function isFree(
  name: string,
  field: { readonly app: string; readonly model: string; readonly table: Table },
  state: ProjectState | undefined,
  schema: Schema | undefined,
): boolean {
  if (state === undefined || schema === undefined || name.length > longestName) return false;
  const model = findModel(state, { app: field.app, name: field.model.toLowerCase() });
  return model?.fields.has(name) !== true && findColumn(schema, field.table.name, name) === undefined;
}

export function takenName(name: string): Refused {
  return refusal(`"${name}", which the second column would be called, is taken or too long.`);
}

/** Whether an operation behind this one deals with the field, or with what may be about several: keys, indexes, the model. */
export function isFieldTouchedLater({ source, operation }: OperationSite, model: string, field: string): boolean {
  const later = source.operations.slice(source.operations.indexOf(operation) + 1);
  return later.some((each) => {
    if (!each.known) return true;
    const named = (key: string): string | undefined => stringOf(each.arguments.get(key))?.toLowerCase();
    const isOfModel = ['model_name', 'name', 'old_name'].some((key) => named(key) === model.toLowerCase());
    if (!isOfModel) return ['RunPython', 'RunSQL', 'SeparateDatabaseAndState'].includes(each.name);
    const isOfOther =
      ['AddField', 'AlterField', 'RemoveField', 'RenameField'].includes(each.name) &&
      ['name', 'old_name', 'new_name'].every((key) => named(key) !== field.toLowerCase());
    return !isOfOther;
  });
}
