import { isVersionAtLeast } from '../../base/target.ts';
import type { AddColumn } from '../../schema/change.ts';
import type { Column } from '../../schema/column.ts';
import type { Migration } from '../../schema/migration.ts';
import { carriedImports } from '../edits/carried-imports.ts';
import { importLines } from '../edits/imports.ts';
import { itemIndentation, replaceItem } from '../edits/list-items.ts';
import { indented } from '../edits/rewritten.ts';
import { type Answer, isRefused } from '../fix.ts';
import { chainAfter } from '../new-migration.ts';
import { changesOfOperation } from '../operation-site.ts';
import { doesMore, filledInPartitions, neededLater, usesOwnNames } from '../refusals.ts';
import { isOnPartitioned } from '../schema-before.ts';
import type { FillValue } from './backfill.ts';
import { backfillMigration, backfillOf } from './backfill.ts';
import type { FieldDefinition, RecipeContext } from './field-definition.ts';
import { fieldOperation, isTouchedLater, readFieldDefinition } from './field-definition.ts';
import {
  addCheckOperation,
  notNullColumnOf,
  notValidImports,
  proveAndSetNotNull,
  setNotNullOperation,
} from './validated-not-null.ts';

/**
 * Adds a column without its default, so that no row is touched, and sets the default for new rows directly afterwards,
 * in the same transaction: also the release that runs cannot leave the column empty. The rows that are there are filled
 * in batches, then it becomes NOT NULL.
 */
export function defaultAfterwards(change: AddColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  const { project, target } = context;
  const { column } = change;
  // `db_default` came with Django 5.0.
  if (column.default?.kind !== 'volatile' || !isVersionAtLeast(target.django, 5, 0)) return [];
  const of = readFieldDefinition(change, column.name, migration, context, 'top level');
  if (isRefused(of)) return of;
  const value = databaseDefaultOf(of);
  if (value === undefined) return usesOwnNames;
  if (isTouchedLater(of)) return neededLater;
  // What it builds or checks besides would still be built at once.
  if (changesOfOperation(change, migration).length > 1 || column.unique || column.primaryKey) return doesMore;
  if (column.check !== undefined || column.references !== undefined) return doesMore;
  if (isOnPartitioned(change, migration, project)) return filledInPartitions;
  const { source, list, index } = of.site;
  const operations = [
    fieldOperation('AddField', of, { null: 'True', default: undefined, db_default: undefined }),
    fieldOperation('AlterField', of, { null: 'True' }),
    ...(column.nullable ? [] : [addCheckOperation(notNullColumnOf(of), target)]),
  ];
  const fill = backfillMigration(backfillOf(of), value);
  const prove = proveAndSetNotNull(notNullColumnOf(of), setNotNullOperation(of, false), fill.slug, of.imports);
  const chain = chainAfter(project, source, [fill, ...(column.nullable ? [] : [prove])]);
  const depth = itemIndentation(list);
  const text = operations.map((operation) => indented(operation, depth)).join(`,\n${depth}`);
  const imports = column.nullable ? [] : importLines(source.text, source.module, notValidImports);
  return [
    {
      title: titleOfDefaultAfterwards(column),
      safety: 'review',
      edits: [
        { kind: 'change', file: source.file, edits: [...imports, replaceItem(list, index, text)] },
        ...chain.repointed,
        ...chain.created,
      ],
    },
  ];
}

export function titleOfDefaultAfterwards({ name, nullable }: Column): string {
  const last = nullable ? 'and fill the column in batches' : 'fill the column in batches, then set NOT NULL';
  return `Set the default after "${name}" is added, ${last}`;
}

/** The expression of `db_default=`: in an UPDATE, too, the database evaluates it for each row. */
function databaseDefaultOf({ site }: FieldDefinition): FillValue | undefined {
  const { source, operation } = site;
  const field = operation.arguments.get('field');
  const value = field?.kind === 'call' ? field.keywords.get('db_default') : undefined;
  if (value === undefined || value.module !== source.module) return undefined;
  const carried = carriedImports(source.text, source.module, [value.at]);
  if (carried.missing.length > 0) return undefined;
  return { code: source.text.slice(value.at.span.start, value.at.span.end), imports: carried.lines };
}
