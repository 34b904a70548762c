import type { Project } from '../../project/project.ts';
import type { WriteRows } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { findEntryFunction } from '../data-function-site.ts';
import { insertAtHead } from '../edits/function-body.ts';
import { importModule } from '../edits/imports.ts';
import { quoteOf } from '../edits/layout.ts';
import type { Answer } from '../fix.ts';
import { destructiveFlag, guardLines } from './guard-lines.ts';
import { guardedOperation } from './guarded-operation.ts';

/** Lets the data function raise first unless an environment flag is set; a function elsewhere gets a step before it. */
export function guardedDataFunction(
  change: WriteRows,
  migration: Migration,
  context: { readonly project: Project },
): readonly Answer[] {
  const site = findEntryFunction(change, migration, context.project);
  if (site === undefined) return guardedOperation(change, migration, context);
  const { source, entry } = site;
  const os = importModule(source.text, source.module, 'os');
  const guard = insertAtHead(source.text, entry, guardLines(os.name, quoteOf(source.text)));
  return [
    {
      title: `Run this only where ${destructiveFlag} is set`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [...os.edits, guard] }],
    },
  ];
}
