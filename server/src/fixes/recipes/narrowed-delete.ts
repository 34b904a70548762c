import type { Project } from '../../project/project.ts';
import type { WriteRows } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { readDataFunctionSite } from '../data-function-site.ts';
import { quoted, quoteOf } from '../edits/layout.ts';
import { insertBeforeClass, unusedName } from '../edits/migration-class.ts';
import { type Answer, isRefused, refusal } from '../fix.ts';

/**
 * Sends the rows that are deleted through a function that picks some of them. Which ones only the author knows: until
 * it is written, the function raises.
 */
export function narrowedDelete(
  change: WriteRows,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const site = readDataFunctionSite(change, migration, project);
  if (isRefused(site)) return site;
  const rows = site.code.source;
  if (rows === undefined) return refusal('Which expression picks the rows cannot be told.');
  const { source } = site;
  const name = unusedName(source, 'rows_to_delete');
  const missing = `Write which rows of ${change.table?.name ?? change.label} are deleted.`;
  const picker = [`def ${name}(rows):`, `    raise NotImplementedError(${quoted(missing, quoteOf(source.text))})`].join(
    '\n',
  );
  const edits = [
    { span: { start: rows.span.start, end: rows.span.start }, newText: `${name}(` },
    { span: { start: rows.span.end, end: rows.span.end }, newText: ')' },
    insertBeforeClass(source, picker),
  ];
  return [
    {
      title: 'Delete only the rows that a filter picks',
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits }],
    },
  ];
}
