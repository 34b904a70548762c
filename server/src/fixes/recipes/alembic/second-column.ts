import { dropLaterComment } from '../../../alembic/drop-later.ts';
import { isCastAlone } from '../../../database/postgresql/written-conversion.ts';
import type { AlterColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { copyRevision } from '../../alembic/backfill.ts';
import { type CarriedIndexes, indexRevision, swapIndexes } from '../../alembic/carried-indexes.ts';
import { type BesideSetting, carriedIndexesOf, readReplacedColumn } from '../../alembic/column-beside.ts';
import {
  alterText,
  type BesideColumn,
  beginningOf,
  besideColumnOf,
  changedHere,
  type FitsCheck,
  fitsCheckOf,
  notNullSteps,
  sentBy,
  stepRevision,
  unwritableName,
} from '../../alembic/column-steps.ts';
import { executedApart } from '../../alembic/executed-sql.ts';
import { type NewRevision, revisionsAfter } from '../../alembic/new-revision.ts';
import { text } from '../../alembic/written-value.ts';
import { type Answer, isRefused, type Refused } from '../../fix.ts';
import { unreadReverse } from '../../refusals.ts';
import { conversionOf, conversionTrigger, swapDocstring, unsureConversion, valuesBack } from '../column-conversion.ts';
import { alterationBack } from './alteration-back.ts';

/**
 * Changes the type of a column without rewriting its table: a column of the new type beside it, kept in step by a trigger,
 * a copy in batches, its indexes, and the two swap their names. The old column stays for a later release to drop.
 */
export function secondColumnInRevisions(
  change: AlterColumn,
  migration: Migration,
  setting: BesideSetting,
): readonly Answer[] {
  if (migration.framework !== 'alembic') return [];
  const names = [`${change.column}_new`, `${change.column}_old`] as const;
  const [newName, oldName] = names;
  const replaced = readReplacedColumn(
    change,
    migration,
    { to: newName, free: names, freeLater: names, arguments: ['type_', 'postgresql_using'] },
    setting,
  );
  if (isRefused(replaced)) return replaced;
  const { table, column, place, project, indexes } = replaced;
  const conversion = conversionOf(column, change.to.type, table.name);
  if (conversion === undefined || !isCastAlone(change)) return unsureConversion;
  const back = alterationBack(place, change.column, 'type_', () => true);
  if (back.kind === 'unclear') return unreadReverse;
  const trigger = conversionTrigger(table.name, column, change.to.type, newName);
  const beside = besideColumnOf(replaced, { ...change.to, name: newName }, trigger);
  const check = conversion.mayFail ? fitsCheckOf(replaced, change.to.type) : undefined;
  const beginning = isRefused(beside) ? beside : beginningOf(beside, check);
  if (isRefused(beside)) return beside;
  if (isRefused(beginning)) return beginning;
  const validate = check === undefined ? [] : executedApart([check.validate], place.source, project);
  const carried = carriedIndexesOf(replaced, newName);
  const built = indexes.length === 0 ? undefined : indexRevision(carried);
  const swap = swapRevision({ beside, oldName, carried, check });
  if (isRefused(swap)) return swap;
  if (built !== undefined && isRefused(built)) return built;
  const fill = copyRevision(replaced.copy, validate, place.source);
  const chain = revisionsAfter(project, place.source, [fill, ...(built === undefined ? [] : [built]), swap]);
  if (isRefused(chain)) return chain;
  return [
    {
      title: 'Fill a second column in batches and swap the two; drop the old one in a later release',
      safety: 'review',
      edits: [changedHere(beside, back, beginning), ...chain.repointed, ...chain.created],
    },
  ];
}

interface Swap {
  readonly beside: BesideColumn;
  readonly oldName: string;
  readonly carried: CarriedIndexes;
  readonly check: FitsCheck | undefined;
}

function swapRevision(swap: Swap): NewRevision | Refused {
  const { column, table } = swap.beside.replaced;
  const remark = dropLaterComment(table.name, swap.oldName, 'nothing uses it, but for going back');
  if (remark === undefined) return unwritableName;
  const words = {
    slug: `swap_${table.name.name}_${column.name}`,
    docstring: (after: string) => swapDocstring(column.name, table.name.name, swap.oldName, after),
  };
  return stepRevision(swap.beside, words, swapped(swap, remark), swappedBack(swap));
}

function swapped({ beside, oldName, carried, check }: Swap, remark: string): readonly string[] {
  const { replaced, added, type, oldType, trigger, fallback, writing } = beside;
  const { column } = replaced;
  const kept = alterText(beside, column.name, {
    existing_type: oldType,
    nullable: column.nullable ? undefined : 'True',
    server_default: fallback === undefined ? undefined : 'None',
    new_column_name: text(oldName, writing),
  });
  return [
    ...notNullSteps(beside).forward,
    ...sentBy(beside, trigger.drop),
    `${remark}\n${kept}`,
    ...(check === undefined ? [] : [check.drop]),
    alterText(beside, added.name, {
      existing_type: type,
      server_default: fallback,
      new_column_name: text(column.name, writing),
    }),
    ...swapIndexes(carried).forward,
  ];
}

function swappedBack({ beside, oldName, carried, check }: Swap): readonly string[] {
  const { replaced, added, type, oldType, trigger, fallback, writing } = beside;
  const { column, table } = replaced;
  return [
    ...swapIndexes(carried).backward,
    alterText(beside, column.name, {
      existing_type: type,
      server_default: fallback === undefined ? undefined : 'None',
      new_column_name: text(added.name, writing),
    }),
    alterText(beside, oldName, {
      existing_type: oldType,
      server_default: fallback,
      new_column_name: text(column.name, writing),
    }),
    ...sentBy(beside, [valuesBack(table.name, column, added)]),
    ...(column.nullable ? [] : [alterText(beside, column.name, { existing_type: oldType, nullable: 'False' })]),
    ...sentBy(beside, trigger.create),
    ...notNullSteps(beside).backward,
    ...(check === undefined ? [] : [check.add]),
  ];
}
