import type { Target } from '../../base/target.ts';
import { isVersionAtLeast } from '../../base/target.ts';
import { findKeyword } from '../edits/arguments.ts';
import { quoted } from '../edits/layout.ts';
import type { FollowUp } from '../new-migration.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';
import { type FieldDefinition, fieldOperation } from './field-definition.ts';
import { separated } from './separated.ts';

/** The column that is to become NOT NULL, as Django and as the database know it. */
export interface NotNullColumn {
  readonly model: string;
  readonly field: string;
  readonly table: string;
  readonly column: string;
  readonly quote: '"' | "'";
}

export const notValidImports: readonly string[] = [
  'from django.contrib.postgres.operations import AddConstraintNotValid',
  'from django.db import models',
];

export const proofImports: readonly string[] = ['from django.contrib.postgres.operations import ValidateConstraint'];

export function notNullColumnOf({ modelName, field, table, column, quote }: FieldDefinition): NotNullColumn {
  return { model: modelName, field, table, column, quote };
}

/** PostgreSQL cuts identifiers at 63 bytes. */
export function notNullCheckName({ table, column }: Pick<NotNullColumn, 'table' | 'column'>): string {
  const suffix = '_not_null';
  return `${table}_${column}`.slice(0, 63 - suffix.length) + suffix;
}

/**
 * Adds `CHECK (column IS NOT NULL) NOT VALID`: new rows obey at once, the rows that are there are not read. Needs
 * {@link notValidImports}; stands in column 0.
 */
export function addCheckOperation(column: NotNullColumn, target: Target): string {
  const { model, field, quote } = column;
  // CheckConstraint's `check` was renamed in Django 5.1; 6.0 knows only the new name.
  const condition = isVersionAtLeast(target.django, 5, 1) ? 'condition' : 'check';
  return [
    'AddConstraintNotValid(',
    `    model_name=${quoted(model, quote)},`,
    '    constraint=models.CheckConstraint(',
    `        ${condition}=models.Q(${field}__isnull=False),`,
    `        name=${quoted(notNullCheckName(column), quote)},`,
    '    ),',
    ')',
  ].join('\n');
}

/**
 * Sets NOT NULL and tells Django that the field is what the definition says. A field with a default Django would look
 * through for NULLs once more, under the lock, and the key of a foreign key it would check anew: those are set by SQL.
 */
export function setNotNullOperation(of: FieldDefinition, isForeignKey: boolean): string {
  const written = fieldOperation('AlterField', of, {});
  const hasDefault = ['default', 'db_default'].some((name) => findKeyword(of.definition.call, name) !== undefined);
  if (!isForeignKey && !hasDefault) return written;
  const alter = `ALTER TABLE ${writtenTable(of.tableName)} ALTER COLUMN ${writtenName(of.column)}`;
  const set = runSqlText('migrations', [`${alter} SET NOT NULL`], [`${alter} DROP NOT NULL`], of.quote);
  return separated({ database: [set], state: [written] }, 'migrations');
}

/**
 * Proves the check without blocking anybody, sets NOT NULL on that proof without reading the table again, and drops
 * the check that is no longer needed.
 *
 * @param setNotNull the operation that sets NOT NULL, in column 0
 */
export function proveAndSetNotNull(
  column: NotNullColumn,
  setNotNull: string,
  after: string,
  imports: readonly string[],
): FollowUp {
  const { model, field } = column;
  return {
    slug: `${model}_${field}_not_null`,
    docstring: provenDocstring(column, after),
    imports: [...proofImports, ...imports],
    code: '',
    atomic: true,
    operations: provenNotNull(column, setNotNull),
  };
}

export function provenDocstring({ table, column }: Pick<NotNullColumn, 'table' | 'column'>, after: string): string {
  return [
    `Sets "${column}" of "${table}" NOT NULL without blocking reads and writes.`,
    '',
    `Runs after ${after}, when no row holds NULL any more. The check is validated while the table is in use, and`,
    'PostgreSQL takes it as the proof that NOT NULL asks for.',
    '',
  ].join('\n');
}

/**
 * The operations that prove the check, set NOT NULL on that proof and drop the check. Needs {@link proofImports}.
 *
 * @param setNotNull the operation that sets NOT NULL, in column 0
 */
export function provenNotNull(column: NotNullColumn, setNotNull: string): readonly string[] {
  const { model, quote } = column;
  const names = `model_name=${quoted(model, quote)}, name=${quoted(notNullCheckName(column), quote)}`;
  return [`ValidateConstraint(${names})`, setNotNull, `migrations.RemoveConstraint(${names})`];
}
