import type { Project } from '../../project/project.ts';
import type { WriteRows } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { readDataFunctionSite } from '../data-function-site.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import { type Answer, isRefused, refusal } from '../fix.ts';
import { saveInBatches } from './batched-saves.ts';
import { updateInBatches } from './batched-update.ts';

const batchSize = 1000;

/**
 * Writes a whole table in batches: a loop that saves row by row collects them for `bulk_update`, an update of all rows
 * goes through slices of primary keys. Where the step has its migration to itself, each batch commits on its own.
 */
export function batchedWrites(
  change: WriteRows,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const site = readDataFunctionSite(change, migration, project);
  if (isRefused(site)) return site;
  const edits = change.method === 'set' ? updateInBatches(site, batchSize) : saveInBatches(site, batchSize);
  if (edits === undefined)
    return refusal('What is done with the rows is out of sight, or is more than writing their fields.');
  const { source } = site;
  const isAlone = source.operations.length === 1;
  const commits = isAlone && source.atomic ? [setClassAttribute(source, 'atomic', 'False')] : [];
  return [
    {
      title: `Write the rows in batches of ${batchSize}${isAlone ? ', each in a transaction of its own' : ''}`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [...commits, ...edits] }],
    },
  ];
}
