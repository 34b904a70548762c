import type { CreateIndex, DropIndex } from '../../../schema/change.ts';
import type { NewRevision } from '../../alembic/new-revision.ts';

/** What a revision is called and says that builds or drops one index. */
export function indexWords(change: CreateIndex | DropIndex, after: string): Pick<NewRevision, 'slug' | 'docstring'> {
  const runs = `Runs after ${after}, in the same deploy.`;
  if (change.kind === 'DropIndex') {
    const of = change.table === undefined ? 'its table' : `"${change.table.name}"`;
    return {
      slug: `drop_${slugOf(change.index)}`,
      docstring: `Drops the index "${change.index}" without blocking ${of}.\n\n${runs}\n`,
    };
  }
  const retry = 'It may be interrupted and run again.';
  return {
    slug: slugOf(change.index.name),
    docstring: `Builds an index on "${change.table.name}" without blocking writes to it.\n\n${runs} ${retry}\n`,
  };
}

function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/\W+/g, '_');
}
