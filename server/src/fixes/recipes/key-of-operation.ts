import type { AddColumn, AddConstraint } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { type Answer, isRefused } from '../fix.ts';
import { readSite } from '../operation-site.ts';
import type { RecipeContext } from './field-definition.ts';
import { uniqueByIndex } from './unique-by-index.ts';
import { uniqueConstraintInSteps } from './unique-constraint.ts';
import { keyFieldInSteps, uniqueColumnInSteps } from './unique-field.ts';

/** Builds the index of what becomes unique or the primary key while the table is in use, however that is written. */
export function keyOfOperation(
  change: AddConstraint | AddColumn,
  migration: Migration,
  context: RecipeContext,
): readonly Answer[] {
  if (change.kind === 'AddColumn') return uniqueColumnInSteps(change, migration, context);
  if (change.origin.sql !== undefined) return uniqueByIndex(change, migration, context);
  if (change.usingIndex !== undefined) return [];
  const site = readSite(change, migration, context.project, 'top level');
  if (isRefused(site)) return site;
  if (change.origin.name === 'AlterField') return keyFieldInSteps(change, migration, context);
  return uniqueConstraintInSteps(change, migration, site, context.project);
}
