import type { AlembicRevision } from '../../alembic/revision-file.ts';
import { folderOf, joinPath } from '../../base/file-path.ts';
import { md5 } from '../../base/md5.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import type { Project } from '../../project/project.ts';
import { quoted } from '../edits/layout.ts';
import type { ChangeFile, CreateFile } from '../fix.ts';
import { revisionFileName } from './revision-file-name.ts';
import { revisionText } from './revision-text.ts';

/** A revision that a fix writes: everything but its id, what it revises and its place. */
export interface NewRevision {
  /** The end of its file name: `validate_orders_total_check`. */
  readonly slug: string;
  /** Says what the revision does and what must be true before it runs; lines without indentation. */
  readonly docstring: string | ((previous: string) => string);
  /** Whole import lines besides that of `op`. */
  readonly imports: readonly string[];
  /** Top-level code before `upgrade`, blank lines included; `''` for none. */
  readonly code: string;
  /** Statements laid out for column 0, for a function that begins at column 0. */
  readonly upgrade: readonly string[];
  readonly downgrade: readonly string[];
}

/** New files in a row, and the edits that hang what came after the revision behind the last of them. */
export interface RevisionChain {
  readonly created: readonly CreateFile[];
  readonly repointed: readonly ChangeFile[];
}

/**
 * Writes revisions that run directly after `source`, one behind the other. Revisions that named `source` as the one
 * before them name the last new one afterwards.
 *
 * @returns undefined where one of those does not write it in a way that can be changed, or where each of several
 * databases has functions of its own
 */
export function revisionsAfter(
  project: Project,
  source: AlembicRevision,
  revisions: readonly NewRevision[],
): RevisionChain | undefined {
  if (project.environment === undefined || source.upgrades.some(({ engine }) => engine !== undefined)) return undefined;
  const created: CreateFile[] = [];
  let parent = source.revision;
  for (const revision of revisions) {
    const id = freshId(project, [parent], revision.slug);
    created.push({
      kind: 'create',
      file: unusedFile(project, source, id, revision.slug),
      text: revisionText(source, { ...revision, id, parents: [parent] }),
    });
    parent = id;
  }
  const repointed = repoint(project, source, parent);
  return repointed && { created, repointed };
}

/**
 * Twelve digits as Alembic makes them up, that no revision has or begins with. The same revisions get the same ids, so
 * that a fix that is shown and then applied is one and the same.
 */
export function freshId(project: Project, parents: readonly string[], slug: string): string {
  const isTaken = (id: string): boolean => project.order.some((other) => other.startsWith(id) || id.startsWith(other));
  let id = '';
  for (let attempt = 0; id === '' || isTaken(id); attempt++) {
    id = md5(`${parents.join(' ')} ${slug} ${attempt}`).slice(0, 12);
  }
  return id;
}

export function unusedFile(project: Project, like: AlembicRevision, id: string, slug: string): string {
  const naming = project.environment ?? { fileTemplate: '%(rev)s_%(slug)s', longestSlug: 40 };
  const base = joinPath(folderOf(like.file), revisionFileName(id, slug, like, naming));
  let file = `${base}.py`;
  for (let suffix = 2; project.exists(file); suffix++) file = `${base}_${suffix}.py`;
  return file;
}

function repoint(project: Project, source: AlembicRevision, to: string): readonly ChangeFile[] | undefined {
  const changes = project.graph
    .childrenOf(source.revision)
    .map((id) => project.revision(id))
    .filter((child) => child?.downRevisions.some(({ id }) => isNamed(source, id)) === true)
    .map((child) => child && revising(child, source, to));
  const known = changes.filter((change) => change !== undefined);
  return known.length === changes.length ? known : undefined;
}

/** By its id, the beginning of it, or a label of its branch. */
function isNamed({ revision, branchLabels }: AlembicRevision, written: string): boolean {
  return (
    written === revision || branchLabels.includes(written) || (written.length >= 4 && revision.startsWith(written))
  );
}

/** Lets a revision that comes after `source` come after `to`, and say so where its docstring says what it revises. */
export function revising(child: AlembicRevision, source: AlembicRevision, to: string): ChangeFile | undefined {
  const { text, module, file } = child;
  const edits: TextEdit[] = [];
  for (const { id, at } of child.downRevisions.filter((each) => isNamed(source, each.id))) {
    const written = text.slice(at.start, at.end);
    if (!/^(["'])[^"']*\1$/.test(written) || !written.includes(id)) return undefined;
    edits.push({ span: at, newText: quoted(to, written.startsWith("'") ? "'" : '"') });
  }
  const said = new RegExp(`^(Revises:.*)\\b${source.revision}\\b`, 'm').exec(text.slice(0, module.docstringEnd));
  const end = (said?.index ?? 0) + (said?.[0].length ?? 0);
  if (said) edits.unshift({ span: { start: end - source.revision.length, end }, newText: to });
  return { kind: 'change', file, edits };
}
