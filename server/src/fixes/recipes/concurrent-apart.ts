import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { type Answer, isRefused } from '../fix.ts';
import { moveOperation } from '../moved-operations.ts';
import { chainAfter } from '../new-migration.ts';
import { readSite } from '../operation-site.ts';
import { neededLater, usesOwnNames } from '../refusals.ts';
import { isMovable } from '../sql/later-changes.ts';
import { concurrentSqlApart } from './concurrent-sql.ts';

/** Moves what works concurrently into a migration of its own: its failure leaves nothing else half done. */
export function concurrentApart(
  change: Change,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  switch (change.kind) {
    case 'Reindex':
    case 'DetachPartition':
      return concurrentSqlApart(change, migration, { project });
    case 'CreateIndex':
    case 'DropIndex':
      if (change.origin.sql !== undefined) return concurrentSqlApart(change, migration, { project });
      break;
    default:
      return [];
  }
  if (!['AddIndexConcurrently', 'RemoveIndexConcurrently'].includes(change.origin.name)) return [];
  const site = readSite(change, migration, project, 'top level');
  if (isRefused(site)) return site;
  const index = change.kind === 'CreateIndex' ? change.index.name : change.index;
  if (!isMovable(change, migration)) return neededLater;
  const moved = moveOperation(site, []);
  if (moved === undefined) return usesOwnNames;
  const { source } = site;
  const verb = change.kind === 'CreateIndex' ? 'Builds' : 'Drops';
  const chain = chainAfter(project, source, [
    {
      slug: `${change.kind === 'CreateIndex' ? '' : 'drop_'}${index.toLowerCase()}`,
      docstring: `${verb} the index "${index}" without blocking its table.\n\nRuns after ${source.name}, in the same deploy.\n`,
      imports: moved.imports,
      code: moved.code,
      atomic: false,
      operations: [moved.operations],
    },
  ]);
  return [
    {
      title: 'Move it to a migration of its own',
      safety: 'review',
      edits: [moved.change, ...chain.repointed, ...chain.created],
    },
  ];
}
