import type { AlembicRevision } from '../../../alembic/revision-file.ts';
import type { CreateIndex, DropIndex } from '../../../schema/change.ts';
import { findTable, type Schema } from '../../../schema/schema.ts';
import type { NewRevision } from '../../alembic/new-revision.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';

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

/** The way back of an index whose build nothing tells: of one that no revision builds, nobody knows how. */
export function noWayBack(
  change: CreateIndex | DropIndex,
  { text }: AlembicRevision,
  before: Schema | undefined,
): readonly string[] {
  if (change.kind === 'CreateIndex' || isKnown(change, before)) return [];
  const reason = `No revision says how ${change.index} was built: write it here to go back.`;
  return [`raise RuntimeError(\n    ${quoted(reason, quoteOf(text))}\n)`];
}

/** Whether the index that goes is one that an earlier revision has built. */
function isKnown({ table: name, index }: DropIndex, before: Schema | undefined): boolean {
  const table = before && name && findTable(before, name);
  return table?.indexes.has(index) === true;
}
