import type { AlembicRevision } from '../../alembic/revision-file.ts';
import type { Project } from '../../project/project.ts';
import { changedSource } from '../changed-source.ts';
import { type Answer, isRefused } from '../fix.ts';
import { type NewRevision, revisionsAfter } from './new-revision.ts';
import { removeStatement } from './statement-edits.ts';

/** Statements that leave a revision, and what does their work in the next one. */
interface Move {
  readonly source: AlembicRevision;
  readonly removed: readonly Parameters<typeof removeStatement>[0][];
  readonly revision: NewRevision;
}

/** Moves statements to a revision of their own, which runs directly after the one that they stood in. */
export function movedToNext(title: string, { source, removed, revision }: Move, project: Project): readonly Answer[] {
  const chain = revisionsAfter(project, source, [revision]);
  if (isRefused(chain)) return chain;
  const change = changedSource(source, removed.map(removeStatement));
  return [{ title, safety: 'review', edits: [change, ...chain.repointed, ...chain.created] }];
}
