import type { AlembicRevision } from '../../../alembic/revision-file.ts';
import { listed } from '../../../base/listed.ts';
import type { MigrationGroup, Project, UnknownParent } from '../../../project/project.ts';
import type { MigrationId } from '../../../schema/migration-id.ts';
import { freshId, parentEdits, unusedFile } from '../../alembic/new-revision.ts';
import { revisionText } from '../../alembic/revision-text.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';
import type { ChangeFile, Fix } from '../../fix.ts';
import { branchRoots } from '../rechain.ts';

/** Joins all heads of a branch, as `alembic merge heads` does. */
export function mergeRevision(project: Project, group: MigrationGroup): readonly Fix[] {
  const heads = group.leaves.flatMap((id) => project.revision(id) ?? []);
  const last = heads.at(-1);
  if (last === undefined || heads.length < 2 || heads.length < group.leaves.length) return [];
  const parents = heads.map(({ revision }) => revision);
  const listing = listed(parents);
  const slug = `merge_${listing.replaceAll(/\W+/g, '_')}`.toLowerCase();
  const id = freshId(project, parents, slug);
  const revision = {
    id,
    parents,
    slug,
    docstring: `Merge ${listing}`,
    imports: [],
    code: '',
    upgrade: [],
    downgrade: [],
  };
  return [
    {
      title: `Merge them in a new revision, ${id}`,
      safety: 'review',
      edits: [
        { kind: 'create', file: unusedFile(project, last, id, slug), text: revisionText(last, revision, project) },
      ],
    },
  ];
}

/** Hangs the branch that ends in `head` behind the head before it in name order. */
export function rechainedRevision(project: Project, group: MigrationGroup, head: MigrationId): readonly Fix[] {
  const other = group.leaves.filter((id) => id !== head).at(-1);
  const [root, ...otherRoots] = other === undefined ? [] : branchRoots(project, head, other);
  const source = root === undefined || otherRoots.length > 0 ? undefined : project.revision(root);
  if (other === undefined || source === undefined) return [];
  const change = comingAfter(source, other);
  return change === undefined
    ? []
    : [{ title: `Let ${source.revision} come after ${other}`, safety: 'review', edits: [change] }];
}

function comingAfter(source: AlembicRevision, parent: MigrationId): ChangeFile | undefined {
  const { file, text, downRevisions, downRevisionAt } = source;
  const [only, ...others] = downRevisions;
  if (others.length > 0) return undefined;
  if (only !== undefined) {
    const edits = parentEdits(source, only, parent);
    return edits && { kind: 'change', file, edits };
  }
  if (downRevisionAt === undefined || text.slice(downRevisionAt.start, downRevisionAt.end) !== 'None') return undefined;
  return { kind: 'change', file, edits: [{ span: downRevisionAt, newText: quoted(parent, quoteOf(text)) }] };
}

/** Puts the revision that was most likely meant in the place of one that does not exist. */
export function nearestParent(source: AlembicRevision, unknown: UnknownParent): readonly Fix[] {
  const written = source.downRevisions[unknown.index];
  const { nearest } = unknown;
  const edits = written === undefined || nearest === undefined ? undefined : parentEdits(source, written, nearest);
  if (edits === undefined || nearest === undefined) return [];
  return [{ title: `Come after ${nearest}`, safety: 'review', edits: [{ kind: 'change', file: source.file, edits }] }];
}
