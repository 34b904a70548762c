import type { TextEdit } from '../../base/text-edit.ts';
import type { Project } from '../../project/project.ts';
import type { WriteRows } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { Argument, CallExpression, Expression } from '../../syntax/module.ts';
import { type DataFunctionSite, findManager, readDataFunctionSite, textAt } from '../data-function-site.ts';
import { indentationAt, lineBreakOf } from '../edits/layout.ts';
import { type Answer, isRefused } from '../fix.ts';

/**
 * Writes only the rows that hold nothing yet: `filter(column__isnull=True)` before the update, one update for each of
 * several columns. `fields` are the overwritten columns as the update names them; for columns that cannot hold NULL
 * there are no such rows, and nothing is offered.
 */
export function neverChosen(
  change: WriteRows,
  fields: readonly string[],
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const site = readDataFunctionSite(change, migration, project);
  if (isRefused(site)) return site;
  const rows = site.code.source;
  if (rows === undefined || fields.length === 0) return [];
  const edits = editsFor(site, rows, fields, change);
  if (edits === undefined) return [];
  return [
    {
      title: `Write only rows where ${fields.map((field) => `"${field}"`).join(', ')} was never chosen`,
      safety: 'review',
      edits: [{ kind: 'change', file: site.source.file, edits }],
    },
  ];
}

function editsFor(
  site: DataFunctionSite,
  rows: Expression,
  fields: readonly string[],
  change: WriteRows,
): readonly TextEdit[] | undefined {
  const { text } = site.source;
  const [field = '', ...others] = fields;
  const { call } = site.code;
  const isWhole =
    change.method !== 'set' || call.arguments.every(({ name }) => name !== undefined && fields.includes(name));
  if (others.length === 0 && isWhole) return [narrowed(text, rows, field)];
  const statement = site.around.at(-1);
  if (change.method !== 'set' || statement?.kind !== 'expression' || statement.value !== call) return undefined;
  if (call.arguments.some(({ form }) => form !== 'plain')) return undefined;
  const separator = lineBreakOf(text) + indentationAt(text, statement.span.start);
  const updates = call.arguments.map((argument) => updateText(text, call, rows, argument, fields));
  return [{ span: statement.span, newText: updates.join(separator) }];
}

/** One update for one column: filtered where it would overwrite, as it was where it does not. */
function updateText(
  text: string,
  call: CallExpression,
  rows: Expression,
  argument: Argument,
  fields: readonly string[],
): string {
  const isOverwriting = argument.name !== undefined && fields.includes(argument.name);
  const from = isOverwriting ? narrowedText(text, rows, argument.name) : textAt({ text }, rows.span);
  const method = call.callee.kind === 'attribute' ? call.callee.name : 'update';
  return `${from}.${method}(${textAt({ text }, argument.span)})`;
}

function narrowed(text: string, rows: Expression, field: string): TextEdit {
  return { span: rows.span, newText: narrowedText(text, rows, field) };
}

/** `Order.objects.filter(paid__isnull=True).iterator()` of `Order.objects.all().iterator()`. */
function narrowedText(text: string, rows: Expression, field: string): string {
  const filter = `.filter(${field}__isnull=True)`;
  const replaced = allCallIn(rows);
  const base = replaced?.callee.kind === 'attribute' ? replaced.callee.object : (findManager(rows) ?? rows);
  const rest = textAt({ text }, { start: (replaced ?? base).span.end, end: rows.span.end });
  return textAt({ text }, { start: rows.span.start, end: base.span.end }) + filter + rest;
}

/** `….all()` in a chain of calls. */
function allCallIn(rows: Expression): CallExpression | undefined {
  if (rows.kind !== 'call' || rows.callee.kind !== 'attribute') return undefined;
  return rows.callee.name === 'all' ? rows : allCallIn(rows.callee.object);
}
