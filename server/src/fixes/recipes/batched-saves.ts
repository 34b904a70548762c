import type { TextEdit } from '../../base/text-edit.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import type { CodeSite } from '../../schema/change.ts';
import { childStatementsOf, expressionsOf } from '../../syntax/child-expressions.ts';
import type { Expression, ForStatement, Statement } from '../../syntax/module.ts';
import { type DataFunctionSite, findManager, textAt, withoutAll } from '../data-function-site.ts';
import { insertBefore } from '../edits/function-body.ts';
import {
  indentationAt,
  isFirstOnLine,
  laidOutIn,
  lineBreakOf,
  nextLineStart,
  quoted,
  quoteOf,
} from '../edits/layout.ts';
import { unusedName } from '../edits/migration-class.ts';
import { allStatements, savedFields } from './saved-fields.ts';

/**
 * The loop streams its rows and keeps those that it would have saved for `bulk_update`; undefined where it cannot be
 * told which fields change, or where the loop is left by a `return`.
 */
export function saveInBatches(
  { source, code, around }: DataFunctionSite,
  size: number,
): readonly TextEdit[] | undefined {
  const rows = code.source;
  const save = around.at(-1);
  const loop = around.find((each): each is ForStatement => each.kind === 'for' && goesThrough(each, rows, code));
  if (rows === undefined || loop === undefined || save?.kind !== 'expression' || save.value !== code.call)
    return undefined;
  if (loop.target.kind !== 'name' || loop.orElse.length > 0 || loop.body.some(returns)) return undefined;
  if (!isFirstOnLine(source.text, save.span.start) || !isFirstOnLine(source.text, loop.span.start)) return undefined;
  const manager = findManager(rows);
  const fields = savedFields(loop.body, loop.target.name, code.call);
  if (manager === undefined || fields === undefined) return undefined;
  const quote = quoteOf(source.text);
  const batch = unusedName(source, 'batch');
  const names = fields.map((field) => quoted(field, quote)).join(', ');
  const write = `${textAt(source, manager.span)}.bulk_update(${batch}, [${names}])`;
  return [
    insertBefore(source.text, loop, [`${batch} = []`]),
    streamed(source, loop.iterable, size),
    collected(source, save, loop.target.name, { batch, write, size }),
    afterLoop(source, loop, write),
  ];
}

/** Whether a loop goes through the rows themselves, or through a variable that holds them and nothing else. */
function goesThrough({ iterable }: ForStatement, rows: Expression | undefined, { functions }: CodeSite): boolean {
  if (iterable === rows) return true;
  const holder = functions.at(-1);
  if (iterable.kind !== 'name' || holder?.kind !== 'function') return false;
  const values = holder.body.flatMap(allStatements).flatMap((each) => valuesGivenTo(iterable.name, each));
  return values.length === 1 && values[0] === rows;
}

function valuesGivenTo(name: string, statement: Statement): readonly (Expression | undefined)[] {
  if (statement.kind === 'for' && holdsName(statement.target, name)) return [undefined];
  if (statement.kind === 'augmented-assign' && holdsName(statement.target, name)) return [undefined];
  if (statement.kind !== 'assign') return [];
  return statement.targets.some((target) => holdsName(target, name)) ? [statement.value] : [];
}

function holdsName(target: Expression, name: string): boolean {
  if (target.kind === 'tuple' || target.kind === 'list') return target.items.some((item) => holdsName(item, name));
  return target.kind === 'name' && target.name === name;
}

function returns(statement: Statement): boolean {
  if (statement.kind === 'return' || expressionsOf(statement).some(isUnmodeled)) return true;
  return statement.kind !== 'function' && childStatementsOf(statement).some(returns);
}

/** `yield` leaves the loop for a while; assignments inside expressions are taken for one. */
function isUnmodeled(expression: Expression): boolean {
  return expression.kind === 'other';
}

function streamed(source: DjangoMigration, rows: Expression, size: number): TextEdit {
  const base = textAt(source, withoutAll(rows).span);
  return { span: rows.span, newText: `${base}.iterator(chunk_size=${size})` };
}

interface Batch {
  readonly batch: string;
  readonly write: string;
  readonly size: number;
}

function collected({ text }: DjangoMigration, save: Statement, row: string, { batch, write, size }: Batch): TextEdit {
  const separator = lineBreakOf(text) + indentationAt(text, save.span.start);
  const lines = [`${batch}.append(${row})`, `if len(${batch}) == ${size}:`, `    ${write}`, `    ${batch}.clear()`];
  return { span: save.span, newText: lines.map((line) => laidOutIn(separator, line)).join(separator) };
}

function afterLoop({ text }: DjangoMigration, loop: ForStatement, write: string): TextEdit {
  const at = nextLineStart(text, loop.span.end);
  const isLastLine = at === text.length && !/[\r\n]$/.test(text);
  const line = `${indentationAt(text, loop.span.start)}${write}`;
  const lineBreak = lineBreakOf(text);
  return { span: { start: at, end: at }, newText: isLastLine ? `${lineBreak}${line}` : `${line}${lineBreak}` };
}
