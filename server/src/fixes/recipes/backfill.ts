import { quoted } from '../edits/layout.ts';
import type { FollowUp } from '../new-migration.ts';
import type { FieldDefinition } from './field-definition.ts';

/** What a backfill fills: the rows of a model in which one field is NULL. */
export interface Backfill {
  readonly app: string;
  /** As it is written in Python: `Order`. */
  readonly model: string;
  readonly field: string;
  readonly table: string;
  readonly column: string;
  /** The migration that the backfill follows. */
  readonly after: string;
  readonly quote: '"' | "'";
}

export function backfillOf({ app, model, field, table, column, site, quote }: FieldDefinition): Backfill {
  return { app, model, field, table, column, after: site.source.name, quote };
}

/** A value as a Python expression with the imports it needs. */
export interface FillValue {
  readonly code: string;
  readonly imports: readonly string[];
  /** Each row gets one of its own; otherwise it is the same for all. */
  readonly perRow?: true;
}

/**
 * A migration that fills NULLs in slices of the primary key, outside a transaction: memory stays flat, locks are
 * short, and after an interruption it goes on where rows are still NULL. Rows that have a value are left alone.
 *
 * Where no value is known the written function raises until somebody has filled it in; nothing is invented.
 */
export function backfillMigration(backfill: Backfill, value: FillValue | undefined): FollowUp {
  const { model, field, table, column, after } = backfill;
  return {
    slug: `fill_${model.toLowerCase()}_${field}`,
    docstring: backfillDocstring(table, column, after),
    imports: value?.imports ?? [],
    code: codeOf(backfill, value).join('\n'),
    atomic: false,
    operations: [`migrations.RunPython(fill_${field}, migrations.RunPython.noop)`],
  };
}

export function backfillDocstring(table: string, column: string, after: string): string {
  return [
    `Fills "${column}" of "${table}" where it is NULL, batch by batch.`,
    '',
    `Runs after ${after}, in the same deploy. It may be interrupted and run again.`,
    '',
  ].join('\n');
}

function codeOf(backfill: Backfill, value: FillValue | undefined): readonly string[] {
  if (value?.perRow === true) return ['BATCH_SIZE = 1000', '', '', ...rowByRow(backfill, value.code)];
  return value === undefined ? filledIn(backfill) : sameForAll(backfill, value);
}

function sameForAll(backfill: Backfill, value: FillValue): readonly string[] {
  const { app, model, field, quote } = backfill;
  const q = (text: string): string => quoted(text, quote);
  return [
    'BATCH_SIZE = 1000',
    '',
    '',
    `def fill_${field}(apps, schema_editor):`,
    `    ${model} = apps.get_model(${q(app)}, ${q(model)})`,
    `    rows = ${model}.objects.using(schema_editor.connection.alias).order_by(${q('pk')})`,
    `    value = ${value.code}`,
    '    batch = rows',
    `    while keys := list(batch.values_list(${q('pk')}, flat=True)[:BATCH_SIZE]):`,
    `        rows.filter(pk__in=keys, ${field}__isnull=True).update(${field}=value)`,
    '        batch = rows.filter(pk__gt=keys[-1])',
  ];
}

/** What somebody has to complete. */
function filledIn(backfill: Backfill): readonly string[] {
  const { app, model, field, quote } = backfill;
  const raised = quoted(`Write how ${app}.${model}.${field} is found for rows that have none.`, quote);
  return [
    'BATCH_SIZE = 1000',
    '',
    '',
    `def ${field}_of(row):`,
    `    """The ${field} of a row that was there before the column."""`,
    `    raise NotImplementedError(${raised})`,
    '',
    '',
    ...rowByRow(backfill, `${field}_of(row)`),
  ];
}

function rowByRow({ app, model, field, quote }: Backfill, value: string): readonly string[] {
  const q = (text: string): string => quoted(text, quote);
  return [
    `def fill_${field}(apps, schema_editor):`,
    `    ${model} = apps.get_model(${q(app)}, ${q(model)})`,
    `    rows = ${model}.objects.using(schema_editor.connection.alias)`,
    `    empty = rows.filter(${field}__isnull=True).order_by(${q('pk')})`,
    '    while batch := list(empty[:BATCH_SIZE]):',
    '        for row in batch:',
    `            row.${field} = ${value}`,
    `        rows.bulk_update(batch, [${q(field)}])`,
    '        empty = empty.filter(pk__gt=batch[-1].pk)',
  ];
}
