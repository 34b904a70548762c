import type { AlembicRevision, WrittenRevision } from '../../alembic/revision-file.ts';
import { folderOf, joinPath } from '../../base/file-path.ts';
import { md5 } from '../../base/md5.ts';
import { sortEdits, type TextEdit } from '../../base/text-edit.ts';
import type { Project } from '../../project/project.ts';
import { quoted } from '../edits/layout.ts';
import { type ChangeFile, type CreateFile, createdFile, type Refused, refusal } from '../fix.ts';
import { severalDatabases } from '../refusals.ts';
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
 * It refuses where one of those does not write it in a way that can be changed, or where each of several databases has
 * functions of its own.
 */
export function revisionsAfter(
  project: Project,
  source: AlembicRevision,
  revisions: readonly NewRevision[],
): RevisionChain | Refused {
  if (project.environment === undefined) return [];
  if (source.upgrades.some(({ engine }) => engine !== undefined)) return severalDatabases;
  const created: CreateFile[] = [];
  let parent = source.revision;
  for (const revision of revisions) {
    const id = freshId(project, [parent], revision.slug);
    const placed = { ...revision, id, parents: [parent] };
    created.push(
      createdFile(unusedFile(project, source, id, revision.slug), () => revisionText(source, placed, project)),
    );
    parent = id;
  }
  const repointed = repoint(project, source, parent);
  return repointed === undefined ? refusal(fixedParent) : { created, repointed };
}

const fixedParent =
  'A revision that comes after this one does not write out what it revises: no other can come between them.';

/**
 * Twelve digits as Alembic makes them up, that no revision has or begins with. The same revisions get the same ids, so
 * that a fix that is shown and then applied is one and the same.
 */
export function freshId(project: Project, parents: readonly string[], slug: string): string {
  const { whole, beginnings } = idsIn(project.order);
  // Any beginning of it that is an id of another one would stand for both.
  const isTaken = (id: string): boolean =>
    beginnings.has(id) || Array.from(id, (_, end) => id.slice(0, end + 1)).some((part) => whole.has(part));
  let id = '';
  for (let attempt = 0; id === '' || isTaken(id); attempt++) {
    id = md5(`${parents.join(' ')} ${slug} ${attempt}`).slice(0, digits);
  }
  return id;
}

const digits = 12;

interface KnownIds {
  readonly whole: ReadonlySet<string>;
  readonly beginnings: ReadonlySet<string>;
}

const idsOf = new WeakMap<readonly string[], KnownIds>();

function idsIn(order: readonly string[]): KnownIds {
  const ids = idsOf.get(order) ?? {
    whole: new Set(order),
    beginnings: new Set(order.map((id) => id.slice(0, digits))),
  };
  idsOf.set(order, ids);
  return ids;
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

/** Lets a revision that comes after `source` come after `to`. */
function revising(child: AlembicRevision, source: AlembicRevision, to: string): ChangeFile | undefined {
  const named = child.downRevisions.filter(({ id }) => isNamed(source, id));
  const changes = named.map((written) => parentEdits(child, written, to, [source.revision]));
  const known = changes.filter((edits) => edits !== undefined).flat();
  if (changes.includes(undefined)) return undefined;
  const unique = known.filter((edit, index) => known.findIndex(({ span }) => span.start === edit.span.start) === index);
  return { kind: 'change', file: child.file, edits: sortEdits(unique) };
}

/**
 * Puts another revision in the place of one that a revision comes after, also where its docstring says what it revises.
 *
 * @param names by which the docstring may call it besides the one that is written
 */
export function parentEdits(
  child: AlembicRevision,
  written: WrittenRevision,
  to: string,
  names: readonly string[] = [],
): readonly TextEdit[] | undefined {
  const { text, module } = child;
  const { id, at } = written;
  const literal = text.slice(at.start, at.end);
  if (!/^(["'])[^"']*\1$/.test(literal) || !literal.includes(id)) return undefined;
  const edit = { span: at, newText: quoted(to, literal.startsWith("'") ? "'" : '"') };
  const docstring = text.slice(0, module.docstringEnd);
  for (const name of [id, ...names]) {
    if (!docstring.includes(name)) continue;
    const said = new RegExp(`^Revises:.*?\\b${name.replaceAll(/\W/g, '\\$&')}\\b`, 'm').exec(docstring);
    if (said === null) continue;
    const end = said.index + said[0].length;
    return [{ span: { start: end - name.length, end }, newText: to }, edit];
  }
  return [edit];
}
