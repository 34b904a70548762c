import type { TextEdit } from '../../base/text-edit.ts';
import { type DataFunctionSite, findManager, textAt, withoutAll } from '../data-function-site.ts';
import { indentationAt, isFirstOnLine, laidOutIn, lineBreakOf } from '../edits/layout.ts';
import { insertBeforeClass, unusedName } from '../edits/migration-class.ts';

/**
 * `for pks in batches_of(Order.objects.all()): Order.objects.filter(pk__in=pks).update(…)`; undefined where the update
 * is not a statement of its own.
 */
export function updateInBatches(
  { source, code, around }: DataFunctionSite,
  size: number,
): readonly TextEdit[] | undefined {
  const { text } = source;
  const statement = around.at(-1);
  const rows = code.source;
  const manager = rows && findManager(rows);
  if (statement?.kind !== 'expression' || statement.value !== code.call) return undefined;
  if (rows === undefined || manager === undefined || !isFirstOnLine(text, statement.span.start)) return undefined;
  const helper = unusedName(source, 'batches_of');
  const keys = unusedName(source, 'pks');
  const head = `for ${keys} in ${helper}(${textAt(source, manager.span)}.all()):`;
  // What the rows were annotated with stays, for the update may need it.
  const selected = `${textAt(source, withoutAll(rows).span)}.filter(pk__in=${keys})`;
  const indentation = indentationAt(text, statement.span.start);
  const deeper = laidOutIn(indentation, '    ');
  const rest = text.slice(rows.span.end, statement.span.end).replaceAll(/\n(?=[ \t]*\S)/g, `\n${deeper}`);
  const separator = lineBreakOf(text) + indentation + deeper;
  return [
    { span: statement.span, newText: `${head}${separator}${selected}${rest}` },
    insertBeforeClass(source, helperText(helper, size)),
  ];
}

function helperText(name: string, size: number): string {
  return [
    `def ${name}(rows, size=${size}):`,
    '    """Yields the primary keys of the rows in slices."""',
    '    rows = rows.order_by("pk")',
    '    later = {}',
    '    while pks := list(rows.filter(**later).values_list("pk", flat=True)[:size]):',
    '        yield pks',
    '        later = {"pk__gt": pks[-1]}',
  ].join('\n');
}
