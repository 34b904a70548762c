import type { Project } from '../../project/project.ts';
import type { WriteRows } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { findDataFunctionSite } from '../data-function-site.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import type { Fix } from '../fix.ts';
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
): readonly Fix[] {
  const site = findDataFunctionSite(change, migration, project);
  if (site === undefined) return [];
  const edits = change.method === 'set' ? updateInBatches(site, batchSize) : saveInBatches(site, batchSize);
  if (edits === undefined) return [];
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
