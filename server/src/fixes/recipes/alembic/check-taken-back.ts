import type { AlembicRevision } from '../../../alembic/revision-file.ts';
import type { TextEdit } from '../../../base/text-edit.ts';
import type { AlterColumn, Change } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { isSameTable } from '../../../schema/table-name.ts';
import { insertAtHead } from '../../edits/function-body.ts';
import { indentationAt, lineBreakOf } from '../../edits/layout.ts';
import { indentedCode } from '../../edits/rewritten.ts';
import { definitionOf } from './generated-downgrade.ts';

/**
 * Lets a `downgrade()` that leaves NOT NULL in place drop the check that is made in its stead: otherwise that would be in
 * the way of the next upgrade.
 *
 * @param dropCheck the statement, in column 0
 */
export function checkTakenBack(
  change: AlterColumn,
  migration: Migration,
  source: AlembicRevision,
  dropCheck: string,
): readonly TextEdit[] {
  const back = migration.backward?.();
  const [of, ...others] = back?.functions ?? [];
  if (of === undefined || others.length > 0 || of.does === 'raises') return [];
  if (back?.changes.some((each) => takesAlong(each, change)) === true) return [];
  const definition = definitionOf(source, of);
  if (definition === undefined) return [];
  const { text } = source;
  const idle = definition.body.find(({ span }) => text.slice(span.start, span.end) === 'pass');
  if (idle === undefined) return [insertAtHead(text, definition, dropCheck.split('\n'))];
  const code = indentedCode(dropCheck, indentationAt(text, idle.span.start));
  return [{ span: idle.span, newText: code.replaceAll('\n', lineBreakOf(text)) }];
}

/** The check goes with its column or table. */
function takesAlong(back: Change, { table, column }: AlterColumn): boolean {
  if (back.kind === 'DropTable') return isSameTable(back.table, table);
  return back.kind === 'DropColumn' && isSameTable(back.table, table) && back.column === column;
}
