import type { TextEdit } from '../../base/text-edit.ts';
import { setKeyword } from '../edits/arguments.ts';
import { lineBreakOf } from '../edits/layout.ts';
import type { WrittenCall } from '../written-call.ts';
import { editSql } from './edit-sql.ts';
import { valueInStyleOf } from './python-sql.ts';
import { type RunSqlSite, statementsOf, textOfStatement } from './run-sql-site.ts';

/** Gives a `RunSQL` the value as its `reverse_sql`, in the place of the one that it has. */
export function setReverse({ source, call }: WrittenCall, value: string): TextEdit {
  const second = call.arguments[1];
  const isPositional = second !== undefined && second.name === undefined;
  return isPositional
    ? { span: second.value.span, newText: value.replaceAll('\n', lineBreakOf(source.text)) }
    : setKeyword({ text: source.text, module: source.module, call }, 'reverse_sql', value);
}

/**
 * Puts another statement in the place of the one that took a statement back which has been rewritten. Undefined where
 * the way back is not understood; nothing to do where none was written beside others.
 */
export function replaceReverse(
  site: RunSqlSite,
  isOpposite: (sql: string) => boolean,
  replacement: string,
): readonly TextEdit[] | undefined {
  const { reverse, source } = site;
  if (reverse === 'written') return undefined;
  if (reverse === 'missing' || reverse === 'noop') {
    if (statementsOf(site.forward).length === 1) return [setReverse(site, valueInStyleOf(site, [replacement]))];
    return reverse === 'missing' ? [] : undefined;
  }
  const found = statementsOf(reverse).find((each) => isOpposite(textOfStatement(each)));
  const edit = found && editSql({ source, string: found.string }, found.piece.statement, replacement);
  return edit && [edit];
}
