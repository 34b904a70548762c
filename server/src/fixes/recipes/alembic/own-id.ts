import { baseNameOf, type FilePath } from '../../../base/file-path.ts';
import type { Span } from '../../../base/span.ts';
import type { TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { MigrationId } from '../../../schema/migration-id.ts';
import type { Module, StringExpression } from '../../../syntax/module.ts';
import { freshId } from '../../alembic/new-revision.ts';
import { quoted } from '../../edits/layout.ts';
import type { Fix } from '../../fix.ts';

/** Where a file says which revision it is; undefined where that is put together. */
export function revisionIdIn(file: FilePath, project: Project): Span | undefined {
  const source = project.module(file);
  return source && stringSetTo('revision', source.module)?.span;
}

/**
 * Gives a file that holds a revision under the id of another one an id of its own. Where nothing comes after them it goes
 * behind the other one; else it stays where it is, beside it.
 */
export function ownId(id: MigrationId, file: FilePath, project: Project): readonly Fix[] {
  const source = project.module(file);
  const written = source && stringSetTo('revision', source.module);
  if (source === undefined || written === undefined || !isPlain(written)) return [];
  const { text, module } = source;
  const fresh = freshId(project, [id], baseNameOf(file));
  const parent = stringSetTo('down_revision', module);
  const isLast = project.graph.childrenOf(id).length === 0 && parent !== undefined && isPlain(parent);
  const edits = [
    ...saidEdits(text, module, 'Revision ID', id, fresh),
    ...(isLast && parent?.value !== undefined ? saidEdits(text, module, 'Revises', parent.value, id) : []),
    { span: written.span, newText: inQuotesOf(fresh, written) },
    ...(isLast && parent !== undefined ? [{ span: parent.span, newText: inQuotesOf(id, parent) }] : []),
  ];
  return [
    {
      title: `Give ${baseNameOf(file)} an id of its own${isLast ? ', behind this revision' : ''}`,
      safety: 'review',
      edits: [{ kind: 'change', file, edits: edits.toSorted((one, other) => one.span.start - other.span.start) }],
    },
  ];
}

function stringSetTo(name: string, { body }: Module): StringExpression | undefined {
  for (const statement of body) {
    if (statement.kind !== 'assign' || statement.value.kind !== 'string') continue;
    if (statement.targets.some((target) => target.kind === 'name' && target.name === name)) return statement.value;
  }
  return undefined;
}

/** One literal without escapes: what stands between its quotes is the id. */
function isPlain({ value, parts }: StringExpression): boolean {
  const [part, ...others] = parts;
  return (
    value !== undefined && part !== undefined && others.length === 0 && part.prefix === '' && part.quote.length === 1
  );
}

function inQuotesOf(id: string, { parts }: StringExpression): string {
  return quoted(id, parts[0]?.quote === "'" ? "'" : '"');
}

/** What the docstring says of it: `Revision ID: 3f1a`. */
function saidEdits(
  text: string,
  { docstringEnd }: Module,
  label: string,
  from: string,
  to: string,
): readonly TextEdit[] {
  const said = new RegExp(`^${label}:[ \\t]*${from}(?!\\w)`, 'm').exec(text.slice(0, docstringEnd));
  if (said === null) return [];
  const end = said.index + said[0].length;
  return [{ span: { start: end - from.length, end }, newText: to }];
}
