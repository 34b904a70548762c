import type { AlterColumn } from '../../schema/change.ts';
import { isSameType } from '../../schema/column.ts';
import type { Migration } from '../../schema/migration.ts';
import { findColumn } from '../../schema/schema.ts';
import { importLines } from '../edits/imports.ts';
import { itemIndentation, replaceItem } from '../edits/list-items.ts';
import { indented } from '../edits/rewritten.ts';
import { type Answer, isRefused } from '../fix.ts';
import { chainAfter } from '../new-migration.ts';
import { doesMore, neededLater, usesOwnNames } from '../refusals.ts';
import { schemaBefore } from '../schema-before.ts';
import { backfillMigration, backfillOf } from './backfill.ts';
import type { RecipeContext } from './field-definition.ts';
import { defaultValueOf, isFilledBefore, isTouchedLater, readFieldDefinition } from './field-definition.ts';
import {
  addCheckOperation,
  notNullColumnOf,
  notValidImports,
  proveAndSetNotNull,
  setNotNullOperation,
} from './validated-not-null.ts';

/**
 * Sets an existing column NOT NULL without reading the table under an exclusive lock: a check that new rows obey at
 * once, a backfill in batches, the proof, then NOT NULL on that proof.
 */
export function notNullByCheck(change: AlterColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  const of = readFieldDefinition(change, change.column, migration, context, 'top level');
  if (isRefused(of)) return of;
  if (isTouchedLater(of)) return neededLater;
  if (changesMore(change, migration, context)) return doesMore;
  const value = defaultValueOf(of);
  if (value === undefined) return usesOwnNames;
  const { source, list, index } = of.site;
  const isFilled = value === 'none' && isFilledBefore(change, change.column, migration);
  const fill = isFilled ? [] : [backfillMigration(backfillOf(of), value === 'none' ? undefined : value)];
  const prove = proveAndSetNotNull(
    notNullColumnOf(of),
    setNotNullOperation(of, change.to.references?.enforced === true),
    source.name,
    of.imports,
  );
  const chain = chainAfter(context.project, source, [...fill, prove]);
  const check = indented(addCheckOperation(notNullColumnOf(of), context.target), itemIndentation(list));
  return [
    {
      title: `Set "${change.column}" NOT NULL in steps: check, fill, validate`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: source.file,
          edits: [...importLines(source.text, source.module, notValidImports), replaceItem(list, index, check)],
        },
        ...chain.repointed,
        ...chain.created,
      ],
    },
  ];
}

/** Whether the operation changes the column's type too: then it is more than NOT NULL that would move. */
function changesMore(change: AlterColumn, migration: Migration, { project }: RecipeContext): boolean {
  const before = schemaBefore(change, migration, project);
  const column = before && findColumn(before, change.table, change.column);
  return column === undefined || !isSameType(column.type, change.to.type);
}
