import { dropLaterComment, stillUsed } from '../../../alembic/drop-later.ts';
import { nameOf } from '../../../alembic/step.ts';
import type { RenameColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { copyRevision } from '../../alembic/backfill.ts';
import { indexRevision, swapIndexes } from '../../alembic/carried-indexes.ts';
import { type BesideSetting, carriedIndexesOf, readReplacedColumn } from '../../alembic/column-beside.ts';
import {
  alterText,
  type BesideColumn,
  beginningOf,
  besideColumnOf,
  changedHere,
  notNullSteps,
  stepRevision,
  unwritableName,
} from '../../alembic/column-steps.ts';
import { type NewRevision, revisionsAfter } from '../../alembic/new-revision.ts';
import { type Answer, isRefused, type Refused, refusal } from '../../fix.ts';
import { unreadReverse } from '../../refusals.ts';
import { renamedDocstring, renamingTrigger } from '../renamed-by-copy.ts';
import { alterationBack } from './alteration-back.ts';

/**
 * Gives a renamed column a second one under the new name: added beside the old one and kept in step both ways by a trigger,
 * so that the release that runs and the next one can both write, and filled in batches. The old column and the trigger stay
 * for a later release to drop.
 */
export function renamedByCopyInRevisions(
  change: RenameColumn,
  migration: Migration,
  setting: BesideSetting,
): readonly Answer[] {
  if (migration.framework !== 'alembic' || change.origin.sql !== undefined) return [];
  const wanted = { to: change.to, free: [change.to], freeLater: [], arguments: ['new_column_name'] };
  const replaced = readReplacedColumn(change, migration, wanted, setting);
  if (isRefused(replaced)) return replaced;
  const { table, column, place, project, indexes } = replaced;
  // A NULL that is written could not be told from nothing.
  if (column.nullable && column.default !== undefined) return refusal(ambiguousDefault);
  const back = alterationBack(
    place,
    change.to,
    'new_column_name',
    (directive) => nameOf(directive.arguments.get('new_column_name')) === change.column,
  );
  if (back.kind === 'unclear') return unreadReverse;
  const beside = besideColumnOf(replaced, { ...column, name: change.to }, renamingTrigger(change, table.name));
  if (isRefused(beside)) return beside;
  const remark = dropLaterComment(table.name, change.column, stillUsed);
  if (remark === undefined) return unwritableName;
  const beginning = beginningOf(beside, undefined);
  if (isRefused(beginning)) return beginning;
  const [first = '', ...rest] = beginning.forward;
  const forward = column.nullable ? [`${remark}\n${first}`, ...rest] : beginning.forward;
  const carried = carriedIndexesOf(replaced, change.to);
  const steps: (NewRevision | Refused)[] = [copyRevision(replaced.copy, [], place.source)];
  if (indexes.length > 0) steps.push(indexRevision(carried));
  if (indexes.length > 0 || !column.nullable) steps.push(lastRevision(beside, remark, swapIndexes(carried)));
  const refused = steps.find(isRefused);
  if (refused !== undefined) return refused;
  const chain = revisionsAfter(
    project,
    place.source,
    steps.flatMap((step) => (isRefused(step) ? [] : [step])),
  );
  if (isRefused(chain)) return chain;
  return [
    {
      title: `Copy "${change.column}" to "${change.to}", kept in step by a trigger; drop the old column in a later release`,
      safety: 'review',
      edits: [changedHere(beside, back, { ...beginning, forward }), ...chain.repointed, ...chain.created],
    },
  ];
}

const ambiguousDefault =
  'The column has a default and may be NULL: while both columns are written, it could not be told which of the two is meant.';

/** The new column becomes what the old one was, which is let go as far as it can be by now. */
function lastRevision(
  beside: BesideColumn,
  remark: string,
  indexes: ReturnType<typeof swapIndexes>,
): NewRevision | Refused {
  const { replaced, added, oldType } = beside;
  const { column, table } = replaced;
  const proof = notNullSteps(beside);
  const letGo = (nullable: string): string => alterText(beside, column.name, { existing_type: oldType, nullable });
  const words = {
    slug: `rename_${table.name.name}_${column.name}`,
    docstring: (after: string) =>
      renamedDocstring(`Lets "${added.name}" of "${table.name.name}" have the place of "${column.name}".`, after),
  };
  return stepRevision(
    beside,
    words,
    [...proof.forward, ...indexes.forward, ...(column.nullable ? [] : [`${remark}\n${letGo('True')}`])],
    [...(column.nullable ? [] : [letGo('False')]), ...indexes.backward, ...proof.backward],
  );
}
